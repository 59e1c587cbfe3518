import { describe, expect, it } from 'vitest';
import { MAX_MULTIVALUE_ANSWERS } from '../../../twin/route53/answering/choose.ts';
import { a, distributionOf, rcodesOf, sharesOf } from '../../_helpers/route53-zone.ts';

const weighted = (id: string, weight: number, extra = {}) =>
  a(`192.0.2.${id}`, { SetIdentifier: id, Weight: weight, HealthCheckId: `check-${id}`, ...extra });

describe('choosing among the record sets of one name and type', () => {
  it('rule 1: an unhealthy record set is dropped and the policy chooses again among the rest', () => {
    const zone = [weighted('1', 50), weighted('2', 30), weighted('3', 20)];
    expect(sharesOf(zone, { unhealthy: ['check-1'] })).toEqual({ '192.0.2.2': 0.6, '192.0.2.3': 0.4 });
  });

  it('rule 2: a record set without a health check is always healthy', () => {
    const zone = [weighted('1', 1), a('192.0.2.2', { SetIdentifier: '2', Weight: 1 })];
    expect(sharesOf(zone, { unhealthy: ['check-1', 'check-2'] })).toEqual({ '192.0.2.2': 1 });
  });

  it('rule 3: where no record set is healthy all count as healthy, and the policy decides', () => {
    const zone = [weighted('1', 3), weighted('2', 1)];
    const unhealthy = ['check-1', 'check-2'];
    expect(sharesOf(zone, { unhealthy })).toEqual({ '192.0.2.1': 0.75, '192.0.2.2': 0.25 });
    expect(rcodesOf(zone, { unhealthy })).toEqual(['NOERROR', 'NOERROR']);
  });

  it('rule 3: zero-weight record sets stay out of a weighted group that fails open', () => {
    const zone = [weighted('1', 3), weighted('2', 0)];
    expect(sharesOf(zone, { unhealthy: ['check-1', 'check-2'] })).toEqual({ '192.0.2.1': 1 });
  });

  it('rule 3: a simple record set is answered whatever its health check says', () => {
    expect(sharesOf([a('192.0.2.1', { HealthCheckId: 'check-1' })], { unhealthy: ['check-1'] })).toEqual({
      '192.0.2.1': 1,
    });
  });

  it.each([
    { weights: [1, 255], shares: [1 / 256, 255 / 256] },
    { weights: [10, 0], shares: [1, undefined] },
    { weights: [0, 0], shares: [0.5, 0.5] },
    { weights: [255, 255], shares: [0.5, 0.5] },
  ])('rule 4: weights $weights give the shares $shares', ({ weights, shares }) => {
    const zone = weights.map((weight, index) => weighted(`${index + 1}`, weight));
    const got = sharesOf(zone);
    expect([got['192.0.2.1'], got['192.0.2.2']]).toEqual(shares);
  });

  it.each([
    { unhealthy: [], expected: { '192.0.2.1': 0.5, '192.0.2.2': 0.5 } },
    { unhealthy: ['check-1'], expected: { '192.0.2.2': 1 } },
    { unhealthy: ['check-1', 'check-2'], expected: { '192.0.2.3': 0.5, '192.0.2.4': 0.5 } },
    { unhealthy: ['check-1', 'check-2', 'check-3'], expected: { '192.0.2.4': 1 } },
  ])(
    'rule 5: zero weights are considered only when every other is unhealthy ($unhealthy)',
    ({ unhealthy, expected }) => {
      const zone = [weighted('1', 7), weighted('2', 7), weighted('3', 0), weighted('4', 0)];
      expect(sharesOf(zone, { unhealthy })).toEqual(expected);
    },
  );

  it.each([
    { unhealthy: [], answers: 'primary' },
    { unhealthy: ['secondary'], answers: 'primary' },
    { unhealthy: ['primary'], answers: 'secondary' },
    { unhealthy: ['primary', 'secondary'], answers: 'primary' },
  ])('rule 6: with $unhealthy unhealthy the $answers answers', ({ unhealthy, answers }) => {
    const zone = [
      a('primary', { SetIdentifier: 'p', Failover: 'PRIMARY', HealthCheckId: 'primary' }),
      a('secondary', { SetIdentifier: 's', Failover: 'SECONDARY', HealthCheckId: 'secondary' }),
    ];
    expect(sharesOf(zone, { unhealthy })).toEqual({ [answers]: 1 });
  });

  it('rule 6: a secondary without a health check answers whenever the primary is unhealthy', () => {
    const zone = [
      a('primary', { SetIdentifier: 'p', Failover: 'PRIMARY', HealthCheckId: 'primary' }),
      a('secondary', { SetIdentifier: 's', Failover: 'SECONDARY' }),
    ];
    expect(sharesOf(zone, { unhealthy: ['primary'] })).toEqual({ secondary: 1 });
  });

  it('rule 6: a primary without a health signal never fails over', () => {
    const zone = [
      a('primary', { SetIdentifier: 'p', Failover: 'PRIMARY' }),
      a('secondary', { SetIdentifier: 's', Failover: 'SECONDARY', HealthCheckId: 'secondary' }),
    ];
    expect(sharesOf(zone)).toEqual({ primary: 1 });
  });

  it('rule 6: a secondary alone answers', () => {
    expect(sharesOf([a('secondary', { SetIdentifier: 's', Failover: 'SECONDARY' })])).toEqual({ secondary: 1 });
  });

  const located = (value: string, GeoLocation: object) =>
    a(value, { SetIdentifier: value, GeoLocation, HealthCheckId: value });
  const everywhere = [
    located('oregon', { CountryCode: 'US', SubdivisionCode: 'OR' }),
    located('usa', { CountryCode: 'US' }),
    located('north-america', { ContinentCode: 'NA' }),
    located('default', { CountryCode: '*' }),
  ];
  const oregonian = { continent: 'NA', country: 'US', subdivision: 'OR' };

  it.each([
    { unhealthy: [], answers: 'oregon' },
    { unhealthy: ['oregon'], answers: 'usa' },
    { unhealthy: ['oregon', 'usa'], answers: 'north-america' },
    { unhealthy: ['oregon', 'usa', 'north-america'], answers: 'default' },
    { unhealthy: ['oregon', 'usa', 'north-america', 'default'], answers: 'oregon' },
    { unhealthy: ['usa', 'default'], answers: 'oregon' },
  ])('rule 7: geolocation with $unhealthy unhealthy answers $answers', ({ unhealthy, answers }) => {
    expect(sharesOf(everywhere, { client: oregonian, unhealthy })).toEqual({ [answers]: 1 });
  });

  it.each([
    { client: { country: 'US', subdivision: 'WA' }, answers: 'usa' },
    { client: { country: 'CA' }, answers: 'north-america' },
    { client: { continent: 'AS', country: 'SG' }, answers: 'default' },
    { client: {}, answers: 'default' },
  ])('rule 7: a client in $client is answered $answers', ({ client, answers }) => {
    expect(sharesOf(everywhere, { client })).toEqual({ [answers]: 1 });
  });

  it('rule 7: without a default a client that nothing matches gets no answer, which is NODATA', () => {
    const zone = everywhere.slice(0, 3);
    expect(sharesOf(zone, { client: { country: 'SG' } })).toEqual({});
    expect(rcodesOf(zone, { client: { country: 'SG' } })).toEqual(['NODATA']);
  });

  it('rule 7: an unhealthy location is answered although another, which does not match, is healthy', () => {
    const zone = [located('europe', { ContinentCode: 'EU' }), located('asia', { ContinentCode: 'AS' })];
    expect(sharesOf(zone, { client: { continent: 'EU' }, unhealthy: ['europe'] })).toEqual({ europe: 1 });
  });

  const regional = (region: string) => a(region, { SetIdentifier: region, Region: region, HealthCheckId: region });
  const latency = [regional('ap-southeast-1'), regional('ap-northeast-1'), regional('eu-west-1')];
  const client = { latencyMs: { 'ap-southeast-1': 5, 'ap-northeast-1': 70, 'eu-west-1': 170 } };

  it.each([
    { unhealthy: [], answers: 'ap-southeast-1' },
    { unhealthy: ['ap-southeast-1'], answers: 'ap-northeast-1' },
    { unhealthy: ['ap-southeast-1', 'ap-northeast-1'], answers: 'eu-west-1' },
    { unhealthy: ['ap-southeast-1', 'ap-northeast-1', 'eu-west-1'], answers: 'ap-southeast-1' },
  ])('rule 8: latency with $unhealthy unhealthy answers $answers', ({ unhealthy, answers }) => {
    expect(sharesOf(latency, { client, unhealthy })).toEqual({ [answers]: 1 });
  });

  it('rule 8: Regions whose latency nobody knows come last and share evenly', () => {
    expect(sharesOf(latency, { client: { latencyMs: { 'eu-west-1': 170 } } })).toEqual({ 'eu-west-1': 1 });
    expect(Object.values(sharesOf(latency))).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it.each([1, 7, 8, 9, 20])('rule 8: of %i healthy multivalue record sets at most eight are in an answer', (count) => {
    const zone = Array.from({ length: count }, (_, index) =>
      a(`192.0.2.${index}`, { SetIdentifier: `${index}`, MultiValueAnswer: true }),
    );
    const expected = Math.min(1, MAX_MULTIVALUE_ANSWERS / count);
    expect(Object.values(sharesOf(zone))).toEqual(new Array(count).fill(expected));
    expect(distributionOf(zone).outcomes[0]?.take).toBe(Math.min(8, count));
  });

  it.each([
    { unhealthyCount: 0, share: 0.8 },
    { unhealthyCount: 2, share: 1 },
    { unhealthyCount: 10, share: 0.8 },
  ])('rule 8: of 10 multivalue record sets with $unhealthyCount unhealthy each has the share $share', (row) => {
    const ids = Array.from({ length: 10 }, (_, index) => `${index}`);
    const zone = ids.map((id) => a(id, { SetIdentifier: id, MultiValueAnswer: true, HealthCheckId: id }));
    const shares = Object.values(sharesOf(zone, { unhealthy: ids.slice(0, row.unhealthyCount) }));
    expect(new Set(shares)).toEqual(new Set([row.share]));
  });
});
