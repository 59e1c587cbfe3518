import { type Key, type KeyOrder, type KeyRange, WHOLE_TABLE } from '../../core/reconcile/table.ts';
import type { Catalog } from './catalog.ts';
import { keyText } from './column-forms.ts';
import { Values } from './identifiers.ts';
import { inRange, orderedKey } from './key-ranges.ts';
import type { SqlQueries } from './sql-session.ts';

/** How boundaries are looked for. */
export interface BoundaryLimits {
  /** Rows below which all keys of a range are walked, in the index where it has that order; above it a sample is taken. */
  readonly walkedRows: number;
  /** Blocks of the table that are looked into for each part. Keys of one block tend to be neighbours: blocks count, not rows. */
  readonly blocksPerPart: number;
  /** A sample of more than this share of the table, percent, costs more than the walk. */
  readonly largestSamplePercent: number;
}

/** Thirty blocks leave a part within about a fifth of its size. */
const BOUNDARY_LIMITS: BoundaryLimits = { walkedRows: 500_000, blocksPerPart: 30, largestSamplePercent: 20 };

/** A range of a table, and how its keys are ordered. */
export interface RangeOfTable {
  readonly catalog: Catalog;
  readonly range: KeyRange;
  readonly order: KeyOrder;
  /** @default BOUNDARY_LIMITS */
  readonly limits?: BoundaryLimits;
}

/** How many rows the planner expects in a range; it reads none of them. */
export async function estimateRows(queries: SqlQueries, { catalog, range, order }: RangeOfTable): Promise<number> {
  const values = new Values();
  const condition = inRange({ key: catalog.key, order }, range, values);
  const [plan] = await queries.query(`EXPLAIN SELECT 1 FROM ${catalog.table} WHERE ${condition}`, values.list);
  return Number(/rows=(\d+)/.exec(plan?.[0] ?? '')?.[1] ?? 0);
}

/** How many blocks a table has, with all of its partitions. */
async function countBlocks(queries: SqlQueries, { table }: Catalog): Promise<number> {
  const values = new Values();
  const name = `${values.text(table)}::regclass`;
  const [blocks] = await queries.query(
    `SELECT (coalesce(sum(pg_relation_size(relid)), pg_relation_size(${name})) / current_setting('block_size')::int)::bigint::text
    FROM pg_partition_tree(${name})`,
    values.list,
  );
  return Number(blocks?.[0] ?? 0);
}

/** Keys that part a range into about equal numbers of rows; a sample of the table where the range is large. */
export async function boundaries(queries: SqlQueries, within: RangeOfTable, parts: number): Promise<readonly Key[]> {
  if (parts < 2) return [];
  const percent = await samplePercent(queries, within, parts);
  const sampled = percent === undefined ? [] : await partingKeys(queries, within, { parts, percent });
  // A sample that met too few rows, in a table whose statistics are old, parts nothing.
  return sampled.length > 0 ? sampled : partingKeys(queries, within, { parts });
}

async function samplePercent(queries: SqlQueries, within: RangeOfTable, parts: number): Promise<number | undefined> {
  const { walkedRows, blocksPerPart, largestSamplePercent } = within.limits ?? BOUNDARY_LIMITS;
  const inside = await estimateRows(queries, within);
  if (inside < walkedRows) return undefined;
  const all = await estimateRows(queries, { ...within, range: WHOLE_TABLE });
  const blocks = await countBlocks(queries, within.catalog);
  const percent = (100 * blocksPerPart * parts * (all / inside)) / Math.max(blocks, 1);
  return percent > largestSamplePercent ? undefined : percent;
}

async function partingKeys(
  queries: SqlQueries,
  { catalog: { table, key }, range, order }: RangeOfTable,
  { parts, percent }: { readonly parts: number; readonly percent?: number },
): Promise<readonly Key[]> {
  const values = new Values();
  const condition = inRange({ key, order }, range, values);
  const sample = percent === undefined ? '' : ` TABLESAMPLE SYSTEM (${percent}) REPEATABLE (1)`;
  const ordered = orderedKey(key, order).join(', ');
  const places = `row_number() OVER (ORDER BY ${ordered}) AS place`;
  const rows = `SELECT ${key.map((column, index) => `${keyText(column)} AS k${index}`).join(', ')}, ${places} FROM ${table}${sample} WHERE ${condition}`;
  const total = `SELECT count(*) AS total FROM ${table}${sample} WHERE ${condition}`;
  const names = key.map((_, index) => `k${index}`).join(', ');
  // The row is the first of its part: its share of the rows before it passes the next whole part.
  const first = `place > 1 AND place * ${parts} / (total + 1) > (place - 1) * ${parts} / (total + 1)`;
  const found = await queries.query(
    `SELECT ${names} FROM (${rows}) AS r, (${total}) AS t WHERE ${first} ORDER BY place`,
    values.list,
  );
  return found.map((texts) => texts.map((text) => text ?? ''));
}
