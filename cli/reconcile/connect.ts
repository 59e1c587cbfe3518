import { createPgSession } from '../../adapters/postgres/pg-session.ts';
import { createPostgresTable } from '../../adapters/postgres/postgres-table.ts';

import { type Problem, RefusedInputError } from '../../core/errors.ts';
import type { Entity, Side, Sides } from '../../core/reconcile/entity.ts';
import type { Table } from '../../core/reconcile/table.ts';
import type { ReconcileSection } from './task.ts';

/** The tables of both Regions, reached from here. */
export interface ConnectedTables {
  readonly tables: (entity: Entity) => Sides<Table>;
  close(): Promise<void>;
}

/** Connects with the tables of both Regions; what it connects by comes from the environment. */
export type Connect = (
  section: ReconcileSection,
  regions: Sides<string>,
  environment: Readonly<Record<string, string | undefined>>,
) => ConnectedTables;

/** Environment variables that hold the URLs of the databases: never on a command line, where everybody reads them. */
export const URL_VARIABLES: Sides<string> = {
  source: 'SWITCHYARD_RECONCILE_SOURCE_URL',
  target: 'SWITCHYARD_RECONCILE_TARGET_URL',
};

/**
 * One connection a side, opened at the first statement.
 *
 * @throws {RefusedInputError} where a URL is missing or is none; its value is never told
 */
export const connectTables: Connect = (section, regions, environment) => {
  const { store, auditTable } = section;
  if (store.kind !== 'postgres') {
    throw new RefusedInputError('the config', [
      {
        path: 'reconcile.store.kind',
        message: 'is compared by the state machine, not from a command line',
        value: store.kind,
        allowed: 'postgres',
        remedy: 'start the machine that reconciles (docs/reconciliation.md)',
      },
    ]);
  }
  const problems = (['source', 'target'] as const).flatMap((side) => urlProblems(environment, side, regions));
  if (problems.length > 0) throw new RefusedInputError('the environment', problems);
  const open = (side: Side) => createPgSession({ url: environment[URL_VARIABLES[side]] ?? '' });
  const sessions = { source: open('source'), target: open('target') };
  const table = (side: Side, entity: Entity): Table =>
    createPostgresTable({ entity, session: sessions[side], auditTable, region: regions[side] });
  return {
    tables: (entity) => ({ source: table('source', entity), target: table('target', entity) }),
    close: async () => {
      await sessions.source.close();
      await sessions.target.close();
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
