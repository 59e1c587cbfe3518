import type { Socket } from 'node:net';
import type { ClientConfig } from 'pg';
import { ReconcileError } from '../../core/reconcile/errors.ts';
import { Client } from './pg-client.mjs';
import { DEFAULT_STATEMENT_TIMEOUT_MS, settingsQuery } from './session-settings.ts';
import { BEGIN, type SqlQueries, type SqlSession, type SqlValue, type TextRow } from './sql-session.ts';
import { sqlStateOf } from './translate-error.ts';

/** How long a connection may take, ms. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * How long nothing may come before the other end is asked whether it is there, ms: a server whose Region goes dark while
 * it works on a statement says nothing any more, and Linux would ask after two hours. Ten questions without an answer, a
 * second apart, end the connection (https://docs.libuv.org/en/v1.x/tcp.html#c.uv_tcp_keepalive).
 */
const SILENT_MS = 10_000;
/** What a server may take beyond the time of a statement to tell that it has ended it, ms. */
const TO_TELL_MS = 10_000;

/** How long a server may take to answer a farewell, ms. */
const FAREWELL_MS = 2_000;

/** What a session is made of. */
export interface PgSessionProps {
  /** A `postgres:` address with user, password, host and database; `sslmode=disable` where the way to it is safe without TLS. */
  readonly url: string;
  /** Longest time of a statement, ms; 0 for any. */
  readonly statementTimeoutMs?: number;
}

/** A session over the network, whose end is told to the server. */
export interface PgSession extends SqlSession {
  /** Bytes that went over its connections so far, both ways. */
  bytesMoved(): number;
  close(): Promise<void>;
}

/**
 * Opens a session at its first statement, and again at the next one after its connection was lost: nothing is repeated
 * by itself. One connection, since one is all that a comparison is to cost a server. Once closed it opens no other: what
 * still runs on one side when the other has failed would keep the process alive.
 */
export function createPgSession({ url, statementTimeoutMs = DEFAULT_STATEMENT_TIMEOUT_MS }: PgSessionProps): PgSession {
  const connection = new Connection({ url, statementTimeoutMs });
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(run: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(run, run);
    last = turn.catch(() => undefined);
    return turn;
  };
  let isClosed = false;
  const whileOpen = <Result>(run: () => Promise<Result>): Promise<Result> =>
    inTurn(() => (isClosed ? Promise.reject(new Error('the session with the database is closed')) : run()));
  return {
    query: (text, values) => whileOpen(() => connection.query(text, values)),
    transaction: (body) => whileOpen(() => connection.transaction(body)),
    bytesMoved: () => connection.bytesMoved(),
    close: () =>
      inTurn(() => {
        isClosed = true;
        return connection.close();
      }),
  };
}

/** The one client of a session, and the next one after it was lost. */
class Connection implements SqlQueries {
  readonly #props: Required<PgSessionProps>;
  #client: Client | undefined;
  #bytesOfFormer = 0;

  constructor(props: Required<PgSessionProps>) {
    this.#props = props;
  }

  async query(text: string, values: readonly SqlValue[] = []): Promise<readonly TextRow[]> {
    return this.#run(await this.#open(), text, values);
  }

  /** Every statement of it on the connection that began it: where that is lost, so is the transaction. */
  async transaction<Result>(body: (queries: SqlQueries) => Promise<Result>): Promise<Result> {
    const client = await this.#open();
    await this.#run(client, BEGIN);
    try {
      const result = await body({ query: (text, values) => this.#run(client, text, values) });
      await this.#commit(client);
      return result;
    } catch (error) {
      if (this.#client === client) await client.query('ROLLBACK').catch(() => this.#drop(client));
      throw error;
    }
  }

  async #run(client: Client, text: string, values: readonly SqlValue[] = []): Promise<readonly TextRow[]> {
    if (this.#client !== client) throw new Error('the connection was lost within a transaction');
    try {
      const { rows } = await client.query<TextRow[]>({ text, values: [...values], rowMode: 'array' });
      return rows as unknown as readonly TextRow[];
    } catch (error) {
      if (endsSession(error)) this.#drop(client);
      throw error;
    }
  }

  /** A server answers the COMMIT of a transaction that it has given up with a ROLLBACK, and no error. */
  async #commit(client: Client): Promise<void> {
    if (this.#client !== client) throw new Error('the connection was lost before the transaction was committed');
    const { command } = await client.query('COMMIT').catch((error: unknown) => {
      if (endsSession(error)) this.#drop(client);
      throw error;
    });
    if (command !== 'COMMIT') throw new Error(`the server answered COMMIT with ${command}: nothing was written`);
  }

  bytesMoved(): number {
    return this.#bytesOfFormer + bytesOf(this.#client);
  }

  async close(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    const giveUp = setTimeout(() => streamOf(client)?.destroy(), FAREWELL_MS);
    this.#forget();
    await client.end().catch(() => undefined);
    clearTimeout(giveUp);
  }

  async #open(): Promise<Client> {
    if (this.#client !== undefined) return this.#client;
    const client = new Client(configOf(this.#props));
    client.on('error', () => this.#forget(client));
    client.on('end', () => this.#forget(client));
    try {
      await client.connect();
      await client.query(settingsQuery(this.#props.statementTimeoutMs));
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    this.#client = client;
    return client;
  }

  #drop(client: Client): void {
    this.#forget(client);
    void client.end().catch(() => undefined);
  }

  #forget(client = this.#client): void {
    if (client === undefined || client !== this.#client) return;
    this.#bytesOfFormer += bytesOf(client);
    this.#client = undefined;
  }
}

/** After an error that the server calls fatal, or that did not come from a server, the connection is of no more use. */
function endsSession(error: unknown): boolean {
  return sqlStateOf(error) === undefined || (error as { readonly severity?: string }).severity === 'FATAL';
}

function streamOf(client: Client | undefined): Socket | undefined {
  return (client as unknown as { connection?: { stream?: Socket } })?.connection?.stream;
}

function bytesOf(client: Client | undefined): number {
  const stream = streamOf(client);
  return stream === undefined ? 0 : stream.bytesRead + stream.bytesWritten;
}

/** Names of this machine: what goes to them leaves it never. */
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '']);

const NO_URL =
  'the connection of a database is no URL; give one of the form postgres://user@host:5432/database, its password with special characters percent-encoded';

/** TLS with a certificate that is checked, unless the URL says otherwise or the server is on this machine. */
function configOf({ url, statementTimeoutMs }: Required<PgSessionProps>): ClientConfig {
  // Its own error would carry the URL, and with it the password.
  if (!URL.canParse(url)) throw new ReconcileError('StoreRefusedError', NO_URL, { source: 'operator' });
  const { hostname, searchParams } = new URL(url);
  const local = LOOPBACK.has(hostname) || searchParams.get('host')?.startsWith('/');
  return {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'switchyard reconcile',
    keepAlive: true,
    keepAliveInitialDelayMillis: SILENT_MS,
    ...(statementTimeoutMs === 0 ? {} : { query_timeout: statementTimeoutMs + TO_TELL_MS }),
    ...(local || searchParams.has('sslmode') ? {} : { ssl: true }),
  };
}
