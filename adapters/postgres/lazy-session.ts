import type { PgSession } from './pg-session.ts';
import type { SqlSession } from './sql-session.ts';

/** A session whose URL is asked for at its first statement, as secrets are; where that fails, the next statement asks again. */
export function createLazySession(readUrl: () => Promise<string>, open: (url: string) => PgSession): SqlSession {
  let opened: Promise<PgSession> | undefined;
  const session = (): Promise<PgSession> => {
    opened ??= readUrl().then(open, (error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    query: async (text, values) => (await session()).query(text, values),
    transaction: async (body) => (await session()).transaction(body),
  };
}
