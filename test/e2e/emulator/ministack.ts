import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findPythonTool, type PythonTool } from '../../../scripts/python-tool.ts';

const run = promisify(execFile);

/** The emulator, at the version whose gaps `fill-gaps.ts` knows. */
const MINISTACK: PythonTool = {
  name: 'ministack',
  version: '1.5.33',
  // It has no option that tells its version; the environment is named after it, so what runs there is that one.
  isOurs: (path) =>
    run(join(dirname(path), 'python'), ['-c', 'import ministack']).then(
      () => true,
      () => false,
    ),
};
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
  /** Where the virtual environment is kept that it is installed into. */
  readonly cache: string;
  readonly logFile: string;
}

/** The emulator that `AWS_ENDPOINT_URL` names, or one of our own on a free port. */
export async function startEmulator(settings: EmulatorSettings): Promise<Emulator> {
  const running = process.env['AWS_ENDPOINT_URL'];
  if (running !== undefined && running !== '') {
    await untilReady(running, () => undefined);
    return { endpoint: running, stop: () => Promise.resolve() };
  }
  const found = await findPythonTool(MINISTACK, settings.cache);
  if ('path' in found) return launch(found.path, settings.logFile);
  throw new Error(
    `the emulator cannot be had: ${found.missing}; mend that, or start an emulator yourself and name it in AWS_ENDPOINT_URL`,
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

async function launch(program: string, logFile: string): Promise<Emulator> {
  const port = await freePort();
  const log = openSync(logFile, 'w');
  const child = spawn('sh', ['-c', UNTIL_ABANDONED, program], {
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
