import { ReconcileError } from '../../core/reconcile/errors.ts';
import type { RegionalTables } from '../../core/reconcile/machine-ports.ts';
import { createLazySession } from '../postgres/lazy-session.ts';
import { createPgSession } from '../postgres/pg-session.ts';
import { createPostgresTable } from '../postgres/postgres-table.ts';
import { ssmClient } from './clients.ts';
import type { Environment } from './create-ports.ts';
import { perRegion } from './per-region.ts';
import { createSecretParameter } from './secret-parameter.ts';

/**
 * The tables of the config's store in every Region, by connections that last as long as the function does. Apart from the
 * other ports, since a database client is in the bundles of few functions.
 *
 * @param statementTimeoutMs when a server ends a statement by itself
 */
export function tablesPort({ config, region: own, clients }: Environment, statementTimeoutMs: number): RegionalTables {
  const { reconcile } = config;
  if (reconcile === undefined) throw refused('the config has no section reconcile, so there is nothing to compare');
  const { store, auditTable } = reconcile;
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
