/** How two tables of one size differ. */
export interface Shape {
  readonly name: ShapeName;
  /** Which table it is tried on: keys without gaps, or runs of a thousand keys with gaps that grow with the cube. */
  readonly table: 'dense' | 'gaps';
  /** How many rows differ, of a table of so many. */
  readonly injected: (rows: number) => number;
  /** Where they lie: one in each of as many equal stretches, at random; or at both ends of the table. */
  readonly place: 'everywhere' | 'ends';
}

/** The shapes by name, in the order in which they are measured: those of one table follow each other. */
export const SHAPE_NAMES = ['equal', 'scattered', 'edges', 'diverged', 'gaps'] as const;
export type ShapeName = (typeof SHAPE_NAMES)[number];

/** So few that every kind of difference is among them. */
const FEWEST = 50;
const few = (rows: number): number => Math.max(FEWEST, Math.round(rows / 10_000));

/** Equal tables, one row in ten thousand, the first and the last hundred rows, one in twenty, and one in ten thousand between gaps. */
export const SHAPES: readonly Shape[] = [
  { name: 'equal', table: 'dense', injected: () => 0, place: 'everywhere' },
  { name: 'scattered', table: 'dense', injected: few, place: 'everywhere' },
  { name: 'edges', table: 'dense', injected: () => 200, place: 'ends' },
  { name: 'diverged', table: 'dense', injected: (rows) => Math.round(rows / 20), place: 'everywhere' },
  { name: 'gaps', table: 'gaps', injected: few, place: 'everywhere' },
];

/** What was done to a row on either side after the Regions parted. */
export const KINDS = [
  'changed-source',
  'changed-target',
  'only-source',
  'only-target',
  'deleted-source',
  'deleted-target',
  'both',
] as const;
export type Kind = (typeof KINDS)[number];

/** The class that such a row is to be found as. */
export const CLASS_OF: Readonly<Record<Kind, string>> = {
  'changed-source': 'mismatch',
  'changed-target': 'mismatch',
  'only-source': 'missing-in-target',
  'only-target': 'missing-in-source',
  'deleted-source': 'deleted',
  'deleted-target': 'deleted',
  both: 'conflict',
};

/** Of fifty injected rows in turn, how many are of a kind. Two conflicts of fifty are left to a person. */
export const MIX: readonly (readonly [Kind, number])[] = [
  ['only-target', 6],
  ['changed-source', 15],
  ['changed-target', 15],
  ['deleted-source', 4],
  ['deleted-target', 2],
  ['both', 2],
  ['only-source', 6],
];
