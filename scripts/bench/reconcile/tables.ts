import { prepareAuditTable } from '../../../adapters/postgres/audit-table.ts';
import type { PgSession } from '../../../adapters/postgres/pg-session.ts';
import type { SqlQueries } from '../../../adapters/postgres/sql-session.ts';
import type { Entity, Side } from '../../../core/reconcile/entity.ts';
import { MIX, type Shape } from './shapes.ts';

/** When the Regions parted: after every row of the load was written, before anything was injected. */
export const CUT = '2026-03-01T10:00:00Z';
const AFTER = "'2026-03-01T11:00:00Z'::timestamptz";
/** Keys of a run, in the table with gaps. */
const RUN = 1_000;
/** How far apart the runs begin, times the cube of their number. */
const GAP = 10_000;

/** Table that keeps what is lost. */
export const AUDIT_TABLE = 'switchyard_audit';

/** Orders of a shop, Tier 1: what only one side changed is carried over, where both did a person decides. */
export const ENTITY: Entity = {
  name: 'orders',
  tier: 'critical',
  policy: 'manual',
  table: 'orders',
  modifiedColumn: 'last_modified',
  tombstones: { table: 'orders_deleted', deletedColumn: 'deleted_at' },
  ignoredColumns: [],
};

/** A deletion from before every row: the table of deletions tells of all of them since then. */
const OLDEST_DELETION = "INSERT INTO orders_deleted VALUES (0, '2025-12-31T00:00:00Z')";

/** Fills one side's table with as many rows, the same on every server. Without a log: they need outlive nothing. */
export async function load(session: PgSession, table: Shape['table'], rows: number): Promise<void> {
  await session.transaction(async ({ query }) => {
    await query('DROP TABLE IF EXISTS orders, orders_deleted');
    await query(`CREATE TABLE orders (id bigint NOT NULL, customer_id bigint NOT NULL, status text NOT NULL,
      amount numeric(12,2) NOT NULL, note text, placed_at timestamptz NOT NULL, last_modified timestamptz NOT NULL)`);
    await query(`INSERT INTO orders SELECT ${idOf(table, 'i')}, i % 100000,
        (ARRAY['new', 'paid', 'packed', 'shipped'])[1 + i % 4], (i % 1000000) / 100.0,
        CASE WHEN i % 3 = 0 THEN 'leave it with the neighbours at number ' || i % 90 END,
        '2026-01-01Z'::timestamptz + i * interval '20 ms', '2026-01-02Z'::timestamptz + i * interval '20 ms'
      FROM generate_series(1, ${rows}::bigint) AS i`);
    await query('ALTER TABLE orders ADD PRIMARY KEY (id)');
    await query('CREATE TABLE orders_deleted (id bigint PRIMARY KEY, deleted_at timestamptz NOT NULL)');
    await query(OLDEST_DELETION);
  });
  await prepareAuditTable(session, AUDIT_TABLE);
  await vacuum(session);
}

/** Outside of a transaction, as it has to be; afterwards the planner knows the table, and reads of it write nothing. */
async function vacuum(session: SqlQueries): Promise<void> {
  await session.query('SET default_transaction_read_only = off');
  await session.query('VACUUM (ANALYZE) orders');
  await session.query('SET default_transaction_read_only = on');
}

function idOf(table: Shape['table'], place: string): string {
  if (table === 'dense') return place;
  const run = `(${place} / ${RUN})`;
  return `${run} * ${run} * ${run} * ${GAP} + ${place} % ${RUN}`;
}

/** What is injected: the same rows on either side, chosen by the seed. */
export interface Injection {
  readonly shape: Shape;
  readonly rows: number;
  readonly seed: number;
}

/** Changes one side as its application and its users did since the Regions parted. */
export async function inject(session: PgSession, side: Side, injection: Injection): Promise<void> {
  const other: Side = side === 'source' ? 'target' : 'source';
  const chosen = 'FROM injected AS i WHERE i.id = o.id AND i.kind';
  await session.transaction(async ({ query }) => {
    await query('DROP TABLE IF EXISTS injected');
    await query(`CREATE TABLE injected AS ${injectedRows(injection)}`);
    await query('ANALYZE injected');
    await query(`UPDATE orders AS o SET status = 'changed in ${side}', last_modified = ${AFTER}
      ${chosen} IN ('changed-${side}', 'only-${side}', 'both')`);
    await query(`DELETE FROM orders AS o USING injected AS i WHERE i.id = o.id
      AND i.kind IN ('only-${other}', 'deleted-${side}')`);
    await query(`INSERT INTO orders_deleted SELECT id, ${AFTER} FROM injected WHERE kind = 'deleted-${side}'`);
  });
}

function injectedRows({ shape, rows, seed }: Injection): string {
  const count = shape.injected(rows);
  const stretch = Math.floor(rows / Math.max(count, 1));
  const place =
    shape.place === 'ends'
      ? `CASE WHEN j < ${count / 2} THEN j + 1 ELSE ${rows - count} + j + 1 END`
      : `j * ${stretch} + 1 + abs(hashint8extended(j, ${seed}) % ${stretch})`;
  // Rows that an earlier shape has deleted cannot be injected once more.
  return `SELECT id, ${kindOf('j')} AS kind
    FROM (SELECT j, ${idOf(shape.table, 'place')} AS id
      FROM (SELECT j, ${place} AS place FROM generate_series(0, ${count - 1}::bigint) AS j) AS p) AS c
    JOIN orders USING (id)`;
}

function kindOf(number: string): string {
  const total = MIX.reduce((sum, [, share]) => sum + share, 0);
  let below = 0;
  const cases = MIX.map(([kind, share]) => {
    below += share;
    return `WHEN ${number} % ${total} < ${below} THEN '${kind}'`;
  });
  return `CASE ${cases.join(' ')} END`;
}

/** Decides what was left to a person, so that both sides are equal again, and dates all of it before the next parting. */
export async function heal(session: PgSession): Promise<void> {
  await session.transaction(async ({ query }) => {
    await query(
      `UPDATE orders AS o SET status = 'settled', last_modified = '2026-02-01Z' FROM injected AS i WHERE i.id = o.id`,
    );
    await query(`TRUNCATE orders_deleted, ${AUDIT_TABLE}`);
    await query(OLDEST_DELETION);
  });
  await vacuum(session);
}

/** What was injected, by key. */
export async function readInjected(session: SqlQueries): Promise<ReadonlyMap<string, string>> {
  const rows = await session.query('SELECT id::text, kind FROM injected');
  return new Map(rows.map(([id, kind]) => [id ?? '', kind ?? '']));
}

/** How many versions the audit table of one side keeps. */
export async function countAudited(session: SqlQueries): Promise<number> {
  const [row] = await session.query(`SELECT count(*)::text FROM ${AUDIT_TABLE}`);
  return Number(row?.[0]);
}
