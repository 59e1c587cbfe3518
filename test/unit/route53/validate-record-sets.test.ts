import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../core/errors.ts';
import type { RecordType, ResourceRecordSet } from '../../../core/routing/record-set.ts';
import { type RecordSetContext, validateRecordSets } from '../../../core/routing/validate-record-sets.ts';
import { a, alias, elbAlias, ZONE } from '../../_helpers/route53-zone.ts';

const record = (
  Name: string,
  Type: RecordType,
  Value: string,
  extra: Partial<ResourceRecordSet> = {},
): ResourceRecordSet => ({
  Name,
  Type,
  TTL: 60,
  ResourceRecords: [{ Value }],
  ...extra,
});
const told = (recordSets: readonly ResourceRecordSet[], context: RecordSetContext = {}) =>
  validateRecordSets(recordSets, context).map(formatProblem);
const inZone = { hostedZone: ZONE };

interface Case {
  readonly what: string;
  readonly recordSets: readonly ResourceRecordSet[];
  readonly context?: RecordSetContext;
  readonly problems: readonly RegExp[];
}

const one = (extra: Partial<ResourceRecordSet>) => [a('192.0.2.1', extra)];
const pair = (first: Partial<ResourceRecordSet>, second: Partial<ResourceRecordSet>) => [
  a('192.0.2.1', { SetIdentifier: '1', ...first }),
  a('192.0.2.2', { SetIdentifier: '2', ...second }),
];
const { TTL: _, ...withoutTtl } = a('192.0.2.1');
const { ResourceRecords: __, ...withoutContent } = a('192.0.2.1');

const CASES: readonly Case[] = [
  { what: 'nothing', recordSets: [], problems: [] },
  { what: 'a plain record set', recordSets: one({}), context: inZone, problems: [] },
  { what: 'a broken name', recordSets: one({ Name: 'a..example.com' }), problems: [/\[0\]\.Name: .*empty label/] },
  { what: 'an empty name', recordSets: one({ Name: '.' }), problems: [/\[0\]\.Name: .*it is empty/] },
  {
    what: 'a wildcard NS',
    recordSets: [record('*.example.com', 'NS', 'ns.example.org')],
    problems: [/NS record set cannot be a wildcard/],
  },
  {
    what: 'an unknown type',
    recordSets: one({ Type: 'FOO' as RecordType }),
    problems: [/\[0\]\.Type: the record type is unknown/],
  },
  { what: 'no set identifier', recordSets: one({ Weight: 1 }), problems: [/\[0\]\.SetIdentifier: .*missing/] },
  {
    what: 'a set identifier without a policy',
    recordSets: one({ SetIdentifier: 'x' }),
    problems: [/simple record set has no set identifier/],
  },
  { what: 'an empty set identifier', recordSets: one({ Weight: 1, SetIdentifier: '' }), problems: [/0 characters/] },
  { what: 'a set identifier of 128', recordSets: one({ Weight: 1, SetIdentifier: 'x'.repeat(128) }), problems: [] },
  {
    what: 'a set identifier of 129',
    recordSets: one({ Weight: 1, SetIdentifier: 'x'.repeat(129) }),
    problems: [/129 characters/],
  },
  {
    what: 'the same set identifier twice',
    recordSets: pair({ Weight: 1 }, { Weight: 1, SetIdentifier: '1' }),
    problems: [/\[1\]\.SetIdentifier: .*taken by ResourceRecordSets\[0\]/],
  },
  { what: 'weight -1', recordSets: one({ SetIdentifier: 'x', Weight: -1 }), problems: [/Weight: .*out of range/] },
  { what: 'weight 0', recordSets: one({ SetIdentifier: 'x', Weight: 0 }), problems: [] },
  { what: 'weight 255', recordSets: one({ SetIdentifier: 'x', Weight: 255 }), problems: [] },
  {
    what: 'weight 256',
    recordSets: one({ SetIdentifier: 'x', Weight: 256 }),
    problems: [/Weight: .*found 256; allowed: an integer from 0 to 255/],
  },
  { what: 'weight 1.5', recordSets: one({ SetIdentifier: 'x', Weight: 1.5 }), problems: [/Weight: .*out of range/] },
  {
    what: 'an unknown Region',
    recordSets: one({ SetIdentifier: 'x', Region: 'mars-1' }),
    problems: [/Region: the Region is unknown/],
  },
  {
    what: 'one Region twice',
    recordSets: pair({ Region: 'eu-west-1' }, { Region: 'eu-west-1' }),
    problems: [/\[1\]\.Region: .*taken/],
  },
  {
    what: 'an unknown failover role',
    recordSets: one({ SetIdentifier: 'x', Failover: 'THIRD' as 'PRIMARY' }),
    problems: [/failover role is unknown/],
  },
  {
    what: 'two primaries',
    recordSets: pair({ Failover: 'PRIMARY' }, { Failover: 'PRIMARY' }),
    problems: [/\[1\]\.Failover: .*taken/],
  },
  {
    what: 'two secondaries',
    recordSets: pair({ Failover: 'SECONDARY' }, { Failover: 'SECONDARY' }),
    problems: [/\[1\]\.Failover: .*taken/],
  },
  {
    what: 'an empty location',
    recordSets: one({ SetIdentifier: 'x', GeoLocation: {} }),
    problems: [/neither a continent nor a country/],
  },
  {
    what: 'an unknown continent',
    recordSets: one({ SetIdentifier: 'x', GeoLocation: { ContinentCode: 'XX' } }),
    problems: [/continent is unknown/],
  },
  {
    what: 'continent and country',
    recordSets: one({ SetIdentifier: 'x', GeoLocation: { ContinentCode: 'EU', CountryCode: 'DE' } }),
    problems: [/continent stands alone/],
  },
  {
    what: 'a country that is not supported',
    recordSets: one({ SetIdentifier: 'x', GeoLocation: { CountryCode: 'BV' } }),
    problems: [/not supported/],
  },
  {
    what: 'a subdivision elsewhere',
    recordSets: one({ SetIdentifier: 'x', GeoLocation: { CountryCode: 'DE', SubdivisionCode: 'BE' } }),
    problems: [/only the United States/],
  },
  {
    what: 'an unknown state',
    recordSets: one({ SetIdentifier: 'x', GeoLocation: { CountryCode: 'US', SubdivisionCode: 'XX' } }),
    problems: [/state is unknown/],
  },
  {
    what: 'one location twice',
    recordSets: pair({ GeoLocation: { CountryCode: '*' } }, { GeoLocation: { CountryCode: '*' } }),
    problems: [/\[1\]\.GeoLocation: .*taken/],
  },
  {
    what: 'MultiValueAnswer false',
    recordSets: one({ SetIdentifier: 'x', MultiValueAnswer: false }),
    problems: [/MultiValueAnswer: .*not true/],
  },
  {
    what: 'a multivalue alias',
    recordSets: [elbAlias('lb.elb.amazonaws.com', { SetIdentifier: 'x', MultiValueAnswer: true })],
    problems: [/multivalue answer record set cannot be an alias/],
  },
  {
    what: 'a multivalue CNAME',
    recordSets: [record('x.example.com', 'CNAME', 'y.example.org', { SetIdentifier: 'x', MultiValueAnswer: true })],
    problems: [/multivalue record set cannot have this type/],
  },
  {
    what: 'a weighted NS',
    recordSets: [record('x.example.com', 'NS', 'y.example.org', { SetIdentifier: 'x', Weight: 1 })],
    problems: [/weighted record set cannot have this type/],
  },
  { what: 'neither values nor alias', recordSets: [withoutContent], problems: [/neither values nor an alias target/] },
  {
    what: 'both values and alias',
    recordSets: [elbAlias('lb.elb.amazonaws.com', { ResourceRecords: [{ Value: '192.0.2.1' }] })],
    problems: [/both values and an alias target/],
  },
  {
    what: 'an alias with a TTL',
    recordSets: [elbAlias('lb.elb.amazonaws.com', { TTL: 60 })],
    problems: [/TTL: an alias has no TTL of its own/],
  },
  { what: 'no TTL', recordSets: [withoutTtl], problems: [/TTL: the TTL is missing/] },
  { what: 'TTL -1', recordSets: one({ TTL: -1 }), problems: [/TTL: .*out of range/] },
  { what: 'TTL 0', recordSets: one({ TTL: 0 }), problems: [] },
  { what: 'the longest TTL', recordSets: one({ TTL: 2_147_483_647 }), problems: [] },
  { what: 'a TTL above it', recordSets: one({ TTL: 2_147_483_648 }), problems: [/TTL: .*out of range/] },
  { what: 'no values', recordSets: one({ ResourceRecords: [] }), problems: [/a record set of type A has 0 values/] },
  {
    what: 'two values of a CNAME',
    recordSets: [record('x.example.com', 'CNAME', '', { ResourceRecords: [{ Value: 'a.b' }, { Value: 'c.d' }] })],
    problems: [/a record set of type CNAME has 2 values/],
  },
  {
    what: '400 values',
    recordSets: one({
      ResourceRecords: Array.from({ length: 400 }, (___, i) => ({ Value: `192.0.${i >> 8}.${i & 255}` })),
    }),
    problems: [],
  },
  {
    what: '401 values',
    recordSets: one({
      ResourceRecords: Array.from({ length: 401 }, (___, i) => ({ Value: `192.0.${i >> 8}.${i & 255}` })),
    }),
    problems: [/401 values/],
  },
  {
    what: 'a value twice',
    recordSets: one({ ResourceRecords: [{ Value: '192.0.2.1' }, { Value: '192.0.2.1' }] }),
    problems: [/ResourceRecords\[1\]\.Value: the value is listed twice/],
  },
  {
    what: 'an alias of type NS',
    recordSets: [elbAlias('lb.elb.amazonaws.com', { Type: 'NS' })],
    problems: [/an alias cannot have this type/],
  },
  {
    what: 'an alias to a broken name',
    recordSets: [elbAlias('a..b')],
    problems: [/AliasTarget\.DNSName: .*no domain name/],
  },
  {
    what: 'an alias without a zone',
    recordSets: [
      alias('x.example.org', {
        AliasTarget: { HostedZoneId: '', DNSName: 'x.example.org', EvaluateTargetHealth: true },
      }),
    ],
    problems: [/AliasTarget\.HostedZoneId: .*missing/],
  },
  { what: 'a health check id of 65', recordSets: one({ HealthCheckId: 'x'.repeat(65) }), problems: [/65 characters/] },
  {
    what: 'two simple record sets',
    recordSets: [a('192.0.2.1'), a('192.0.2.2')],
    problems: [/\[1\]: a second simple record set/],
  },
  {
    what: 'two simple record sets in other spellings',
    recordSets: [a('192.0.2.1'), a('192.0.2.2', { Name: 'API.example.com.' })],
    problems: [/second simple/],
  },
  {
    what: 'a CNAME beside another type',
    recordSets: [record('x.example.com', 'CNAME', 'y.example.org'), record('x.example.com', 'TXT', '"x"')],
    problems: [/\[0\]: a CNAME stands beside other types/],
  },
  {
    what: 'a CNAME at the apex',
    recordSets: [record('example.com', 'CNAME', 'y.example.org')],
    context: inZone,
    problems: [/CNAME cannot stand at the zone apex/],
  },
  { what: 'a CNAME at an unknown apex', recordSets: [record('example.com', 'CNAME', 'y.example.org')], problems: [] },
  {
    what: 'a name outside the zone',
    recordSets: one({ Name: 'api.example.org' }),
    context: inZone,
    problems: [/outside the hosted zone/],
  },
  {
    what: 'an SOA below the apex',
    recordSets: [record('x.example.com', 'SOA', 'a.b c.d 1 1 1 1 1')],
    context: inZone,
    problems: [/SOA stands elsewhere/],
  },
  {
    what: 'an alias to another type',
    recordSets: [alias('x.example.com'), record('x.example.com', 'AAAA', '::1')],
    problems: [/alias has type A, its target in this zone has not/],
  },
  {
    what: 'an alias to nothing in the zone',
    recordSets: [alias('x.example.com')],
    context: inZone,
    problems: [/not among the record sets of this hosted zone/],
  },
  {
    what: 'an alias into the zone by a prefixed id',
    recordSets: [alias('x.example.com'), a('192.0.2.1', { Name: 'x.example.com' })],
    context: { hostedZone: { ...ZONE, Id: `/hostedzone/${ZONE.Id}` } },
    problems: [],
  },
  {
    what: "an alias into the zone by another zone's id",
    recordSets: [elbAlias('x.example.com'), a('192.0.2.1', { Name: 'x.example.com' })],
    context: inZone,
    problems: [/HostedZoneId: the alias target is in this hosted zone, the id is another/],
  },
  {
    what: 'an alias to a load balancer',
    recordSets: [elbAlias('lb.elb.amazonaws.com')],
    context: inZone,
    problems: [],
  },
  { what: 'an alias to itself', recordSets: [alias('api.example.com')], problems: [/closes a loop/] },
  {
    what: 'a loop of aliases',
    recordSets: [alias('b.example.com'), alias('api.example.com', { Name: 'b.example.com' })],
    problems: [/\[1\]: .*closes a loop/],
  },
  {
    what: 'a loop of CNAMEs',
    recordSets: [record('a.example.com', 'CNAME', 'b.example.com'), record('b.example.com', 'CNAME', 'a.example.com.')],
    problems: [/closes a loop/],
  },
  {
    what: 'a diamond, which is no loop',
    recordSets: [
      alias('b.example.com', { SetIdentifier: '1', Weight: 1 }),
      alias('c.example.com', { SetIdentifier: '2', Weight: 1 }),
      alias('d.example.com', { Name: 'b.example.com' }),
      alias('d.example.com', { Name: 'c.example.com' }),
      a('192.0.2.1', { Name: 'd.example.com' }),
    ],
    problems: [],
  },
  {
    what: 'a health check nobody has',
    recordSets: one({ HealthCheckId: 'x' }),
    context: { healthChecks: [] },
    problems: [/no health check has this id/],
  },
  {
    what: 'a health check somebody has',
    recordSets: one({ HealthCheckId: 'x' }),
    context: { healthChecks: [{ Id: 'x' }] },
    problems: [],
  },
  { what: 'a health check nobody knows of', recordSets: one({ HealthCheckId: 'x' }), problems: [] },
];

describe('validating record sets', () => {
  it.each(CASES)('finds $problems.length problems with $what', ({ recordSets, context, problems }) => {
    const found = told(recordSets, context);
    expect(found).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) expect(found[index]).toMatch(problem);
  });

  it('tells every problem of every record set at once, each with its place', () => {
    const found = told(
      [
        a('not an address', { Weight: 300, TTL: -1 }),
        elbAlias('lb.elb.amazonaws.com', { TTL: 60 }),
        a('192.0.2.1', { Name: 'x.example.org', HealthCheckId: 'gone' }),
      ],
      { hostedZone: ZONE, healthChecks: [] },
    );
    expect(found.map((line) => line.slice(2, line.indexOf(':')))).toEqual([
      'ResourceRecordSets[0].SetIdentifier',
      'ResourceRecordSets[0].Weight',
      'ResourceRecordSets[0].TTL',
      'ResourceRecordSets[0].ResourceRecords[0].Value',
      'ResourceRecordSets[1].TTL',
      'ResourceRecordSets[1]',
      'ResourceRecordSets[2].Name',
      'ResourceRecordSets[2].HealthCheckId',
    ]);
  });

  it.each([10_000, 10_001])('takes %i record sets up to 10,000', (count) => {
    const recordSets = Array.from({ length: count }, (_, index) => a('192.0.2.1', { Name: `r${index}.example.com` }));
    expect(validateRecordSets(recordSets)).toHaveLength(count > 10_000 ? 1 : 0);
  });

  it.each([30, 31])('takes %i geoproximity record sets up to 30', (count) => {
    const recordSets = Array.from({ length: count }, (_, index) =>
      a('192.0.2.1', { SetIdentifier: `${index}`, GeoProximityLocation: { AWSRegion: 'eu-west-1' } }),
    );
    expect(validateRecordSets(recordSets)).toHaveLength(count > 30 ? 1 : 0);
  });
});
