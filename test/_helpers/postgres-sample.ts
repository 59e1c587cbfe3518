import { createPostgresTable } from '../../adapters/postgres/postgres-table.ts';
import type { AuditEntry, Columns, Key } from '../../core/reconcile/table.ts';
import type { LocalPostgres } from './postgres-pglite.ts';
import { SAMPLE_ENTITY, type SampleRow, type TableUnderTest } from './table-contract.ts';

/** A row that the table of the first server refuses by a constraint. */
export const REFUSED: SampleRow = { customer: 'nobody', number: 1, note: 'x', modifiedAtEpochMs: null };
/** Name of the audit table in tests. */
const AUDIT_TABLE = 'switchyard_audit';

/** Where a sample table is, and how it differs from the other side's. */
export interface SamplePlace {
  /** Both sides may be schemas of one server. */
  readonly schema: string;
  /** Whether a constraint refuses {@link REFUSED}. @default false */
  readonly refuses?: boolean;
  /** Collation of the key's text. @default - that of the database */
  readonly collation?: string;
}

/** Makes the sample table of the contract, empty. */
export async function sampleTable(server: LocalPostgres, place: SamplePlace): Promise<TableUnderTest> {
  const { schema, refuses = false, collation = 'default' } = place;
  const check = refuses ? `, CONSTRAINT orders_customer_known CHECK (customer <> '${REFUSED.customer}')` : '';
  const [orders, deleted, auditTable] = [`${schema}.orders`, `${schema}.orders_deleted`, `${schema}.${AUDIT_TABLE}`];
  await server.execute(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema};
    CREATE TABLE ${orders} (note text, customer text COLLATE "${collation}", number int, modified_at timestamptz,
      PRIMARY KEY (customer, number)${check});
    CREATE TABLE ${deleted} (customer text, number int, deleted_at timestamptz);`);
  const { session } = server;
  const entity = { ...SAMPLE_ENTITY, table: orders, tombstones: { table: deleted, deletedColumn: 'deleted_at' } };
  return {
    table: createPostgresTable({ entity, session, auditTable, region: 'eu-west-1' }),
    put: async ({ customer, number, note, modifiedAtEpochMs }) => {
      const values = [customer, String(number), note, timeOf(modifiedAtEpochMs)].map(quoteText);
      await server.execute(`INSERT INTO ${orders} (customer, number, note, modified_at) VALUES (${values.join(', ')})
        ON CONFLICT (customer, number) DO UPDATE SET note = excluded.note, modified_at = excluded.modified_at`);
    },
    remove: async (customer, number, deletedAtEpochMs) => {
      const key = `${quoteText(customer)}, ${number}`;
      await server.execute(`DELETE FROM ${orders} WHERE (customer, number) = (${key})`);
      if (deletedAtEpochMs === undefined) return;
      await server.execute(`INSERT INTO ${deleted} VALUES (${key}, ${quoteText(timeOf(deletedAtEpochMs))})`);
    },
    audit: () => readAudit(server, auditTable),
  };
}

/** A text as SQL writes it. */
export function quoteText(text: string | null): string {
  return text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`;
}

function timeOf(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}

/** What an audit table keeps. */
export async function readAudit(
  { session }: LocalPostgres,
  auditTable: string,
): Promise<readonly Omit<AuditEntry, 'recordedAtEpochMs'>[]> {
  const rows = await session.query(
    `SELECT plan_id, entity, row_key::text, region, reason, row_digest, content::text,
      (extract(epoch FROM modified_at) * 1000)::bigint::text FROM ${auditTable}`,
  );
  return rows.map(([planId, entity, key, region, reason, digest, content, modified]) => ({
    planId: planId ?? '',
    entity: entity ?? '',
    key: JSON.parse(key ?? '') as Key,
    region: region ?? '',
    reason: reason ?? '',
    version: {
      key: JSON.parse(key ?? '') as Key,
      digest: digest ?? '',
      columns: JSON.parse(content ?? '') as Columns,
      modifiedAtEpochMs: modified == null ? null : Number(modified),
    },
  }));
}
