import { ReconcileError } from '../../core/reconcile/errors.ts';
import type { RegionalTables } from '../../core/reconcile/machine-ports.ts';
import { createLazySession } from '../postgres/lazy-session.ts';
import { createPgSession } from '../postgres/pg-session.ts';
import { createPostgresTable } from '../postgres/postgres-table.ts';
import { dynamoDbTableClient, ssmClient } from './clients.ts';
import type { Environment } from './create-ports.ts';
import { createDynamoDbTable, type PrepareAudit } from './dynamodb-table/dynamodb-table.ts';
import { perRegion } from './per-region.ts';
import { createSecretParameter } from './secret-parameter.ts';

/**
 * The tables of the config's store in every Region, by connections that last as long as the function does. Apart from the
 * other ports, since a database client is in the bundles of few functions.
 *
 * @param statementTimeoutMs when a server of PostgreSQL ends a statement by itself
 * @param prepareAudit for the function that makes audit tables in DynamoDB
 */
export function tablesPort(
  environment: Environment,
  statementTimeoutMs: number,
  prepareAudit?: PrepareAudit,
): RegionalTables {
  const { config, clients } = environment;
  const { reconcile } = config;
  if (reconcile === undefined) throw refused('the config has no section reconcile, so there is nothing to compare');
  const { store, auditTable, repair } = reconcile;
  if (store.kind === 'postgres') return postgresTables(environment, { store, auditTable, statementTimeoutMs });
  const clientIn = perRegion((region) => dynamoDbTableClient(region, clients));
  return {
    of: (entity, region) =>
      createDynamoDbTable({ entity, client: clientIn(region), auditTable, region, repair, prepareAudit }),
  };
}

interface PostgresSettings {
  readonly store: Extract<NonNullable<Environment['config']['reconcile']>['store'], { kind: 'postgres' }>;
  readonly auditTable: string;
  readonly statementTimeoutMs: number;
}

function postgresTables(
  { region: own, clients }: Environment,
  { store, auditTable, statementTimeoutMs }: PostgresSettings,
): RegionalTables {
  const sessionIn = perRegion((region) => {
    const reference = store.connections[region];
    if (reference === undefined) throw refused(`reconcile.store.connections names no database for ${region}`);
    const secret = createSecretParameter(ssmClient(own, clients), reference);
    return createLazySession(secret, (url) => createPgSession({ url, statementTimeoutMs }));
  });
  return { of: (entity, region) => createPostgresTable({ entity, session: sessionIn(region), auditTable, region }) };
}

function refused(message: string): ReconcileError {
  return new ReconcileError('StoreRefusedError', message, { source: 'operator' });
}
