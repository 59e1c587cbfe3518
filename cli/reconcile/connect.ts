import { createPgSession } from '../../adapters/postgres/pg-session.ts';
import { createPostgresTable } from '../../adapters/postgres/postgres-table.ts';
import { type Problem, RefusedInputError } from '../../core/errors.ts';
import type { Entity, Side, Sides } from '../../core/reconcile/entity.ts';
import type { Table } from '../../core/reconcile/table.ts';
import type { Connect } from './connected-tables.ts';

/** Environment variables that hold the URLs of the databases: never on a command line, where everybody reads them. */
export const URL_VARIABLES: Sides<string> = {
  source: 'SWITCHYARD_RECONCILE_SOURCE_URL',
  target: 'SWITCHYARD_RECONCILE_TARGET_URL',
};

/**
 * DynamoDB by the credentials that every SDK finds; PostgreSQL by one connection a side, opened at the first statement.
 *
 * @throws {RefusedInputError} where a URL is missing or is none; its value is never told
 */
export const connectTables: Connect = async (section, regions, environment) => {
  const { store, auditTable } = section;
  // The SDK takes more memory than a comparison.
  if (store.kind === 'dynamodb') return (await import('./connect-dynamodb.ts')).connectDynamoDb(section, regions);
  const problems = (['source', 'target'] as const).flatMap((side) => urlProblems(environment, side, regions));
  if (problems.length > 0) throw new RefusedInputError('the environment', problems);
  const open = (side: Side) => createPgSession({ url: environment[URL_VARIABLES[side]] ?? '' });
  const sessions = { source: open('source'), target: open('target') };
  const table = (side: Side, entity: Entity): Table =>
    createPostgresTable({ entity, session: sessions[side], auditTable, region: regions[side] });
  return {
    tables: (entity) => ({ source: table('source', entity), target: table('target', entity) }),
    close: async () => {
      await Promise.all([sessions.source.close(), sessions.target.close()]);
    },
  };
};

function urlProblems(
  environment: Readonly<Record<string, string | undefined>>,
  side: Side,
  regions: Sides<string>,
): readonly Problem[] {
  const path = URL_VARIABLES[side];
  const url = environment[path];
  const remedy = `set it to the URL of the database in ${regions[side]}`;
  if (url === undefined || url === '') return [{ path, message: 'is not set', remedy }];
  const isUrl = URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol);
  return isUrl ? [] : [{ path, message: 'is no URL of PostgreSQL', allowed: 'postgres://<host>/<database>', remedy }];
}
