import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../../cli/main.ts';
import { recordingIo } from '../../_helpers/recording-io.ts';

const FIXTURES = 'test/_fixtures/route53';
const folder = mkdtempSync(join(tmpdir(), 'route53-'));
afterAll(() => rmSync(folder, { recursive: true }));

let written = 0;
function fileWith(content: unknown): string {
  written += 1;
  const path = join(folder, `${written}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function run(...args: readonly string[]) {
  const io = recordingIo();
  const code = await main(['route53', ...args], io);
  return { code, output: io.output, errors: io.errors };
}

async function answer(fixture: string, ...options: readonly string[]) {
  const { code, output, errors } = await run('answer', `${FIXTURES}/${fixture}.json`, ...options);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  return JSON.parse(output);
}

const sharesIn = (report: { answers: readonly { value: string; share: number }[] }) =>
  Object.fromEntries(report.answers.map(({ value, share }) => [value, share]));

describe('switchyard route53 answer', () => {
  it('prints the whole answer as one JSON document', async () => {
    expect(await answer('active-passive')).toEqual({
      name: 'api.example.com',
      type: 'A',
      rcode: 'NOERROR',
      answers: [
        {
          value: 'singapore-1.ap-southeast-1.elb.amazonaws.com.',
          setIdentifier: 'singapore',
          path: ['api.example.com/live', 'live.api.example.com/singapore'],
          share: 0.9,
        },
        {
          value: '192.0.2.20',
          setIdentifier: 'tokyo',
          path: ['api.example.com/live', 'live.api.example.com/tokyo'],
          share: 0.1,
        },
      ],
      ttl: 30,
      explanation: expect.arrayContaining([expect.stringContaining('is failover')]),
    });
  });

  it.each([
    { options: [], got: { '192.0.2.3': 1 } },
    { options: ['--client-subnet', '198.51.100.7/32'], got: { '192.0.2.3': 1 } },
    { options: ['--client-subnet', '203.0.113.0/26'], got: { '192.0.2.2': 1 } },
    { options: ['--client-subnet', '203.0.113.200'], got: { '192.0.2.3': 1 } },
    { options: ['--client-subnet', '203.0.0.0/16'], got: { '192.0.2.3': 1 } },
    { options: ['--client-subnet', '2001:db8::/32'], got: { '192.0.2.3': 1 } },
  ])('looks the client subnet up by the smallest block: $options', async ({ options, got }) => {
    expect(sharesIn(await answer('geolocation', ...options))).toEqual(got);
  });

  it('answers a disabled check as healthy whatever the fixture says of its health', async () => {
    expect(sharesIn(await answer('latency', '--client-subnet', '2001:db8:1::/48'))).toEqual({ '192.0.2.2': 1 });
  });

  it('takes null for a place that is not known, and any country', async () => {
    const geo = (value: string, CountryCode: string) => ({
      Name: 'a.example.com',
      Type: 'A',
      SetIdentifier: value,
      TTL: 1,
      GeoLocation: { CountryCode },
      ResourceRecords: [{ Value: value }],
    });
    const Clients = { '192.0.2.0/24': { continent: null, country: 'BV', subdivision: '21', latencyMs: null } };
    const file = fileWith({ ResourceRecordSets: [geo('192.0.2.1', '*'), geo('192.0.2.2', 'NO')], Clients });
    const { output } = await run('answer', file, '--client-subnet', '192.0.2.7');
    expect(sharesIn(JSON.parse(output))).toEqual({ '192.0.2.1': 1 });
  });

  it('follows a CNAME of the zone; ttl is the least on the way, path names every step', async () => {
    const report = await answer(
      'latency',
      '--name',
      'WWW.example.com.',
      '--type',
      'a',
      '--client-subnet',
      '203.0.113.9',
    );
    expect(report).toMatchObject({
      name: 'www.example.com',
      type: 'A',
      ttl: 20,
      answers: [
        { value: '192.0.2.1', setIdentifier: 'sin', path: ['www.example.com', 'api.example.com/sin'], share: 1 },
      ],
    });
    expect(report.explanation).toContain('www.example.com is a CNAME to api.example.com');
  });

  it.each([
    { name: 'gone.example.com', rcode: 'NXDOMAIN' },
    { name: 'example.com', rcode: 'NOERROR' },
  ])('gives $rcode and the negative TTL for $name', async ({ name, rcode }) => {
    expect(await answer('latency', '--name', name, '--type', 'A')).toMatchObject({
      name,
      rcode,
      answers: [],
      ttl: 120,
    });
  });

  it('gives a value of a multivalue answer the probability to be in an answer', async () => {
    const report = await answer('everything');
    expect(report).toMatchObject({ name: 'many.example.com', ttl: 30 });
    expect(new Set(Object.values(sharesIn(report)))).toEqual(new Set([0.8]));
    expect(report.answers).toHaveLength(10);
  });

  it('samples with a seed, the same for the same seed', async () => {
    const sampled = (seed: string) =>
      answer('everything', '--name', 'half.example.com', '--queries', '1000', '--seed', seed);
    const [one, again, other] = [await sampled('7'), await sampled('7'), await sampled('8')];
    expect(again).toEqual(one);
    expect(sharesIn(other)).not.toEqual(sharesIn(one));
    expect(sharesIn(one)['192.0.2.101']).toBeCloseTo(0.5, 1);
    expect(one.explanation).toContain('the shares are those of 1000 sampled queries, seed 7');
  });

  it('asks for the first record set that agrees with the options', async () => {
    expect(await answer('latency')).toMatchObject({ name: 'api.example.com', type: 'A' });
    expect(await answer('latency', '--type', 'CNAME')).toMatchObject({ name: 'www.example.com', type: 'CNAME' });
    expect(await answer('latency', '--type', 'SOA')).toMatchObject({ name: 'example.com', answers: [{ share: 1 }] });
    expect(await answer('latency', '--name', 'www.example.com')).toMatchObject({ type: 'CNAME' });
    expect(await answer('latency', '--name', 'gone.example.com')).toMatchObject({ type: 'A', rcode: 'NXDOMAIN' });
    expect(await answer('latency', '--name', 'example.com', '--type', 'NS')).toMatchObject({
      ttl: 172_800,
      answers: { length: 4 },
    });
  });

  it('warns in its explanation of what AWS advises against, and answers', async () => {
    const primary = {
      Name: 'a.example.com',
      Type: 'A',
      SetIdentifier: 'p',
      Failover: 'PRIMARY',
      TTL: 60,
      ResourceRecords: [{ Value: '192.0.2.1' }],
    };
    const { code, output } = await run('answer', fileWith({ ResourceRecordSets: [primary] }));
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      answers: [{ value: '192.0.2.1', share: 1 }],
      explanation: { 1: expect.stringMatching(/warning: .*never fails over/) },
    });
  });
});

describe('refusals of switchyard route53 answer', () => {
  const sound = { Name: 'a.example.com', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] };
  const check = (extra: object) => ({
    Id: 'it',
    HealthCheckConfig: { Type: 'HTTPS', FullyQualifiedDomainName: 'a.example.com', ...extra },
  });

  it.each([
    { what: 'a file that is not there', content: undefined, reasons: [/cannot be read \(ENOENT\)/] },
    { what: 'a file that is not JSON', content: '{', reasons: [/not JSON/] },
    { what: 'an empty file', content: '', reasons: [/not JSON/] },
    { what: 'a list', content: [], reasons: [/wrong type.*object/] },
    { what: 'null', content: 'null', reasons: [/wrong type/] },
    { what: 'nothing in it', content: {}, reasons: [/ResourceRecordSets: is missing/] },
    {
      what: 'a number for a list',
      content: { ResourceRecordSets: 5 },
      reasons: [/ResourceRecordSets: .*wrong type \(found 5/],
    },
    {
      what: 'an unknown key',
      content: { ResourceRecordSets: [sound], Records: [] },
      reasons: [/Records: is not a known key/],
    },
    {
      what: 'a misspelt field',
      content: { ResourceRecordSets: [{ ...sound, Wieght: 1 }] },
      reasons: [/ResourceRecordSets\[0\]\.Wieght: is not a known key/],
    },
    {
      what: 'a weight as text',
      content: { ResourceRecordSets: [{ ...sound, SetIdentifier: 'x', Weight: '1' }] },
      reasons: [/Weight: .*wrong type \(found "1"; allowed: number\)/],
    },
    {
      what: 'a type as number',
      content: { ResourceRecordSets: [{ ...sound, Type: 1 }] },
      reasons: [/Type: the value is not a string/],
    },
    { what: 'no type', content: { ResourceRecordSets: [{ Name: 'x' }] }, reasons: [/Type: is missing/] },
    {
      what: 'faults of shape and of sense',
      content: {
        ResourceRecordSets: [
          { ...sound, TTL: 'x' },
          { ...sound, TTL: -1 },
        ],
        HealthChecks: [check({ RequestInterval: 5 }), 7],
      },
      reasons: [/\[0\]\.TTL/, /HealthChecks\[1\]/, /\[1\]\.TTL: .*out of range/, /HealthChecks\[0\].*RequestInterval/],
    },
    {
      what: 'faults between record sets besides unreadable keys, health and clients',
      content: {
        Surprise: 1,
        ResourceRecordSets: [
          { ...sound, SetIdentifier: 'x', Weight: 1, HealthCheckId: 'it' },
          { ...sound, SetIdentifier: 'y', Weight: 1, TTL: 30 },
        ],
        Health: { it: 'sick', other: 'healthy' },
        Clients: { here: {}, '192.0.2.0/24': { contintent: 'EU' } },
      },
      reasons: [
        /Surprise: is not a known key/,
        /Health\.it: .*allowed: "healthy", "unhealthy", \{.*found "sick"/,
        /contintent: is not a known key/,
        /\[1\]\.TTL: .*different TTLs/,
        /Health\.other: no health check has this id/,
        /Clients\.here: .*cannot be read/,
      ],
    },
    {
      what: 'health of a check in a list that cannot be read',
      content: { ResourceRecordSets: [sound], HealthChecks: [{ Id: 'it' }], Health: { it: 'healthy' } },
      reasons: [/HealthChecks\[0\]\.HealthCheckConfig: is missing/],
    },
    {
      what: 'an unknown health check in Health',
      content: { ResourceRecordSets: [sound], Health: { x: 'healthy' } },
      reasons: [/Health\.x: no health check has this id/],
    },
    {
      what: 'an unknown status',
      content: { ResourceRecordSets: [{ ...sound, HealthCheckId: 'it' }], Health: { it: 'fine' } },
      reasons: [/Health\.it: is not a health/],
    },
    {
      what: 'a percentage above 100',
      content: {
        ResourceRecordSets: [sound],
        HealthChecks: [check({})],
        Health: { it: { checkersHealthyPercent: 101 } },
      },
      reasons: [/checkersHealthyPercent: .*0 to 100/],
    },
    {
      what: 'checkers of a check without',
      content: {
        ResourceRecordSets: [sound],
        HealthChecks: [{ Id: 'it', HealthCheckConfig: { Type: 'CALCULATED', HealthThreshold: 0 } }],
        Health: { it: { checkersHealthyPercent: 50 } },
      },
      reasons: [/type CALCULATED has no checkers/],
    },
    {
      what: 'health of a target nobody has',
      content: { ResourceRecordSets: [sound], TargetHealth: { 'lb.example.org': true } },
      reasons: [/TargetHealth\["lb\.example\.org"\]: no alias has this target/],
    },
    {
      what: 'health of a target inside',
      content: { ResourceRecordSets: [sound], TargetHealth: { 'a.example.com': true } },
      reasons: [/the name is in this zone/],
    },
    {
      what: 'a health check that is not listed',
      content: { ResourceRecordSets: [{ ...sound, HealthCheckId: 'x' }], HealthChecks: [] },
      reasons: [/HealthCheckId: no health check has this id/],
    },
    {
      what: 'a client that is no block',
      content: { ResourceRecordSets: [sound], Clients: { here: {} } },
      reasons: [/Clients\.here: .*cannot be read/],
    },
    {
      what: 'a block twice',
      content: { ResourceRecordSets: [sound], Clients: { '192.0.2.0/24': {}, '192.0.2.9/24': {} } },
      reasons: [/listed twice/],
    },
    {
      what: 'places and Regions nobody knows',
      content: {
        ResourceRecordSets: [sound],
        Clients: {
          '::/0': {
            continent: 'XX',
            country: 'Singapore',
            subdivision: 'ZZ',
            latencyMs: { 'mars-1': 1, 'eu-west-1': -1 },
          },
        },
      },
      reasons: [
        /continent/,
        /country/,
        /latencyMs\.mars-1: the Region is unknown/,
        /latencyMs\.eu-west-1: the latency is negative/,
      ],
    },
    {
      what: 'a broken zone name',
      content: { HostedZone: { Name: '..' }, ResourceRecordSets: [] },
      reasons: [/HostedZone\.Name/],
    },
    {
      what: 'geoproximity',
      content: {
        ResourceRecordSets: [{ ...sound, SetIdentifier: 'x', GeoProximityLocation: { AWSRegion: 'eu-west-1' } }],
      },
      reasons: [/geoproximity routing is not modelled/],
    },
    {
      what: 'no record sets',
      content: { ResourceRecordSets: [] },
      reasons: [/no record set to take the question from/],
    },
  ])('$what', async ({ content, reasons }) => {
    const path = content === undefined ? join(folder, 'none.json') : fileWith(content);
    const { code, output, errors } = await run('answer', path);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(reasons.length);
    for (const reason of reasons) expect(errors).toMatch(reason);
    expect(errors).not.toMatch(/\n {4}at /);
  });

  it.each([
    { options: ['--name', 'a..b'], reason: /--name: .*empty label/ },
    { options: ['--name', 'example.org'], reason: /--name: the name is outside the hosted zone/ },
    { options: ['--type', 'FOO'], reason: /--type: the record type is unknown/ },
    { options: ['--client-subnet', 'here'], reason: /--client-subnet: .*CIDR/ },
    { options: ['--client-subnet', '192.0.2.0/33'], reason: /--client-subnet/ },
    { options: ['--queries', '0'], reason: /--queries: .*1 to 1000000/ },
    { options: ['--queries', '1e3'], reason: /--queries/ },
    { options: ['--seed', '-1'], reason: /--seed: .*0 to 4294967295/ },
    { options: ['--frobnicate'], reason: /unknown option/ },
  ])('$options', async ({ options, reason }) => {
    const { code, output, errors } = await run('answer', `${FIXTURES}/latency.json`, ...options);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toMatch(reason);
  });

  it('tells the faults of the options with those of the fixture', async () => {
    const { errors } = await run('answer', fileWith({ ResourceRecordSets: 5 }), '--type', 'FOO', '--seed', 'x');
    expect(errors).toMatch(/ResourceRecordSets[\s\S]*--type[\s\S]*--seed/);
  });

  it('names the file, and says of every problem what to do', async () => {
    const file = fileWith({
      HostedZone: { Name: 'example.com' },
      ResourceRecordSets: [
        { Name: 'a.example.com', Type: 'A', TTL: -1, ResourceRecords: [] },
        { Name: 'b.example.org', Type: 'ZZZ' },
      ],
      Health: { y: { checkersHealthyPercent: 200 } },
      Clients: { nocidr: { latencyMs: { x: -1 } } },
    });
    const { errors } = await run('answer', file);
    const [title, ...problems] = errors.split('\n');
    expect(title).toBe(`the fixture ${file} is refused:`);
    expect(problems.filter((line) => !/; (add|correct|use|name) [^[]+( \[[^\]]+\])?$/.test(line))).toEqual([]);
    for (const told of [
      'Health.y: no health check has this id',
      'Health.y.checkersHealthyPercent: the percentage is out of range (found 200; allowed: 0 to 100); correct it',
      'Clients.nocidr: the block of addresses cannot be read',
      'Clients.nocidr.latencyMs.x: the Region is unknown',
      'Clients.nocidr.latencyMs.x: the latency is negative (found -1; allowed: 0 or more milliseconds); correct it',
    ]) {
      expect(errors).toContain(told);
    }
  });

  it('says what it needs when it gets no file', async () => {
    expect(await run('answer')).toMatchObject({ code: 2, errors: expect.stringMatching(/missing required argument/) });
  });
});
