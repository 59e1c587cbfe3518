import { describe, expect, it } from 'vitest';
import { createFetchHttpClient } from '../../adapters/http/fetch-http-client.ts';
import { closedPort, withLoopbackHttp } from '../_helpers/loopback-http.ts';

const KIB = 1024;

describe('the HTTP client of probes', () => {
  it('gives status and body, and follows no redirect', () =>
    withLoopbackHttp(
      (_, response) => void response.writeHead(302, { location: '/elsewhere' }).end('höher'),
      async ({ url, requests }) => {
        expect(await createFetchHttpClient().get(url, { timeoutMs: 2_000 })).toEqual({
          answered: true,
          status: 302,
          body: 'höher',
        });
        expect(requests).toHaveLength(1);
      },
    ));

  it.each([
    { what: '64 KiB', options: {}, kib: 64 },
    { what: 'as much as it is asked for', options: { longestBodyBytes: 256 * KIB }, kib: 256 },
  ])('reads $what and no more, of a body that never ends', ({ options, kib }) =>
    withLoopbackHttp(
      (_, response) => {
        response.writeHead(200);
        const write = (): void => {
          while (!response.destroyed && response.write('ä'.repeat(8 * KIB)));
          response.once('drain', write);
        };
        write();
      },
      async ({ url }) => {
        const answer = await createFetchHttpClient().get(url, { timeoutMs: 5_000, ...options });
        if (!answer.answered) throw new Error(answer.reason);
        expect(Buffer.byteLength(answer.body)).toBe(kib * KIB);
      },
    ),
  );

  it('says why there was no answer', async () => {
    const answer = await createFetchHttpClient().get(`http://127.0.0.1:${await closedPort()}`, { timeoutMs: 2_000 });
    expect(answer).toEqual({ answered: false, reason: expect.stringContaining('ECONNREFUSED') });
  });
});
