import { describe, expect, it } from 'vitest';
import { adviseRecordSets } from '../../../core/routing/advise-record-sets.ts';
import { isLoadBalancerHealthy } from '../../../twin/route53/health/load-balancer.ts';
import { a, alias, distributionOf, elbAlias, sharesOf } from '../../_helpers/route53-zone.ts';

const latency = (region: string, target: string, evaluate: boolean, extra = {}) =>
  alias(target, { SetIdentifier: region, Region: region, ...extra }, evaluate);
const leaf = (name: string, value: string, extra = {}) =>
  a(value, { Name: name, SetIdentifier: value, Weight: 1, HealthCheckId: value, ...extra });
const client = { latencyMs: { 'us-east-1': 10, 'ap-southeast-2': 200 } };

/** The tree of the guide's examples: latency aliases over two weighted groups. */
const tree = (evaluate: boolean) => [
  latency('us-east-1', 'us.example.com', evaluate),
  latency('ap-southeast-2', 'ap.example.com', true),
  leaf('us.example.com', 'us-1'),
  leaf('us.example.com', 'us-2'),
  leaf('ap.example.com', 'ap-1'),
  leaf('ap.example.com', 'ap-2'),
];

describe('alias trees', () => {
  it.each([
    { unhealthy: [], expected: { 'us-1': 0.5, 'us-2': 0.5 } },
    { unhealthy: ['us-1'], expected: { 'us-2': 1 } },
    { unhealthy: ['us-1', 'us-2'], expected: { 'ap-1': 0.5, 'ap-2': 0.5 } },
    { unhealthy: ['us-1', 'us-2', 'ap-1'], expected: { 'ap-2': 1 } },
  ])(
    'rule 9: a branch without a healthy record set is left for its sibling ($unhealthy)',
    ({ unhealthy, expected }) => {
      expect(sharesOf(tree(true), { client, unhealthy })).toEqual(expected);
    },
  );

  it('rule 9: with everything unhealthy the group that was asked for fails open, and its choice below as well', () => {
    const unhealthy = ['us-1', 'us-2', 'ap-1', 'ap-2'];
    expect(sharesOf(tree(true), { client, unhealthy })).toEqual({ 'us-1': 0.5, 'us-2': 0.5 });
  });

  it('rule 9: a branch does not fail open as long as a sibling is healthy', () => {
    const zone = [
      alias('primary.example.com', { SetIdentifier: 'p', Failover: 'PRIMARY' }),
      a('last-resort', { SetIdentifier: 's', Failover: 'SECONDARY' }),
      leaf('primary.example.com', 'one'),
      leaf('primary.example.com', 'two', { Weight: 0 }),
    ];
    expect(sharesOf(zone, { unhealthy: ['one'] })).toEqual({ two: 1 });
    expect(sharesOf(zone, { unhealthy: ['one', 'two'] })).toEqual({ 'last-resort': 1 });
  });

  it('rule 9: a child without a health check keeps its branch healthy', () => {
    const zone = [...tree(true), a('us-3', { Name: 'us.example.com', SetIdentifier: 'us-3', Weight: 1 })];
    expect(sharesOf(zone, { client, unhealthy: ['us-1', 'us-2'] })).toEqual({ 'us-3': 1 });
  });

  it('rule 9: health is inherited through two levels of aliases', () => {
    const zone = [
      alias('middle.example.com', { SetIdentifier: 'p', Failover: 'PRIMARY' }),
      a('fallback', { SetIdentifier: 's', Failover: 'SECONDARY' }),
      alias('bottom.example.com', { Name: 'middle.example.com', SetIdentifier: 'm', Weight: 1 }),
      leaf('bottom.example.com', 'end'),
    ];
    expect(sharesOf(zone)).toEqual({ end: 1 });
    expect(sharesOf(zone, { unhealthy: ['end'] })).toEqual({ fallback: 1 });
  });

  it('rule 10: a branch that does not evaluate its target is never left', () => {
    expect(sharesOf(tree(false), { client, unhealthy: ['us-1', 'us-2'] })).toEqual({ 'us-1': 0.5, 'us-2': 0.5 });
    expect(sharesOf(tree(false), { client, unhealthy: ['us-1'] })).toEqual({ 'us-2': 1 });
  });

  it.each([
    { unhealthy: [], answers: 'us' },
    { unhealthy: ['own'], answers: 'ap' },
    { unhealthy: ['target'], answers: 'ap' },
    { unhealthy: ['own', 'target'], answers: 'ap' },
  ])('rule 11: an alias with a check of its own and an evaluated target needs both ($unhealthy unhealthy)', (row) => {
    const zone = [
      latency('us-east-1', 'us.example.com', true, { HealthCheckId: 'own' }),
      latency('ap-southeast-2', 'ap.example.com', true),
      a('us', { Name: 'us.example.com', HealthCheckId: 'target' }),
      a('ap', { Name: 'ap.example.com' }),
    ];
    expect(sharesOf(zone, { client, unhealthy: row.unhealthy })).toEqual({ [row.answers]: 1 });
  });

  it('rule 12: a failover alias that does not evaluate its target answers, with a warning', () => {
    const zone = [
      alias('bottom.example.com', { SetIdentifier: 'p', Failover: 'PRIMARY' }, false),
      a('end', { Name: 'bottom.example.com' }),
    ];
    expect(sharesOf(zone)).toEqual({ end: 1 });
    expect(adviseRecordSets(zone)).toMatchObject([
      { path: 'ResourceRecordSets[0].AliasTarget.EvaluateTargetHealth', allowed: 'true' },
    ]);
  });

  it.each([
    { evaluate: true, warned: ['false'] },
    { evaluate: false, warned: [] },
  ])('rule 12: a CloudFront secondary wants its target not evaluated (EvaluateTargetHealth $evaluate)', (row) => {
    const AliasTarget = {
      HostedZoneId: 'Z2FDTNDATAQYW2',
      DNSName: 'd1.cloudfront.net',
      EvaluateTargetHealth: row.evaluate,
    };
    const zone = [alias('x', { SetIdentifier: 's', Failover: 'SECONDARY', AliasTarget })];
    expect(adviseRecordSets(zone).map(({ allowed }) => allowed)).toEqual(row.warned);
  });

  it.each([
    { groups: [], healthy: false },
    { groups: [{ registered: 0, healthy: 0 }], healthy: false },
    { groups: [{ registered: 3, healthy: 0 }], healthy: false },
    { groups: [{ registered: 3, healthy: 1 }], healthy: true },
    {
      groups: [
        { registered: 3, healthy: 1 },
        { registered: 2, healthy: 0 },
      ],
      healthy: false,
    },
    {
      groups: [
        { registered: 3, healthy: 1 },
        { registered: 2, healthy: 2 },
      ],
      healthy: true,
    },
    {
      groups: [
        { registered: 3, healthy: 1 },
        { registered: 0, healthy: 0 },
      ],
      healthy: true,
    },
  ])('rule 13: a load balancer with the target groups $groups is healthy: $healthy', ({ groups, healthy }) => {
    expect(isLoadBalancerHealthy(groups)).toBe(healthy);
  });

  it('rule 13: an unhealthy load balancer takes its evaluated alias out', () => {
    const zone = [
      elbAlias('lb-1.elb.amazonaws.com', { SetIdentifier: '1', Weight: 1 }),
      elbAlias('lb-2.elb.amazonaws.com', { SetIdentifier: '2', Weight: 1 }),
    ];
    expect(sharesOf(zone, { unhealthy: ['lb-1.elb.amazonaws.com'] })).toEqual({ 'lb-2.elb.amazonaws.com': 1 });
  });

  it('rule 14: an alias has the TTL of its target, 60 s where that is a load balancer', () => {
    const zone = [
      alias('end.example.com', { SetIdentifier: '1', Weight: 1 }),
      elbAlias('lb.elb.amazonaws.com', { SetIdentifier: '2', Weight: 1 }),
      a('end', { Name: 'end.example.com', TTL: 17 }),
    ];
    const ttls = distributionOf(zone).outcomes.flatMap(({ from }) => from.map(({ ttlSeconds }) => ttlSeconds));
    expect(ttls).toEqual([17, 60]);
  });
});
