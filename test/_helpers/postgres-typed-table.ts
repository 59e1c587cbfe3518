import { createPostgresTable } from '../../adapters/postgres/postgres-table.ts';
import type { Entity } from '../../core/reconcile/entity.ts';
import type { Table } from '../../core/reconcile/table.ts';
import type { LocalPostgres } from './postgres-pglite.ts';

/** An entity of a table of any columns; its `modified_at` says when a row was written. */
export function entityOf(table: string, more: Partial<Entity> = {}): Entity {
  return {
    name: 'things',
    tier: 'eventual',
    policy: 'last-writer-wins',
    table,
    modifiedColumn: 'modified_at',
    ignoredColumns: [],
    ...more,
  };
}

/** Its table as a reconciliation sees it. */
export function tableOf({ session }: LocalPostgres, entity: Entity): Table {
  const schema = entity.table.includes('.') ? `${entity.table.split('.')[0]}.` : '';
  return createPostgresTable({ entity, session, auditTable: `${schema}switchyard_audit`, region: 'eu-west-1' });
}

/** Makes schemas, empty, in the place of former ones. */
export async function freshSchemas(server: LocalPostgres, names: readonly string[]): Promise<void> {
  for (const name of names) await server.execute(`DROP SCHEMA IF EXISTS ${name} CASCADE; CREATE SCHEMA ${name};`);
}
