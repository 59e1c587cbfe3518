import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createDeepHealth } from '../../client/health/deep-health.ts';
import { healthFetchHandler, healthListener } from '../../client/health/serve.ts';
import { parseContractHealth } from '../../core/health/contract.ts';

const health = createDeepHealth({ components: { search: async () => undefined } });

/** Asks the listener of a real server. */
async function asked(path: string, init: RequestInit = {}): Promise<Response> {
  const server = createServer(healthListener(health));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  try {
    return await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init);
  } finally {
    server.close();
  }
}

describe.each([
  { by: 'the listener of a Node server', ask: asked },
  {
    by: 'the handler of fetch requests',
    ask: (path: string, init: RequestInit = {}) =>
      healthFetchHandler(health)(new Request(`https://shop.example${path}`, init)),
  },
])('$by', ({ ask }) => {
  it('serves a document that observers read, and that no cache keeps', async () => {
    const answer = await ask('/health/deep?from=observer');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(parseContractHealth(await answer.text())?.checks).toEqual({ search: { status: 'passed' } });
  });

  it('answers HEAD without a body', async () => {
    const answer = await ask('/health/deep', { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it.each([
    { path: '/', init: {}, status: 404 },
    { path: '//', init: {}, status: 404 },
    { path: '/health/deep/', init: {}, status: 404 },
    { path: '/health/deep', init: { method: 'POST' }, status: 405 },
  ])('answers $status to $init $path', async ({ path, init, status }) => {
    expect((await ask(path, init)).status).toBe(status);
  });
});
