import type { Key } from '../../core/reconcile/table.ts';
import type { Catalog, CatalogColumn } from './catalog.ts';
import { keyTexts } from './column-forms.ts';
import { quoteName, Values } from './identifiers.ts';
import { hasListedKey, listed, listOf, typedText } from './keyed-rows.ts';
import type { SqlQueries, TextRow } from './sql-session.ts';

/** A foreign key by which the server itself changes rows of another table, where one of this table is changed. */
export interface Reference {
  readonly constraint: string;
  /** The table that refers, quoted. */
  readonly from: string;
  /** Whether it is the table itself. */
  readonly isOwn: boolean;
  /** Column that refers, and the one referred to, in pairs. */
  readonly columns: readonly (readonly [from: string, to: string])[];
  /** What is done to rows that refer to a deleted one; undefined: its deletion is refused. */
  readonly onDelete: string | undefined;
  /** What is done to rows that refer to a value that changes. */
  readonly onUpdate: string | undefined;
}

/** Actions by which rows that refer are changed (https://www.postgresql.org/docs/current/catalog-pg-constraint.html). */
const ACTIONS: Readonly<Record<string, string>> = { c: 'CASCADE', n: 'SET NULL', d: 'SET DEFAULT' };

/** Of a foreign key that is copied for each partition, the one that leads to the same table is enough. */
const REFERENCES_QUERY = `
  WITH own AS (SELECT $1::text::oid AS oid UNION SELECT relid FROM pg_partition_tree($1::text::oid::regclass))
  SELECT f.conname, f.conrelid::regclass::text, (f.conrelid IN (SELECT oid FROM own))::text,
    f.confdeltype::text, f.confupdtype::text,
    (SELECT jsonb_agg(jsonb_build_array(a.attname, b.attname) ORDER BY k.n)::text
      FROM unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (own, other, n)
      JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.own
      JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = k.other)
  FROM pg_constraint f
  WHERE f.contype = 'f' AND f.confrelid IN (SELECT oid FROM own)
    AND (f.confdeltype IN ('c', 'n', 'd') OR f.confupdtype IN ('c', 'n', 'd'))
    AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = f.conparentid AND p.confrelid IN (SELECT oid FROM own))
  ORDER BY 2, 1`;

/** Reads what refers to a table, or to one of its partitions, so that a change of it would change other rows unasked. */
export async function readReferences(queries: SqlQueries, { oid }: Catalog): Promise<readonly Reference[]> {
  const rows = await queries.query(REFERENCES_QUERY, [oid]);
  return rows.map(([constraint, from, isOwn, onDelete, onUpdate, columns]) => ({
    constraint: constraint ?? '',
    from: from ?? '',
    isOwn: isOwn === 'true',
    columns: JSON.parse(columns ?? '[]') as Reference['columns'],
    onDelete: ACTIONS[onDelete ?? ''],
    onUpdate: ACTIONS[onUpdate ?? ''],
  }));
}

/** A key, and why its row is to be left alone. */
export type Referred = readonly [key: TextRow, reason: string];

/**
 * Keys of rows that other rows refer to, which would be changed along with a deletion. Rows that go in the same statement
 * do not count: they were planned for themselves. The rows must be locked: then none can be referred to anew.
 */
export async function referredTo(
  queries: SqlQueries,
  { key, table }: Catalog,
  { references, keys }: { readonly references: readonly Reference[]; readonly keys: readonly Key[] },
): Promise<readonly Referred[]> {
  const found: Referred[] = [];
  for (const reference of references) {
    if (reference.onDelete === undefined) continue;
    const values = new Values();
    const list = listOf(key, keys, values);
    // The same list under the same name, one level down: whether the row that refers is one of those.
    const alsoGoes = `EXISTS (SELECT FROM ${list} WHERE ${hasListedKey(key, key, 'r.')})`;
    const stays = reference.isOwn ? ` AND NOT ${alsoGoes}` : '';
    const rows = await queries.query(
      `SELECT ${keyTexts(key, 't.')} FROM ${list} JOIN ${table} AS t ON ${hasListedKey(key, key)}
      WHERE EXISTS (SELECT FROM ${reference.from} AS r WHERE ${refersTo(reference)}${stays})`,
      values.list,
    );
    found.push(...rows.map((row) => [row, reasonOf(reference, 'ON DELETE', reference.onDelete)] as const));
  }
  return found;
}

/**
 * The same of an update, whose list has the key first: where a value changes that another table refers to, and changes
 * along with.
 */
export async function followedBy(
  queries: SqlQueries,
  { key, table }: Catalog,
  {
    references,
    columns,
    rows,
  }: {
    readonly references: readonly Reference[];
    readonly columns: readonly CatalogColumn[];
    readonly rows: readonly (readonly (string | null)[])[];
  },
): Promise<readonly Referred[]> {
  const found: Referred[] = [];
  for (const reference of references) {
    const written = columns.flatMap((column, at) =>
      column.keyPlace === null && reference.columns.some(([, to]) => to === column.name)
        ? [`t.${quoteName(column.name)} IS DISTINCT FROM ${typedText(column, listed(at))}`]
        : [],
    );
    if (reference.onUpdate === undefined || written.length === 0) continue;
    const values = new Values();
    const met = await queries.query(
      `SELECT ${keyTexts(key, 't.')} FROM ${listOf(columns, rows, values)} JOIN ${table} AS t ON ${hasListedKey(columns, key)}
      WHERE (${written.join(' OR ')}) AND EXISTS (SELECT FROM ${reference.from} AS r WHERE ${refersTo(reference)})`,
      values.list,
    );
    found.push(...met.map((row) => [row, reasonOf(reference, 'ON UPDATE', reference.onUpdate)] as const));
  }
  return found;
}

function refersTo({ columns }: Reference): string {
  return columns.map(([from, to]) => `r.${quoteName(from)} = t.${quoteName(to)}`).join(' AND ');
}

function reasonOf({ from, constraint }: Reference, event: string, action = ''): string {
  return `rows of ${from} refer to it and would be changed with it, unplanned and unrecorded (${constraint} ${event} ${action}); put those right first, or decide about them by hand`;
}
