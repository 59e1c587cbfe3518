import { ReconcileError } from '../../core/reconcile/errors.ts';
import type { Columns } from '../../core/reconcile/table.ts';
import type { Catalog } from './catalog.ts';
import type { SqlQueries } from './sql-session.ts';

/** A sequence that gives a column its numbers. */
export interface Sequence {
  readonly column: string;
  /** Quoted, with its schema. */
  readonly name: string;
  /** Numbers that a session takes at once. */
  readonly cache: number;
}

/** Identity columns, and whole numbers whose default is the next one of a sequence, whoever owns that. */
const SEQUENCES_QUERY = `
  SELECT a.attname, quote_ident(n.nspname) || '.' || quote_ident(s.relname), q.seqcache::text
  FROM pg_attribute a
  LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
  JOIN pg_depend d ON (d.classid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype = 'i')
    OR (d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass
      AND pg_get_expr(f.adbin, f.adrelid) ~ '^nextval[(]''[^)]*''::regclass[)]$')
  JOIN pg_class s ON s.relkind = 'S' AND s.oid = CASE d.deptype WHEN 'i' THEN d.objid ELSE d.refobjid END
  JOIN pg_namespace n ON n.oid = s.relnamespace
  JOIN pg_sequence q ON q.seqrelid = s.oid
  WHERE a.attrelid = $1::text::oid AND NOT a.attisdropped
    AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
  ORDER BY 1, 2`;

/** Reads which sequences number the columns of a table. */
export async function readSequences(queries: SqlQueries, { oid }: Catalog): Promise<readonly Sequence[]> {
  const rows = await queries.query(SEQUENCES_QUERY, [oid]);
  return rows.map(([column, name, cache]) => ({ column: column ?? '', name: name ?? '', cache: Number(cache) }));
}

/**
 * @throws ReconcileError `StoreRefusedError` where the role may not move a sequence: what the application writes after a
 *   repair would then meet the numbers that it has brought
 */
export async function assertMayMove(queries: SqlQueries, sequences: readonly Sequence[]): Promise<void> {
  if (sequences.length === 0) return;
  const names = sequences.map(({ name }) => name);
  const missing = await queries.query(
    `SELECT s, current_user::text FROM unnest($1::text[]) AS s
    WHERE NOT (has_sequence_privilege(s, 'SELECT') AND has_sequence_privilege(s, 'UPDATE'))`,
    [names],
  );
  if (missing.length === 0) return;
  const listed = missing.map(([name]) => name).join(', ');
  throw new ReconcileError(
    'StoreRefusedError',
    `the role ${missing[0]?.[1]} may not move ${listed}, so that numbers given after a repair would meet those that it brought; GRANT SELECT, UPDATE ON SEQUENCE ${listed} to it`,
    { source: 'operator' },
  );
}

/**
 * How many numbers are drawn one by one. That never moves a sequence back, whoever else draws from it at the same time; a
 * larger gap is passed at once, which others would have to draw as many numbers meanwhile to be set back by.
 */
const MOST_DRAWN = 10_000;

/**
 * Moves sequences past the numbers that were written, never back, and by whole steps: where each Region has numbers of its
 * own (every second one, for instance), it keeps to them. Numbers that are drawn stay drawn where the transaction is undone.
 */
export async function moveSequences(
  queries: SqlQueries,
  sequences: readonly Sequence[],
  contents: readonly Columns[],
): Promise<void> {
  for (const { column, name, cache } of sequences) {
    const numbers = contents.flatMap((content) => content[column] ?? []);
    if (numbers.length === 0) continue;
    // Numbers that nobody has drawn yet up to the one furthest on, at most as many as the sequence has.
    const gap = `SELECT s.last_value, q.seqincrement, s.is_called, least(
        floor((CASE WHEN q.seqincrement > 0 THEN w.highest ELSE w.lowest END - s.last_value) / q.seqincrement),
        floor((CASE WHEN q.seqincrement > 0 THEN q.seqmax ELSE q.seqmin END - s.last_value::numeric) / q.seqincrement)
      ) AS steps
      FROM ${name} AS s, pg_sequence AS q,
        (SELECT max(v::numeric) AS highest, min(v::numeric) AS lowest FROM unnest($1::text[]) AS v) AS w
      WHERE q.seqrelid = $2::text::regclass`;
    const [found] = await queries.query(
      `SELECT (steps + CASE WHEN is_called THEN 0 ELSE 1 END)::text FROM (${gap}) AS g`,
      [numbers, name],
    );
    const missing = Number(found?.[0]);
    if (missing > MOST_DRAWN) {
      await queries.query(
        `SELECT setval($2::text::regclass, (last_value + steps * seqincrement)::bigint)::text FROM (${gap}) AS g WHERE steps > 0`,
        [numbers, name],
      );
    } else if (missing > 0) {
      // A session hands out what it took before, so as many more are drawn.
      await queries.query('SELECT count(nextval($1::text::regclass))::text FROM generate_series(1, $2::text::int)', [
        name,
        String(missing + cache - 1),
      ]);
    }
  }
}
