import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { type DecodedPacket, decode, encode, type Packet, type Question, streamEncode } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DnsServer, LOOPBACK, startDnsServer } from '../../twin/route53/dns/dns-server.ts';
import { createFixtureSource } from '../../twin/route53/fixture/fixture-source.ts';
import { parseFixture } from '../../twin/route53/fixture/parse-fixture.ts';
import { createSeededRandom } from '../../twin/route53/seeded-random.ts';

let server: DnsServer;
let resolver: Resolver;

async function serveFixture(name: string): Promise<DnsServer> {
  const { fixture, problems } = parseFixture(JSON.parse(readFileSync(`test/_fixtures/route53/${name}.json`, 'utf8')));
  if (fixture === undefined) throw new Error(JSON.stringify(problems));
  return startDnsServer(createFixtureSource(fixture, createSeededRandom(1)), 0);
}

beforeAll(async () => {
  server = await serveFixture('everything');
  resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([`${LOOPBACK}:${server.port}`]);
});
afterAll(() => server.close());

const query = (question: Partial<Question> = {}, extra: Partial<Packet> = {}): Packet => ({
  type: 'query',
  id: 4711,
  flags: 0,
  questions: [{ name: 'half.example.com', type: 'A', class: 'IN', ...question }],
  ...extra,
});

async function sendUdp(message: Buffer): Promise<DecodedPacket> {
  const socket = createSocket('udp4');
  try {
    socket.send(message, server.port, LOOPBACK);
    const [response] = await once(socket, 'message', { signal: AbortSignal.timeout(2_000) });
    return decode(response);
  } finally {
    socket.close();
  }
}

const udp = (packet: Packet) => sendUdp(encode(packet));

async function tcp(chunks: readonly Buffer[], responses: number): Promise<readonly DecodedPacket[]> {
  const connection = connect(server.port, LOOPBACK);
  for (const chunk of chunks) connection.write(chunk);
  const got: DecodedPacket[] = [];
  let received = Buffer.alloc(0);
  for await (const chunk of connection) {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= received.readUInt16BE(0) + 2) {
      const end = received.readUInt16BE(0) + 2;
      got.push(decode(received.subarray(2, end)));
      received = received.subarray(end);
    }
    if (got.length === responses) break;
  }
  connection.destroy();
  return got;
}

const rcodeOf = (packet: DecodedPacket) => (packet.flags ?? 0) & 0xf;
const opt = (extra: object = {}) => ({
  type: 'OPT' as const,
  name: '.',
  udpPayloadSize: 4_096,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
  ...extra,
});
const subnet = (ip: string, sourcePrefixLength: number, extra: object = {}) => ({
  code: 8,
  type: 'CLIENT_SUBNET',
  family: ip.includes(':') ? 2 : 1,
  sourcePrefixLength,
  scopePrefixLength: 0,
  ip,
  ...extra,
});

describe("the DNS server asked by Node's resolver", () => {
  it('answers addresses, following CNAMEs of the zone', async () => {
    expect(['192.0.2.101', '192.0.2.102']).toContain((await resolver.resolve4('HALF.example.com'))[0]);
    const followed = await resolver.resolve4('www.example.com', { ttl: true });
    expect(followed).toHaveLength(8);
    expect(new Set(followed.map(({ ttl }) => ttl))).toEqual(new Set([20]));
    expect(await resolver.resolve6('all.example.com')).toEqual(['2001:db8::1']);
  });

  it('answers every type that the resolver can read', async () => {
    expect(await resolver.resolveTxt('any.thing.wild.example.com')).toEqual([['one', 'two']]);
    expect(await resolver.resolveMx('example.com')).toMatchObject([{ priority: 10, exchange: 'mail.example.com' }]);
    expect(await resolver.resolveCaa('all.example.com')).toMatchObject([{ critical: 0, issue: 'ca.example.net' }]);
    expect(await resolver.resolveSrv('all.example.com')).toMatchObject([
      { priority: 10, weight: 5, port: 80, name: 'host.example.com' },
    ]);
    expect(await resolver.resolvePtr('all.example.com')).toEqual(['host.example.com']);
    expect(await resolver.resolveNaptr('all.example.com')).toMatchObject([
      { flags: 'u', service: 'E2U+sip', regexp: '!^.*$!sip:info@example.com!' },
    ]);
    expect(await resolver.resolveSoa('example.com')).toMatchObject({
      nsname: 'ns-2048.awsdns-64.com',
      minttl: 86_400,
      refresh: 7_200,
    });
    expect(await resolver.resolveNs('example.com')).toHaveLength(4);
    expect(await resolver.resolveCname('away.example.com')).toEqual(['www.example.org']);
  });

  it('comes back over TCP for an answer that UDP cannot carry', async () => {
    expect(await resolver.resolveTxt('big.example.com')).toHaveLength(10);
  });

  it.each([
    { name: 'gone.example.com', code: 'ENOTFOUND' },
    { name: 'example.com', code: 'ENODATA' },
    { name: 'example.org', code: 'EREFUSED' },
  ])('gives $code for $name', async ({ name, code }) => {
    await expect(resolver.resolve4(name)).rejects.toMatchObject({ code });
  });
});

describe('the DNS server asked with raw packets', () => {
  it('repeats the question, is authoritative, keeps RD and offers no recursion', async () => {
    const response = await udp(query({ name: 'HaLf.example.com' }, { flags: 0x100 }));
    expect(response).toMatchObject({
      id: 4711,
      flag_qr: true,
      flag_aa: true,
      flag_rd: true,
      flag_ra: false,
      flag_tc: false,
    });
    expect(response.questions).toMatchObject([{ name: 'HaLf.example.com', type: 'A' }]);
    expect(response.answers).toMatchObject([{ name: 'half.example.com', type: 'A', ttl: 60 }]);
  });

  it('draws anew for every query, by weight', async () => {
    const seen = new Map<string, number>();
    for (let count = 0; count < 100; count += 1) {
      const [answer] = (await udp(query())).answers ?? [];
      const value = String(answer && 'data' in answer ? answer.data : '');
      seen.set(value, (seen.get(value) ?? 0) + 1);
    }
    expect(Math.min(...seen.values())).toBeGreaterThan(25);
    expect(seen.size).toBe(2);
  });

  it.each([
    { name: 'gone.example.com', rcode: 3 },
    { name: 'example.com', rcode: 0 },
  ])('gives the SOA with the negative TTL for $name', async ({ name, rcode }) => {
    const response = await udp(query({ name }));
    expect(rcodeOf(response)).toBe(rcode);
    expect(response.answers).toEqual([]);
    expect(response.authorities).toMatchObject([{ type: 'SOA', name: 'example.com', ttl: 900 }]);
  });

  it('refers to the servers of a delegated name without authority', async () => {
    const response = await udp(query({ name: 'www.ds.example.com' }));
    expect(response).toMatchObject({ flag_aa: false, answers: [] });
    expect(response.authorities).toMatchObject([{ type: 'NS', name: 'ds.example.com', data: 'ns.example.org' }]);
    expect(await udp(query({ name: 'ds.example.com', type: 'DS' }))).toMatchObject({
      flag_aa: true,
      answers: [{ type: 'DS' }],
    });
  });

  it('answers with a CNAME what leads out of the zone', async () => {
    expect((await udp(query({ name: 'away.example.com' }))).answers).toMatchObject([
      { type: 'CNAME', data: 'www.example.org' },
    ]);
    expect((await udp(query({ name: 'lb.example.com' }))).answers).toMatchObject([
      { type: 'CNAME', name: 'lb.example.com', data: 'lb-1.ap-southeast-1.elb.amazonaws.com', ttl: 60 },
    ]);
  });

  it.each([
    { what: 'another zone', packet: query({ name: 'example.org' }), rcode: 5 },
    { what: 'another class', packet: query({ class: 'CH' }), rcode: 5 },
    { what: 'a zone transfer', packet: query({ type: 'AXFR' }), rcode: 5 },
    { what: 'any type', packet: query({ type: 'ANY' as 'A' }), rcode: 4 },
    { what: 'a type it cannot write', packet: query({ name: 'all.example.com', type: 'UNKNOWN_65' as 'A' }), rcode: 4 },
    { what: 'the same type where it has none', packet: query({ type: 'UNKNOWN_65' as 'A' }), rcode: 0 },
    { what: 'a value it cannot write', packet: query({ name: 'odd.example.com', type: 'SSHFP' }), rcode: 2 },
    { what: 'a status query', packet: query({}, { flags: 2 << 11 }), rcode: 4 },
    {
      what: 'two questions',
      packet: query(
        {},
        {
          questions: [
            { name: 'a.b', type: 'A' },
            { name: 'c.d', type: 'A' },
          ],
        },
      ),
      rcode: 1,
    },
    { what: 'no question', packet: query({}, { questions: [] }), rcode: 1 },
    { what: 'two OPT records', packet: query({}, { additionals: [opt(), opt()] }), rcode: 1 },
    {
      what: 'a subnet with a scope',
      packet: query({}, { additionals: [opt({ options: [subnet('192.0.2.0', 24, { scopePrefixLength: 24 })] })] }),
      rcode: 1,
    },
    { what: 'types that need care', packet: query({ name: 'all.example.com', type: 'SPF' as 'A' }), rcode: 0 },
    { what: 'TLSA', packet: query({ name: 'all.example.com', type: 'TLSA' }), rcode: 0 },
    { what: 'SSHFP', packet: query({ name: 'all.example.com', type: 'SSHFP' }), rcode: 0 },
  ])('gives rcode $rcode for $what', async ({ packet, rcode }) => {
    expect(rcodeOf(await udp(packet))).toBe(rcode);
  });

  it('answers FORMERR with the id of a message that it cannot read, and nothing to a response or a scrap', async () => {
    const broken = Buffer.concat([encode(query()).subarray(0, 12), Buffer.from([63, 1])]);
    expect(await sendUdp(broken)).toMatchObject({ id: 4711, flag_qr: true });
    expect(rcodeOf(await sendUdp(broken))).toBe(1);
    // Of these three messages only the last, a sound query, is answered.
    const socket = createSocket('udp4');
    for (const message of [
      Buffer.from([1, 2, 3]),
      encode({ ...query(), type: 'response', id: 1 }),
      encode(query({}, { id: 2 })),
    ]) {
      socket.send(message, server.port, LOOPBACK);
    }
    const [response] = await once(socket, 'message');
    expect(decode(response).id).toBe(2);
    socket.close();
  });

  it('answers an EDNS version that it does not know with BADVERS', async () => {
    const response = await udp(query({}, { additionals: [opt({ ednsVersion: 1 })] }));
    expect(response.additionals).toMatchObject([{ type: 'OPT', extendedRcode: 1 }]);
    expect(response.answers).toEqual([]);
  });

  it.each([
    { ip: '203.0.113.0', bits: 24, value: '192.0.2.201', scope: 16 },
    { ip: '203.0.113.7', bits: 32, value: '192.0.2.201', scope: 16 },
    { ip: '198.51.100.0', bits: 24, value: '192.0.2.202', scope: 24 },
    { ip: '2001:db8::', bits: 48, value: '192.0.2.202', scope: 48 },
    { ip: '0.0.0.0', bits: 0, value: '192.0.2.202', scope: 0 },
  ])('honours the client subnet $ip/$bits', async ({ ip, bits, value, scope }) => {
    const packet = query({ name: 'geo.example.com' }, { additionals: [opt({ options: [subnet(ip, bits)] })] });
    const response = await udp(packet);
    expect(response.answers).toMatchObject([{ data: value }]);
    expect(response.additionals).toMatchObject([
      { type: 'OPT', options: [{ code: 8, sourcePrefixLength: bits, scopePrefixLength: scope }] },
    ]);
  });

  it('takes the sender for the client without a subnet, and sends no OPT to who sent none', async () => {
    const response = await udp(query({ name: 'geo.example.com' }));
    expect(response.answers).toMatchObject([{ data: '192.0.2.202' }]);
    expect(response.additionals).toEqual([]);
  });

  it('truncates what is longer than the client takes, and sends the whole over TCP', async () => {
    const big = query({ name: 'big.example.com', type: 'TXT' });
    for (const packet of [big, query(big.questions?.[0], { additionals: [opt({ udpPayloadSize: 65_535 })] })]) {
      const response = await udp(packet);
      expect(response).toMatchObject({ flag_tc: true, answers: [] });
      expect(response.questions).toHaveLength(1);
    }
    const many = query({ name: 'www.example.com' }, { additionals: [opt({ udpPayloadSize: 10 })] });
    expect(await udp(many)).toMatchObject({ flag_tc: false });
    const [whole] = await tcp([streamEncode(big)], 1);
    expect(whole).toMatchObject({ flag_tc: false, answers: { length: 10 } });
  });

  it('answers several queries of one TCP connection, however they are cut', async () => {
    const stream = Buffer.concat([streamEncode(query({}, { id: 1 })), streamEncode(query({}, { id: 2 }))]);
    const responses = await tcp([stream.subarray(0, 1), stream.subarray(1, 40), stream.subarray(40)], 2);
    expect(responses.map(({ id }) => id)).toEqual([1, 2]);
  });
});

describe('starting and stopping', () => {
  it('frees its port and ends open connections when it is closed', async () => {
    const first = await serveFixture('latency');
    const connection = connect(first.port, LOOPBACK);
    await once(connection, 'connect');
    const ended = once(connection, 'close');
    await first.close();
    await ended;
    const { fixture } = parseFixture({ ResourceRecordSets: [] });
    if (fixture === undefined) throw new Error('an empty fixture was refused');
    const second = await startDnsServer(createFixtureSource(fixture, createSeededRandom(1)), first.port);
    expect(second.port).toBe(first.port);
    await second.close();
  });

  it('fails where the port is taken', async () => {
    const { fixture } = parseFixture({ ResourceRecordSets: [] });
    if (fixture === undefined) throw new Error('an empty fixture was refused');
    await expect(
      startDnsServer(createFixtureSource(fixture, createSeededRandom(1)), server.port),
    ).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('answers an outside alias with addresses where it is given them', async () => {
    const { fixture } = parseFixture(JSON.parse(readFileSync('test/_fixtures/route53/everything.json', 'utf8')));
    if (fixture === undefined) throw new Error('the fixture was refused');
    const source = {
      ...createFixtureSource(fixture, createSeededRandom(1)),
      addressesOf: () => ['127.0.0.1', '127.0.0.2'],
    };
    const own = await startDnsServer(source, 0);
    const asking = new Resolver({ timeout: 2_000, tries: 1 });
    asking.setServers([`${LOOPBACK}:${own.port}`]);
    expect(await asking.resolve4('lb.example.com')).toEqual(['127.0.0.1', '127.0.0.2']);
    await own.close();
  });
});

const run = promisify(execFile);
const installed = await Promise.all(
  ['dig', 'kdig'].map(async (tool) => {
    try {
      await run(tool, ['-h']);
      return tool;
    } catch {
      return undefined;
    }
  }),
);

describe.each(['dig', 'kdig'])('the DNS server asked by %s', (tool) => {
  const ask = async (...args: readonly string[]) =>
    (await run(tool, [`@${LOOPBACK}`, '-p', String(server.port), ...args])).stdout;

  it.skipIf(!installed.includes(tool))('answers with and without a client subnet, and over TCP', async () => {
    expect(await ask('+short', 'geo.example.com')).toBe('192.0.2.202\n');
    expect(await ask('+short', '+subnet=203.0.113.0/24', 'geo.example.com')).toBe('192.0.2.201\n');
    expect(await ask('+tcp', 'gone.example.com')).toMatch(/NXDOMAIN/);
    expect((await ask('+short', 'big.example.com', 'TXT')).trim().split('\n')).toHaveLength(10);
  });
});
