import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The version whose gaps `fill-gaps.ts` knows. */
export const MINISTACK_VERSION = '1.5.33';
const LEAST_PYTHON = '3.10';
const READY_DEADLINE_MS = 60_000;
/** It ends the workers of its functions first, some forty of them. */
const STOP_DEADLINE_MS = 30_000;

/** An emulator at work. */
export interface Emulator {
  readonly endpoint: string;
  /** Ends it and everything that it started; does nothing to one that was running before. */
  stop(): Promise<void>;
}

/** What an emulator is started with. */
export interface EmulatorSettings {
  /** Virtual environment that it is installed into, kept for the next time. */
  readonly venv: string;
  readonly logFile: string;
}

/** The emulator that `AWS_ENDPOINT_URL` names, or one of our own on a free port. */
export async function startEmulator(settings: EmulatorSettings): Promise<Emulator> {
  const running = process.env['AWS_ENDPOINT_URL'];
  if (running !== undefined && running !== '') {
    await untilReady(running, () => undefined);
    return { endpoint: running, stop: () => Promise.resolve() };
  }
  await install(settings.venv);
  return launch(settings, await freePort());
}

/** Installs the emulator where it is not yet. */
export async function install(venv: string): Promise<void> {
  const mark = join(venv, `ministack-${MINISTACK_VERSION}`);
  if (existsSync(mark)) return;
  await run(await python(), ['-m', 'venv', '--clear', venv]);
  await run(join(venv, 'bin/pip'), [
    'install',
    '--quiet',
    '--disable-pip-version-check',
    `ministack==${MINISTACK_VERSION}`,
  ]);
  mkdirSync(mark);
}

/** @throws where there is no Python that the emulator runs on. */
async function python(): Promise<string> {
  const isEnough = `import sys; sys.exit(sys.version_info < (${LEAST_PYTHON.replace('.', ', ')}))`;
  for (const candidate of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']) {
    const works = await run(candidate, ['-c', isEnough]).then(
      () => true,
      () => false,
    );
    if (works) return candidate;
  }
  throw new Error(
    `the emulator needs Python ${LEAST_PYTHON} or later and none is on PATH; install one, or start an emulator yourself and name it in AWS_ENDPOINT_URL`,
  );
}

/**
 * Runs a program until it ends, or until nobody holds the other end of standard input any more: an emulator must not outlive
 * its test, however that ends. A background job has no standard input of its own, so it is kept as number 3. Told to end, the
 * shell waits for the program's end: nobody else would, where the first process of a container adopts orphans and forgets them.
 */
const UNTIL_ABANDONED = [
  'exec 3<&0',
  '"$0" 3<&- &',
  'child=$!',
  "trap 'kill -TERM $child' TERM",
  '(trap - TERM; read _ <&3; kill -TERM $$) &',
  'wait $child',
  'wait $child',
  'kill -TERM $! 2>/dev/null',
  'wait',
].join('\n');

async function launch({ venv, logFile }: EmulatorSettings, port: number): Promise<Emulator> {
  const log = openSync(logFile, 'w');
  const child = spawn('sh', ['-c', UNTIL_ABANDONED, join(venv, 'bin/ministack')], {
    stdio: ['pipe', log, log],
    // A group of its own, so that the workers of its functions end with it.
    detached: true,
    env: {
      ...process.env,
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      // Where it looks for `node`: the version that Lambda would run.
      PATH: `${join(import.meta.dirname, '../../../node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
    },
  });
  closeSync(log);
  const endpoint = `http://127.0.0.1:${port}`;
  const emulator = { endpoint, stop: () => stop(child) };
  try {
    await untilReady(endpoint, () => {
      if (child.exitCode !== null) throw new Error(`the emulator ended with ${child.exitCode}; its log is ${logFile}`);
    });
  } catch (error) {
    await emulator.stop();
    throw error;
  }
  return emulator;
}

async function untilReady(endpoint: string, check: () => void): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  while (Date.now() < deadline) {
    check();
    const ready = await fetch(`${endpoint}/_ministack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await sleep(100);
  }
  throw new Error(`no emulator answers at ${endpoint} within ${READY_DEADLINE_MS / 1000} s`);
}

async function stop(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // To the shell alone: the emulator ends its workers itself, and collects them.
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(STOP_DEADLINE_MS, undefined, { ref: false })]);
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended.
  }
}

/** A port of the loopback address that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
