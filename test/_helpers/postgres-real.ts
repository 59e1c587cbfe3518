import { createPgSession } from '../../adapters/postgres/pg-session.ts';
import type { PostgresServer } from '../../scripts/postgres-server.ts';
import type { LocalPostgres } from './postgres-pglite.ts';

/** How long the start of a server may take on a busy machine, ms. */
export const POSTGRES_START_MS = 120_000;

/** A server of its own process. */
export interface RealPostgres extends LocalPostgres {
  readonly url: string;
}

/** A server with a session of ours, and one of an application's. */
export function real(server: PostgresServer): RealPostgres {
  const [session, application] = [createPgSession(server), createPgSession(server)];
  return {
    url: server.url,
    session,
    execute: async (sql) => {
      await application.query('SET default_transaction_read_only = off');
      for (const statement of sql.split(/;\s*(?:\n|$)/).filter((text) => text.trim() !== '')) {
        await application.query(statement);
      }
    },
    close: async () => {
      await Promise.all([session.close(), application.close()]);
      await server.stop();
    },
  };
}
