import type { Side } from './entity.ts';
import type { Key } from './table.ts';

/**
 * What differs. `deleted`: one side has deleted the row and says so, the other still has the former one (where the deletion
 * is older than the cut, `changedIn` is `neither`). `conflict`: both sides changed it since the cut, or nobody can tell
 * which did; a deletion is a change.
 */
export const DIFFERENCE_CLASSES = [
  'missing-in-source',
  'missing-in-target',
  'mismatch',
  'deleted',
  'conflict',
] as const;
export type DifferenceClass = (typeof DIFFERENCE_CLASSES)[number];

/** How a side stood when the plan was made, without its content. */
export type Stamp =
  | { readonly kind: 'row'; readonly digest: string; readonly modifiedAtEpochMs: number | null }
  | { readonly kind: 'tombstone'; readonly deletedAtEpochMs: number }
  | { readonly kind: 'nothing' };

/** What the plan does about a difference. Taking a side that has no row deletes it on the other. */
export type Resolution =
  | { readonly kind: 'take'; readonly side: Side }
  /** Both sides get what the merge function makes of their versions; `digest` is that of the content it made. */
  | { readonly kind: 'merge'; readonly digest: string }
  /** Left to a person, and why. */
  | { readonly kind: 'unresolved'; readonly reason: string };

/** One line of a plan. Holds no content of rows, so that a plan may be kept and shown. */
export interface Difference {
  readonly key: Key;
  readonly class: DifferenceClass;
  /** Who changed it since the cut, as far as their stamps say. */
  readonly changedIn: Side | 'both' | 'neither' | 'unknown';
  readonly source: Stamp;
  readonly target: Stamp;
  readonly resolution: Resolution;
}

/** How many there are of each class. */
export type ClassCounts = Readonly<Record<DifferenceClass, number>>;

/** None of any class. */
export const NO_DIFFERENCES: ClassCounts = {
  'missing-in-source': 0,
  'missing-in-target': 0,
  mismatch: 0,
  deleted: 0,
  conflict: 0,
};

/** The sum, class by class. */
export function addCounts(a: ClassCounts, b: ClassCounts): ClassCounts {
  const sum = { ...a };
  for (const name of DIFFERENCE_CLASSES) sum[name] += b[name];
  return sum;
}

/** All classes together. */
export function totalOf(counts: ClassCounts): number {
  return DIFFERENCE_CLASSES.reduce((sum, name) => sum + counts[name], 0);
}
