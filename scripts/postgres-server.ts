import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createPgSession } from '../adapters/postgres/pg-session.ts';

/** A PostgreSQL server of our own: reached by a socket in its folder and by nobody else, gone with this process. */
export interface PostgresServer {
  /** Of its database `postgres`, whose owner everybody on it is. */
  readonly url: string;
  stop(): Promise<void>;
}

/** How a server is made. */
export interface PostgresServerProps {
  /** Options of `initdb`, such as the locale. @default - UTF-8, ordered by bytes */
  readonly initOptions?: readonly string[];
  /** Settings beside those that make it a throw-away server. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Folder that its data are put into. @default - that of temporary files */
  readonly folder?: string;
}

/** Nothing of it has to outlive the machine: it waits for no disk, and writes no page twice. */
const THROW_AWAY = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', autovacuum: 'off' };
const BYTE_ORDER = ['--locale=C', '--encoding=UTF8'];
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 50;

/**
 * Folder of `initdb` and `postgres`: of the PATH, or of the newest of Debian's packages; undefined where there is none.
 */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/**
 * Starts a server in a new temporary folder. It ends when it is stopped, and when this process ends in whatever way: a
 * shell between the two waits for the end of its input, then ends the server and removes the folder.
 *
 * @throws where no PostgreSQL is installed, or where it does not answer within a minute
 */
export async function startPostgres(props: PostgresServerProps = {}): Promise<PostgresServer> {
  const binaries = findPostgres();
  if (binaries === undefined) throw new Error('no initdb and postgres in the PATH; install the package postgresql');
  const folder = await mkdtemp(join(props.folder ?? tmpdir(), 'switchyard-postgres-'));
  const owner = unprivilegedUser();
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  await promisify(execFile)(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', ...(props.initOptions ?? BYTE_ORDER)],
    { cwd: folder, ...owner },
  );
  const settings = { ...THROW_AWAY, listen_addresses: '', unix_socket_directories: folder, ...props.settings };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // The single quotes keep the words for the shell; the folder is its first argument, the rest is the command.
  const watch = 'folder=$1; shift; "$@" & cat > /dev/null; kill -INT $!; wait $!; rm -rf "$folder"';
  const child = spawn('/bin/sh', ['-c', watch, 'sh', folder, join(binaries, 'postgres'), '-D', data, ...options], {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
    ...owner,
  });
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.stdin?.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  await answering(url, child).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, stop };
}

/** PostgreSQL refuses to run as root; its own user is there where Debian's package is. */
function unprivilegedUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = ['postgres', 'nobody'].flatMap((name) => users.filter(([user]) => user === name))[0];
  return { uid: Number(found?.[2]), gid: Number(found?.[3]) };
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = `${log}${text}`.slice(-2_000);
  });
  const session = createPgSession({ url });
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const answers = await session.query('SELECT 1').then(
      () => true,
      () => false,
    );
    if (answers) return session.close();
    if (performance.now() > giveUpAt) throw new Error(`PostgreSQL did not answer within a minute:\n${log}`);
    await sleep(POLL_MS);
  }
}
