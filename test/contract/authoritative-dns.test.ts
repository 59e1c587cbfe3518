import type { Answer } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { createAuthoritativeDnsClient } from '../../adapters/dns/authoritative-dns-client.ts';
import { withLoopbackDns } from '../_helpers/loopback-dns.ts';

const ZONE = 'storefront.example';
const LOOPBACK = '127.0.0.1';

/** A name server on loopback with these records; nothing else has an answer. */
const withServer = <T>(records: readonly Answer[], run: (port: number) => Promise<T>): Promise<T> =>
  withLoopbackDns({ records }, run);

const NS: Answer = { type: 'NS', name: ZONE, data: 'ns1.servers.example' };
const HOST: Answer = { type: 'A', name: 'ns1.servers.example', data: LOOPBACK };

describe('the authoritative servers of a zone', () => {
  it('are the addresses of its name servers', () =>
    withServer([NS, HOST], async (port) => {
      const client = createAuthoritativeDnsClient({ resolvers: [`${LOOPBACK}:${port}`] });
      expect(await client.authoritativeServers(ZONE)).toEqual([LOOPBACK]);
    }));

  it('are none where the look-up fails, so that the step asks again', () =>
    withServer([HOST], async (port) => {
      const client = createAuthoritativeDnsClient({ resolvers: [`${LOOPBACK}:${port}`] });
      expect(await client.authoritativeServers(ZONE)).toEqual([]);
    }));

  it('are those that have an address', () =>
    withServer([NS, HOST, { ...NS, data: 'ns2.servers.example' }], async (port) => {
      const client = createAuthoritativeDnsClient({ resolvers: [`${LOOPBACK}:${port}`] });
      expect(await client.authoritativeServers(ZONE)).toEqual([LOOPBACK]);
    }));
});

describe('a question', () => {
  it('is answered with the values of its own type', () =>
    withServer([{ type: 'A', name: `api.${ZONE}`, data: '203.0.113.7' }], async (port) => {
      const client = createAuthoritativeDnsClient({ port });
      expect(await client.query(LOOPBACK, { name: `api.${ZONE}`, type: 'A' })).toEqual({
        answered: true,
        values: ['203.0.113.7'],
      });
    }));
});
