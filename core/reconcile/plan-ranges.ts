import { planRefused } from './documents.ts';
import type { Sides } from './entity.ts';
import { ReconcileError } from './errors.ts';
import { rangesBetween } from './key.ts';
import { type Column, type KeyOrder, type KeyRange, type TableReader, type TableShape, WHOLE_TABLE } from './table.ts';

/** A table cut into ranges that are compared apart. */
export interface RangePlan {
  readonly shape: TableShape;
  readonly order: KeyOrder;
  /** Ascending, without a gap, the first and the last one open-ended. */
  readonly ranges: readonly KeyRange[];
  /** Of the larger side; for progress, never for a verdict. */
  readonly estimatedRows: number;
}

/**
 * Most ranges of one table: a state machine runs one child for each, and a Distributed Map takes at most 10,000 at a time
 * (docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html). A larger table has larger ranges.
 */
export const MOST_RANGES = 10_000;

/**
 * Cuts a table into ranges of about equal numbers of rows, by the larger side.
 *
 * @param rowsPerRange about how many rows a range is to have
 * @throws {ReconcileError} `SchemaDriftError` with every difference where the two tables have not the same name, columns or
 * key; `PlanRefusedError` where they are one
 */
export async function planRanges(
  tables: Sides<TableReader>,
  { rowsPerRange }: { readonly rowsPerRange: number },
): Promise<RangePlan> {
  const [source, target] = await Promise.all([tables.source.shape(), tables.target.shape()]);
  assertTwoTables({ source, target });
  assertSameShape({ source, target });
  const order = source.keyOrder === target.keyOrder ? 'native' : 'bytes';
  const [inSource, inTarget] = await Promise.all([tables.source.estimateRows(), tables.target.estimateRows()]);
  const estimatedRows = Math.max(inSource, inTarget);
  const parts = Math.min(MOST_RANGES, Math.max(1, Math.ceil(estimatedRows / rowsPerRange)));
  const larger = inSource >= inTarget ? tables.source : tables.target;
  const boundaries = parts === 1 ? [] : await larger.boundaries(WHOLE_TABLE, parts, order);
  return { shape: source, order, ranges: rangesBetween(WHOLE_TABLE, boundaries), estimatedRows };
}

/** A table always agrees with itself, which says nothing about another one. */
function assertTwoTables({ source, target }: Sides<TableShape>): void {
  if (source.identity === undefined || source.identity !== target.identity) return;
  throw planRefused(
    `source and target are one table of one server (${source.identity}), which agrees with itself whatever the other Region holds; give each Region the address of its own database`,
  );
}

function assertSameShape(shapes: Sides<TableShape>): void {
  const differences = [...nameDifferences(shapes), ...keyDifferences(shapes), ...columnDifferences(shapes)];
  if (differences.length === 0) return;
  throw new ReconcileError(
    'SchemaDriftError',
    [
      'the two tables have not the same columns or are not the same one, so their rows cannot be compared:',
      ...differences.map((difference) => `- ${difference}`),
      'bring both sides to the same schema, name the columns that only one has in ignoredColumns, and name with its schema what each side finds elsewhere',
    ].join('\n'),
    { source: 'operator', context: { differences } },
  );
}

/** Each side finds a name by rules of its own, such as its role's search path. */
function nameDifferences({ source, target }: Sides<TableShape>): readonly string[] {
  const found = { source: source.resolved ?? {}, target: target.resolved ?? {} };
  return Object.entries(found.source).flatMap(([name, here]) => {
    const there = found.target[name];
    return there === undefined || there === here ? [] : [`the table ${name} is ${here} in source, ${there} in target`];
  });
}

function keyDifferences({ source, target }: Sides<TableShape>): readonly string[] {
  const keys = { source: source.key.join(', '), target: target.key.join(', ') };
  return keys.source === keys.target ? [] : [`the key is (${keys.source}) in source, (${keys.target}) in target`];
}

function columnDifferences({ source, target }: Sides<TableShape>): readonly string[] {
  const types = { source: typesByName(source.columns), target: typesByName(target.columns) };
  const names = new Set([...types.source.keys(), ...types.target.keys()]);
  return [...names].toSorted().flatMap((name) => {
    const [here, there] = [types.source.get(name), types.target.get(name)];
    if (here === there) return [];
    if (here === undefined) return [`column ${name} (${there}) is missing in source`];
    if (there === undefined) return [`column ${name} (${here}) is missing in target`];
    return [`column ${name} is ${here} in source, ${there} in target`];
  });
}

function typesByName(columns: readonly Column[]): ReadonlyMap<string, string> {
  return new Map(columns.map(({ name, type }) => [name, type]));
}
