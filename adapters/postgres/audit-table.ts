import type { AuditEntry } from '../../core/reconcile/table.ts';
import { quoteTable, Values } from './identifiers.ts';
import type { SqlQueries, SqlSession } from './sql-session.ts';

/**
 * Creates the table of lost versions where there is none. Whoever may not create tables needs nothing more where it is
 * there already.
 */
export async function prepareAuditTable(session: SqlSession, table: string): Promise<void> {
  const [found] = await session.query('SELECT pg_catalog.to_regclass($1::text)::text', [quoteTable(table)]);
  if (found?.[0] != null) return;
  await session.transaction(async (queries) => {
    // Two that create it at once would meet in the catalog.
    await queries.query('SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended($1::text, 0))::text', [
      table,
    ]);
    await queries.query(`CREATE TABLE IF NOT EXISTS ${quoteTable(table)} (
      plan_id text NOT NULL,
      entity text NOT NULL,
      row_key jsonb NOT NULL,
      region text NOT NULL,
      row_digest text NOT NULL,
      content jsonb NOT NULL,
      modified_at timestamptz,
      reason text NOT NULL,
      recorded_at timestamptz NOT NULL,
      row_key_hash text GENERATED ALWAYS AS (md5(row_key::text)) STORED,
      PRIMARY KEY (plan_id, entity, row_key_hash, region, row_digest)
    )`);
  });
}

/** Keeps versions that are about to be lost, once each however often this is repeated. */
export async function keepVersions(queries: SqlQueries, table: string, entries: readonly AuditEntry[]): Promise<void> {
  const values = new Values();
  const lists: readonly (readonly (string | null)[])[] = [
    entries.map(({ planId }) => planId),
    entries.map(({ entity }) => entity),
    entries.map(({ key }) => JSON.stringify(key)),
    entries.map(({ region }) => region),
    entries.map(({ version }) => version.digest),
    entries.map(({ version }) => JSON.stringify(version.columns)),
    entries.map(({ version }) => toTime(version.modifiedAtEpochMs)),
    entries.map(({ reason }) => reason),
    entries.map(({ recordedAtEpochMs }) => toTime(recordedAtEpochMs)),
  ];
  await queries.query(
    `INSERT INTO ${quoteTable(table)}
      (plan_id, entity, row_key, region, row_digest, content, modified_at, reason, recorded_at)
    SELECT p, e, k::jsonb, r, d, c::jsonb, m::timestamptz, w, a::timestamptz
    FROM unnest(${lists.map((list) => values.texts(list)).join(', ')}) AS v (p, e, k, r, d, c, m, w, a)
    ON CONFLICT DO NOTHING`,
    values.list,
  );
}

function toTime(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
