import { PGlite } from '@electric-sql/pglite';
import { DEFAULT_STATEMENT_TIMEOUT_MS, settingsQuery } from '../../adapters/postgres/session-settings.ts';
import { BEGIN, type SqlSession, type SqlValue, type TextRow } from '../../adapters/postgres/sql-session.ts';

/** A session with a PostgreSQL that runs in this process, and what an application does to it. */
export interface LocalPostgres {
  readonly session: SqlSession;
  /** Runs statements as an application does, outside of the session's settings. */
  execute(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts PostgreSQL in WebAssembly (PGlite): no server, no files, the same SQL. */
export async function startPglite(): Promise<LocalPostgres> {
  const database = await PGlite.create();
  await database.query(settingsQuery(DEFAULT_STATEMENT_TIMEOUT_MS));
  const query = async (text: string, values: readonly SqlValue[] = []): Promise<readonly TextRow[]> => {
    const { rows } = await database.query<TextRow>(text, [...values], { rowMode: 'array' });
    return rows;
  };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(run: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(run, run);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    session: {
      query: (text, values) => inTurn(() => query(text, values)),
      transaction: (body) =>
        inTurn(async () => {
          await database.query(BEGIN);
          try {
            const result = await body({ query });
            await database.query('COMMIT');
            return result;
          } catch (error) {
            await database.query('ROLLBACK');
            throw error;
          }
        }),
    },
    execute: (sql) => inTurn(async () => void (await database.exec(`BEGIN READ WRITE; ${sql}; COMMIT`))),
    close: () => database.close(),
  };
}

/** How long its start may take on a busy machine, ms; two seconds on an idle one. */
export const PGLITE_START_MS = 60_000;
