import { type Key, type KeyOrder, type KeyRange, WHOLE_TABLE } from '../../core/reconcile/table.ts';
import type { Catalog } from './catalog.ts';
import { keyTexts } from './column-forms.ts';
import { quoteName, Values } from './identifiers.ts';
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
  const { walkedRows } = within.limits ?? BOUNDARY_LIMITS;
  const rows = await countUpTo(queries, within, walkedRows);
  const percent = rows < walkedRows ? undefined : await samplePercent(queries, within, parts);
  const sampled = percent === undefined ? [] : await sortedKeys(queries, within, { parts, percent });
  // A sample that met too few rows, in a table whose statistics are old, parts nothing.
  if (sampled.length > 0) return sampled;
  if (!isIndexOrder(within)) return sortedKeys(queries, within, { parts });
  const all = rows < walkedRows ? rows : await countUpTo(queries, within);
  return steppedKeys(queries, within, { parts, step: Math.ceil(all / parts) });
}

/** How many rows a range has, or the limit where it has more. */
async function countUpTo(
  queries: SqlQueries,
  { catalog: { table, key }, range, order }: RangeOfTable,
  limit?: number,
): Promise<number> {
  const values = new Values();
  const rows = `SELECT 1 FROM ${table} WHERE ${inRange({ key, order }, range, values)}`;
  const few = limit === undefined ? rows : `${rows} LIMIT ${limit}`;
  const [counted] = await queries.query(`SELECT count(*)::text FROM (${few}) AS r`, values.list);
  return Number(counted?.[0]);
}

/** Whether the primary key's index has the order that is asked for. */
function isIndexOrder({ catalog: { key }, order }: RangeOfTable): boolean {
  const [asked, own] = [orderedKey(key, order), orderedKey(key, 'native')];
  return asked.every((column, at) => column === own[at]);
}

async function samplePercent(queries: SqlQueries, within: RangeOfTable, parts: number): Promise<number | undefined> {
  const { blocksPerPart, largestSamplePercent } = within.limits ?? BOUNDARY_LIMITS;
  const inside = Math.max(1, await estimateRows(queries, within));
  const all = await estimateRows(queries, { ...within, range: WHOLE_TABLE });
  const blocks = await countBlocks(queries, within.catalog);
  const percent = (100 * blocksPerPart * parts * (all / inside)) / Math.max(blocks, 1);
  return percent > largestSamplePercent ? undefined : percent;
}

/** Steps through the index, a part at a time: it reads no row of the table, and compares none with another. */
async function steppedKeys(
  queries: SqlQueries,
  { catalog: { table, key }, range, order }: RangeOfTable,
  { parts, step }: { readonly parts: number; readonly step: number },
): Promise<readonly Key[]> {
  if (step === 0) return [];
  const values = new Values();
  const columns = orderedKey(key, order).join(', ');
  const reached = key.map(({ name }) => `w.${quoteName(name)}`).join(', ');
  const after = (condition: string): string =>
    `SELECT ${columns} FROM ${table} WHERE ${condition} ORDER BY ${columns} OFFSET ${step} LIMIT 1`;
  const first = after(inRange({ key, order }, range, values));
  const next = after(`(${columns}) >= (${reached}) AND ${inRange({ key, order }, { ...range, from: null }, values)}`);
  const found = await queries.query(
    `WITH RECURSIVE w AS ((${first}) UNION ALL SELECT n.* FROM w, LATERAL (${next}) AS n)
    SELECT ${keyTexts(key, 'w.')} FROM w`,
    values.list,
  );
  // Rows that were written since the count may make it one more.
  return found.slice(0, parts - 1).map((texts) => texts.map((text) => text ?? ''));
}

/** Sorts the keys of a range, or of a sample of the table, and takes the first of each part. */
async function sortedKeys(
  queries: SqlQueries,
  { catalog: { table, key }, range, order }: RangeOfTable,
  { parts, percent }: { readonly parts: number; readonly percent?: number },
): Promise<readonly Key[]> {
  const values = new Values();
  const condition = inRange({ key, order }, range, values);
  const sample = percent === undefined ? '' : ` TABLESAMPLE SYSTEM (${percent}) REPEATABLE (1)`;
  const names = key.map(({ name }) => quoteName(name)).join(', ');
  const place = `row_number() OVER (ORDER BY ${orderedKey(key, order).join(', ')})`;
  const rows = `SELECT ${names}, ${place}, count(*) OVER () FROM ${table}${sample} WHERE ${condition}`;
  // The row is the first of its part: its share of the rows before it passes the next whole part.
  const first = `p."#place" > 1 AND p."#place" * ${parts} / (p."#total" + 1) > (p."#place" - 1) * ${parts} / (p."#total" + 1)`;
  const aliases = [...key.map(({ name }) => quoteName(name)), '"#place"', '"#total"'];
  const found = await queries.query(
    `SELECT ${keyTexts(key, 'p.')} FROM (${rows}) AS p (${aliases.join(', ')}) WHERE ${first} ORDER BY p."#place"`,
    values.list,
  );
  return found.map((texts) => texts.map((text) => text ?? ''));
}
