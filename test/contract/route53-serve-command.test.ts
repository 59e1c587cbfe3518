import { type ChildProcess, spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { recordingIo } from '../_helpers/recording-io.ts';

const FIXTURE = 'test/_fixtures/route53/everything.json';
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function serve(...options: readonly string[]) {
  const child = spawn(process.execPath, ['bin/switchyard.ts', 'route53', 'serve', FIXTURE, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const [address] = await once(createInterface(child.stdout), 'line');
  return { child, address: String(address) };
}

async function refused(...args: readonly string[]) {
  const io = recordingIo();
  const code = await main(['route53', 'serve', ...args], io);
  return { code, output: io.output, errors: io.errors };
}

describe('switchyard route53 serve', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('prints its address first, answers, and ends well on %s', async (signal) => {
    const { child, address } = await serve();
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    const resolver = new Resolver({ timeout: 2_000, tries: 1 });
    resolver.setServers([address]);
    expect(await resolver.resolve6('all.example.com')).toEqual(['2001:db8::1']);
    const exit = once(child, 'exit');
    child.kill(signal);
    expect(await exit).toEqual([0, null]);
  });

  it('ends with the npm that runs it', async () => {
    const child = spawn('npm', ['run', '-s', 'switchyard', '--', 'route53', 'serve', FIXTURE]);
    children.push(child);
    await once(createInterface(child.stdout), 'line');
    const released = once(child, 'close');
    child.kill('SIGTERM');
    // The pipes are closed once nobody holds them any more: neither npm nor the server. How npm itself ends is its affair.
    expect(await released).toHaveLength(2);
  });

  it('draws the same answers for the same seed', async () => {
    const draw = async (seed: string) => {
      const { child, address } = await serve('--seed', seed);
      const resolver = new Resolver({ timeout: 2_000, tries: 1 });
      resolver.setServers([address]);
      const drawn: string[] = [];
      for (let query = 0; query < 16; query += 1) drawn.push(...(await resolver.resolve4('half.example.com')));
      child.kill('SIGTERM');
      return drawn;
    };
    expect(await draw('5')).toEqual(await draw('5'));
  });

  it('ends by itself after the seconds that it was given', async () => {
    const { child } = await serve('--seconds', '1');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it.each([
    { args: [FIXTURE, '--port', '65536'], reason: /--port: .*0 to 65535/ },
    { args: [FIXTURE, '--seconds', '0'], reason: /--seconds/ },
    { args: [FIXTURE, '--seed', 'x'], reason: /--seed/ },
    { args: ['none.json'], reason: /cannot be read/ },
  ])('refuses $args', async ({ args, reason }) => {
    const { code, output, errors } = await refused(...args);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toMatch(reason);
  });

  it('refuses a port that is taken', async () => {
    const { address } = await serve();
    const { code, errors } = await refused(FIXTURE, '--port', address.split(':')[1] ?? '');
    expect(code).toBe(2);
    expect(errors).toMatch(/--port: the port cannot be listened on \(EADDRINUSE\)/);
  });
});
