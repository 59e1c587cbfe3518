import type { PgSession } from './pg-session.ts';
import type { SqlSession } from './sql-session.ts';
import { sqlStateOf } from './translate-error.ts';

/** A URL that is a secret: kept once it was read, until it is forgotten. */
export interface SecretUrl {
  read(): Promise<string>;
  forget(): void;
}

/** Class of SQLSTATE of a user or password that a server does not know. */
const WRONG_PASSWORD = '28';

/**
 * A session whose URL is asked for at its first statement, as secrets are; where that fails, the next statement asks again.
 * Where the server refuses the password, it may have been rotated: the URL is read once more, and where it is another one
 * the statement, or the whole transaction, which did not begin, is tried with it.
 */
export function createLazySession(secret: SecretUrl, open: (url: string) => PgSession): SqlSession {
  let opened: Promise<Opened> | undefined;
  const current = (): Promise<Opened> => {
    opened ??= secret.read().then(
      (url) => ({ url, session: open(url) }),
      (error: unknown) => {
        opened = undefined;
        throw error;
      },
    );
    return opened;
  };
  const call = async <Result>(run: (session: SqlSession) => Promise<Result>): Promise<Result> => {
    const first = current();
    const { url, session } = await first;
    try {
      return await run(session);
    } catch (error) {
      if (sqlStateOf(error)?.startsWith(WRONG_PASSWORD) !== true) throw error;
      if (opened === first) {
        opened = undefined;
        secret.forget();
        void session.close();
      }
      const next = await current();
      if (next.url === url) throw error;
      return run(next.session);
    }
  };
  return {
    query: (text, values) => call((session) => session.query(text, values)),
    transaction: (body) => call((session) => session.transaction(body)),
  };
}

interface Opened {
  readonly url: string;
  readonly session: PgSession;
}
