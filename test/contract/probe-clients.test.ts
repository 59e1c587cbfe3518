import { describe, expect, it } from 'vitest';
import { createNameResolver } from '../../adapters/dns/name-resolver.ts';
import { createFetchHttpClient } from '../../adapters/http/fetch-http-client.ts';
import { createTcpClient } from '../../adapters/net/tcp-client.ts';
import { createTlsClient } from '../../adapters/net/tls-client.ts';
import { prometheusUrl, readPrometheusAnswer } from '../../core/health/prometheus-answer.ts';
import { type DnsZone, withLoopbackDns } from '../_helpers/loopback-dns.ts';
import { closedPort, withLoopbackHttp } from '../_helpers/loopback-http.ts';
import { withDeafTcp, withLoopbackTcp, withLoopbackTls } from '../_helpers/loopback-sockets.ts';
import { selfSigned } from '../_helpers/self-signed.ts';

const host = '127.0.0.1';
const timeoutMs = 2_000;
/** Short enough for a test to wait for. */
const SOON_MS = 100;
const LATE = { answered: false, reason: `no answer within ${SOON_MS} ms` };

/** What something came to, and that it came in time. */
async function within<T>(limitMs: number, run: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await run();
  expect(performance.now() - from).toBeLessThan(limitMs);
  return result;
}

describe('a TCP connection', () => {
  it('is accepted by a server that listens', () =>
    withLoopbackTcp(async (port) => {
      expect(await createTcpClient().connect({ host, port, timeoutMs })).toEqual({
        answered: true,
        accepted: true,
        reason: '',
      });
    }));

  it('is refused where nobody listens', async () => {
    expect(await createTcpClient().connect({ host, port: await closedPort(), timeoutMs })).toEqual({
      answered: true,
      accepted: false,
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('is not accepted by a host that does not exist', async () => {
    const answer = await createTcpClient().connect({ host: 'nobody.invalid', port: 80, timeoutMs });
    expect(answer).toMatchObject({ answered: true, accepted: false });
  });

  it('is not waited for longer than the timeout', () =>
    withDeafTcp(async (port) => {
      const peer = { host, port, timeoutMs: SOON_MS };
      expect(await within(1_000, () => createTcpClient().connect(peer))).toEqual({
        answered: true,
        accepted: false,
        reason: LATE.reason,
      });
    }));
});

describe('a certificate', () => {
  it.each([
    { what: 'that is valid for long', notAfter: new Date(Date.UTC(2049, 0, 2, 3, 4, 5)) },
    { what: 'that has run out', notAfter: new Date(Date.UTC(2020, 0, 2, 3, 4, 5)) },
  ])('$what is seen, with the name that was asked for', ({ notAfter }) =>
    withLoopbackTls(selfSigned(notAfter), async (port, names) => {
      const serverName = 'api.storefront.example';
      expect(await createTlsClient().certificate({ host, port, serverName, timeoutMs })).toEqual({
        answered: true,
        validToEpochMs: notAfter.getTime(),
      });
      expect(names).toEqual([serverName]);
    }),
  );

  it('is not seen where nobody listens', async () => {
    const peer = { host, port: await closedPort(), serverName: 'a.example', timeoutMs };
    expect(await createTlsClient().certificate(peer)).toEqual({
      answered: false,
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('is not waited for longer than the timeout', () =>
    withLoopbackTcp(async (port) => {
      const peer = { host, port, serverName: 'a.example', timeoutMs: SOON_MS };
      expect(await within(1_000, () => createTlsClient().certificate(peer))).toEqual(LATE);
    }));

  it('is not seen from a server that speaks something else', () =>
    withLoopbackHttp(
      () => undefined,
      async ({ url }) => {
        const peer = { host, port: Number(new URL(url).port), serverName: 'a.example', timeoutMs };
        expect(await createTlsClient().certificate(peer)).toMatchObject({ answered: false });
      },
    ));
});

describe('a name', () => {
  const name = 'db.storefront.example';
  const zone: DnsZone = {
    records: [
      { type: 'A', name, data: '192.0.2.7' },
      { type: 'A', name, data: '192.0.2.8' },
      { type: 'AAAA', name, data: '2001:db8::7' },
      { type: 'TXT', name, data: ['one ', 'text'] },
      { type: 'NS', name, data: 'ns1.storefront.example' },
      { type: 'CNAME', name: 'alias.storefront.example', data: name },
    ],
  };
  const ask = (
    port: number,
    question: { name?: string; type?: 'A' | 'AAAA' | 'CNAME' | 'NS' | 'TXT'; timeoutMs?: number },
  ) => createNameResolver().resolve({ name, type: 'A', resolver: `${host}:${port}`, timeoutMs, ...question });

  it.each([
    { type: 'A', values: ['192.0.2.7', '192.0.2.8'] },
    { type: 'AAAA', values: ['2001:db8::7'] },
    { type: 'TXT', values: ['one text'] },
    { type: 'NS', values: ['ns1.storefront.example'] },
  ] as const)('has its $type records', ({ type, values }) =>
    withLoopbackDns(zone, async (port) => {
      const answer = await ask(port, { type });
      expect(answer).toMatchObject({ answered: true });
      expect(answer.answered ? [...answer.values].sort() : []).toEqual(values);
    }),
  );

  it('has the name that it is another one for', () =>
    withLoopbackDns(zone, async (port) => {
      const answer = await ask(port, { name: 'alias.storefront.example', type: 'CNAME' });
      expect(answer).toEqual({ answered: true, values: [name] });
    }));

  it.each([
    { what: 'of another type', question: { name: 'alias.storefront.example', type: 'TXT' } },
    { what: 'that does not exist', question: { name: 'nobody.storefront.example' } },
  ] as const)('$what has no value', ({ question }) =>
    withLoopbackDns(zone, async (port) => {
      expect(await ask(port, question)).toEqual({ answered: true, values: [] });
    }),
  );

  it('is not known where the resolver fails', () =>
    withLoopbackDns({ records: [], otherwise: 'SERVFAIL' }, async (port) => {
      expect(await ask(port, {})).toEqual({ answered: false, reason: expect.stringContaining('ESERVFAIL') });
    }));

  it('is not waited for longer than the timeout', () =>
    withLoopbackDns({ records: [], otherwise: 'silent' }, async (port) => {
      const answer = await within(1_000, () => ask(port, { timeoutMs: SOON_MS }));
      expect(answer).toMatchObject({ answered: false });
    }));
});

describe('a query to Prometheus', () => {
  it('is an instant query in the path of the server, and its answer is read', () =>
    withLoopbackHttp(
      (_, response) =>
        void response.end(
          '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"a"},"value":[1435781451.781,"0.25"]}]}}',
        ),
      async ({ url, requests }) => {
        const answer = await createFetchHttpClient().get(prometheusUrl(`${url}/base/`, 'a{b="c"} > 1'), { timeoutMs });
        expect(answer.answered && readPrometheusAnswer(answer.body)).toEqual({ value: 0.25 });
        expect(requests).toEqual(['GET /base/api/v1/query?query=a%7Bb%3D%22c%22%7D%20%3E%201']);
      },
    ));

  it('is not waited for longer than the timeout', () =>
    withLoopbackHttp(
      () => undefined,
      async ({ url }) => {
        const answer = await within(1_000, () => createFetchHttpClient().get(url, { timeoutMs: SOON_MS }));
        expect(answer).toEqual(LATE);
      },
    ));
});
