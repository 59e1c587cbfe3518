import { describe, expect, it } from 'vitest';
import type { ResourceRecordSet } from '../../../core/routing/record-set.ts';
import { withApexRecords } from '../../../twin/route53/answering/default-apex-records.ts';
import { createZoneIndex } from '../../../twin/route53/answering/zone-index.ts';
import { a, alias, distributionOf, rcodesOf, sharesOf } from '../../_helpers/route53-zone.ts';

const cname = (name: string, target: string, extra: Partial<ResourceRecordSet> = {}): ResourceRecordSet => ({
  Name: name,
  Type: 'CNAME',
  TTL: 300,
  ResourceRecords: [{ Value: target }],
  ...extra,
});
const soa = (ttl: number, minimum: number): ResourceRecordSet => ({
  Name: 'example.com',
  Type: 'SOA',
  TTL: ttl,
  ResourceRecords: [{ Value: `ns-1.example.net. hostmaster.example.com. 1 7200 900 1209600 ${minimum}` }],
});

describe('rule 32: names, chains and negative answers', () => {
  it('rule 32: a CNAME inside the zone is followed to its end', () => {
    const zone = [
      cname('api.example.com', 'www.example.com.'),
      cname('www.example.com', 'end.example.com'),
      a('end', { Name: 'end.example.com' }),
    ];
    expect(sharesOf(zone)).toEqual({ end: 1 });
    const [outcome] = distributionOf(zone).outcomes;
    expect(outcome?.cnames.map(({ owner, target }) => [owner, target])).toEqual([
      ['api.example.com', 'www.example.com'],
      ['www.example.com', 'end.example.com'],
    ]);
    expect(outcome?.owner).toBe('end.example.com');
    expect(outcome?.from[0]?.path).toEqual(['api.example.com', 'www.example.com', 'end.example.com']);
  });

  it('rule 32: a CNAME that leaves the zone is itself the answer', () => {
    const zone = [cname('api.example.com', 'www.example.org')];
    expect(sharesOf(zone)).toEqual({ 'www.example.org': 1 });
  });

  it('rule 32: a question for CNAME is answered with the CNAME', () => {
    const zone = [cname('api.example.com', 'www.example.com'), a('end', { Name: 'www.example.com' })];
    expect(sharesOf(zone, { question: { type: 'CNAME' } })).toEqual({ 'www.example.com': 1 });
  });

  it('rule 32: a weighted CNAME shares its weight between what it leads to', () => {
    const zone = [
      cname('api.example.com', 'one.example.com', { SetIdentifier: '1', Weight: 3 }),
      cname('api.example.com', 'elsewhere.example.org', { SetIdentifier: '2', Weight: 1 }),
      a('one', { Name: 'one.example.com' }),
    ];
    expect(sharesOf(zone)).toEqual({ one: 0.75, 'elsewhere.example.org': 0.25 });
  });

  it('rule 32: a CNAME to a name of the zone that does not exist gives NXDOMAIN', () => {
    expect(rcodesOf([cname('api.example.com', 'gone.example.com')])).toEqual(['NXDOMAIN']);
    expect(
      rcodesOf([cname('api.example.com', 'www.example.com'), a('x', { Name: 'www.example.com', Type: 'AAAA' })]),
    ).toEqual(['NODATA']);
  });

  it('rule 32: a CNAME through a wildcard onto itself ends instead of going round', () => {
    expect(sharesOf([cname('*.example.com', 'loop.example.com')])).toEqual({ 'loop.example.com': 1 });
  });

  it('rule 32: an alias chain ends at the last record set', () => {
    const zone = [
      alias('b.example.com'),
      alias('c.example.com', { Name: 'b.example.com' }),
      a('end', { Name: 'c.example.com' }),
    ];
    expect(sharesOf(zone)).toEqual({ end: 1 });
  });

  it.each([
    { name: 'api.example.com', type: 'A', rcode: 'NOERROR' },
    { name: 'api.example.com', type: 'AAAA', rcode: 'NODATA' },
    { name: 'gone.example.com', type: 'A', rcode: 'NXDOMAIN' },
    { name: 'deep.below.example.com', type: 'A', rcode: 'NOERROR' },
    { name: 'below.example.com', type: 'A', rcode: 'NODATA' },
    { name: 'under.api.example.com', type: 'A', rcode: 'NXDOMAIN' },
    { name: 'example.com', type: 'A', rcode: 'NODATA' },
    { name: 'example.org', type: 'A', rcode: 'REFUSED' },
    { name: 'notexample.com', type: 'A', rcode: 'REFUSED' },
  ] as const)('rule 32: $name $type gives $rcode', ({ name, type, rcode }) => {
    const zone = withApexRecords([a('1'), a('2', { Name: 'deep.below.example.com' })], 'example.com');
    expect(rcodesOf(zone, { question: { name, type } })).toEqual([rcode]);
  });

  it.each([
    { ttl: 900, minimum: 86_400, negative: 900 },
    { ttl: 900, minimum: 60, negative: 60 },
    { ttl: 60, minimum: 60, negative: 60 },
    { ttl: 0, minimum: 60, negative: 0 },
  ])('rule 32: an SOA with TTL $ttl and minimum $minimum gives the negative TTL $negative', (row) => {
    expect(createZoneIndex([soa(row.ttl, row.minimum)]).negativeTtlSeconds).toBe(row.negative);
  });

  it('rule 32: the SOA that Route 53 creates gives a negative TTL of 900 s', () => {
    expect(createZoneIndex(withApexRecords([], 'example.com'), 'example.com').negativeTtlSeconds).toBe(900);
  });

  const wild = [
    a('wild', { Name: '*.example.com' }),
    a('exact', { Name: 'exact.example.com' }),
    a('deep', { Name: 'a.b.example.com' }),
  ];
  it.each([
    { name: 'anything.example.com', got: { wild: 1 } },
    { name: 'two.levels.example.com', got: { wild: 1 } },
    { name: 'exact.example.com', got: { exact: 1 } },
    // RFC 4592 §2.2.1: the closest encloser of these names is not the wildcard's parent.
    { name: 'under.exact.example.com', got: {} },
    { name: 'b.example.com', got: {} },
    { name: 'c.b.example.com', got: {} },
    { name: '*.example.com', got: { wild: 1 } },
    { name: '\\052.example.com', got: { wild: 1 } },
  ])('rule 32: with a wildcard $name is answered $got', ({ name, got }) => {
    expect(sharesOf(wild, { question: { name } })).toEqual(got);
  });

  it('rule 32: a wildcard answers NODATA for a type it does not have', () => {
    expect(rcodesOf(wild, { question: { name: 'anything.example.com', type: 'TXT' } })).toEqual(['NODATA']);
  });

  it('rule 32: an asterisk that is not the leftmost label is an ordinary character', () => {
    const zone = [a('literal', { Name: 'prod.*.example.com' })];
    expect(sharesOf(zone, { question: { name: 'prod.*.example.com' } })).toEqual({ literal: 1 });
    expect(rcodesOf(zone, { question: { name: 'prod.x.example.com' } })).toEqual(['NXDOMAIN']);
  });

  it.each(['API.Example.COM', 'api.example.com.', 'a\\160i.example.com', 'API.EXAMPLE.COM.'])(
    'rule 32: %s asks for api.example.com',
    (name) => {
      expect(sharesOf([a('1')], { question: { name } })).toEqual({ 1: 1 });
      expect(sharesOf([a('1', { Name: name })])).toEqual({ 1: 1 });
    },
  );

  it('rule 32: a name that is delegated is referred to its servers, save for the DS of the cut itself', () => {
    const zone = withApexRecords(
      [
        { Name: 'sub.example.com', Type: 'NS', TTL: 60, ResourceRecords: [{ Value: 'ns.example.org.' }] },
        { Name: 'sub.example.com', Type: 'DS', TTL: 60, ResourceRecords: [{ Value: '1 8 2 abcd' }] },
      ],
      'example.com',
    );
    const referred = (name: string, type: 'A' | 'DS') => {
      const [outcome] = distributionOf(zone, { question: { name, type } }).outcomes;
      return outcome?.delegation?.flatMap(({ values }) => values);
    };
    expect(referred('www.sub.example.com', 'A')).toEqual(['ns.example.org.']);
    expect(referred('sub.example.com', 'A')).toEqual(['ns.example.org.']);
    expect(referred('sub.example.com', 'DS')).toBeUndefined();
    expect(referred('example.com', 'A')).toBeUndefined();
  });

  it('rule 32: without a known apex every name may be asked for, and what is not there does not exist', () => {
    const zone = [a('1')];
    const question = { name: 'elsewhere.example.org' };
    const { outcomes } = distributionOf(zone, { question });
    expect(outcomes[0]?.rcode).toBe('REFUSED');
    expect(createZoneIndex(zone).find('elsewhere.example.org', 'A')).toEqual({ kind: 'missing' });
  });
});
