import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { type Answer, type DecodedPacket, decode, encode } from 'dns-packet';
import type { DnsAnswer, DnsClient } from '../../core/ports.ts';

const TIMEOUT_MS = 2_000;
const DNS_PORT = 53;

/** Where questions go; tests lead them elsewhere. */
export interface DnsClientSettings {
  /** Port of authoritative servers. @default 53 */
  readonly port?: number;
  /** Ordinary resolvers, as `address` or `address:port`. @default those of the system */
  readonly resolvers?: readonly string[];
}

/** Asks name servers directly, one UDP datagram a question, past every cache. */
export function createAuthoritativeDnsClient({ port = DNS_PORT, resolvers }: DnsClientSettings = {}): DnsClient {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  if (resolvers !== undefined) resolver.setServers(resolvers);
  return {
    authoritativeServers: async (zone) => {
      const hosts = await resolver.resolveNs(zone).catch(() => []);
      const addresses = await Promise.all(hosts.map((host) => resolver.resolve4(host).catch(() => [])));
      return addresses.flatMap(([address]) => (address === undefined ? [] : [address]));
    },
    query: (server, question) => ask({ server, port, question }),
    resolve: (hostname) => resolver.resolve4(hostname).catch(() => []),
  };
}

interface Asking {
  readonly server: string;
  readonly port: number;
  readonly question: { readonly name: string; readonly type: 'A' | 'CNAME' };
}

function ask({ server, port, question }: Asking): Promise<DnsAnswer> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const finish = (answer: DnsAnswer): void => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(
      () => finish({ answered: false, reason: `no answer within ${TIMEOUT_MS} ms` }),
      TIMEOUT_MS,
    );
    const id = randomInt(0x10000);
    socket.once('error', (error) => finish({ answered: false, reason: error.message }));
    socket.on('message', (message) => {
      const packet = decodeOrNone(message);
      if (packet?.id === id) finish({ answered: true, values: valuesOf(packet.answers ?? [], question.type) });
    });
    socket.send(encode({ type: 'query', id, questions: [question] }), port, server);
  });
}

/** A datagram that is no DNS message is not ours. */
function decodeOrNone(message: Buffer): DecodedPacket | undefined {
  try {
    return decode(message);
  } catch {
    return undefined;
  }
}

function valuesOf(answers: readonly Answer[], type: 'A' | 'CNAME'): readonly string[] {
  return answers.flatMap((answer) => (answer.type === type && typeof answer.data === 'string' ? [answer.data] : []));
}
