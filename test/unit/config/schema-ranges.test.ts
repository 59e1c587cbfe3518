import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../core/config/schema.ts';
import type { Problem } from '../../../core/errors.ts';
import { LATENCY_REGIONS } from '../../../core/routing/route53-limits.ts';
import { RECONCILE } from '../../_fixtures/broken-configs/reconcile.ts';
import { DIALS, LISTENER, LOAD_BALANCERS, RULE } from '../../_fixtures/load-balancers.ts';
import { inputFor } from '../../_fixtures/preset-matrix.ts';
import { CHECK_KINDS } from '../../_helpers/check-samples.ts';
import { OSAKA, passiveInput, problemsIn, SEOUL, SINGAPORE, TOKYO, withValue } from '../../_helpers/config.ts';

const at = (path: string, input: unknown): readonly Problem[] => problemsIn(input).filter((p) => p.path === path);
/** `regions.0.id` as a problem spells it. */
const spelled = (path: string): string => path.replace(/\.(\d+)/g, '[$1]');

interface Range {
  readonly path: string;
  readonly least: number;
  readonly most: number;
  /** The input whose value is put at the limits; the example where not given. */
  readonly input?: unknown;
}

const CHECK = 'checks.order-service';
const slowChecks = passiveInput({ checks: { 'order-service': { intervalSeconds: 300, timeoutSeconds: 1 } } });
const aurora = passiveInput({ data: { adapter: 'aurora-global', globalCluster: 'storefront' } });
const quickAurora = withValue(aurora, 'data.promotionSeconds', 1);
const patientAurora = withValue(aurora, 'data.promotionDeadlineSeconds', 3600);
const longBake = passiveInput({ failback: { bakeMinutes: 1440, checkSeconds: 600 } });

const custom = passiveInput({ data: { adapter: 'custom', function: 'shop-data' } });
const replica = passiveInput({ data: { adapter: 'rds-replica', instance: 'shop' } });
const table = passiveInput({ data: { adapter: 'dynamodb-global', table: 'shop' } });
const hooked = passiveInput({ failover: { fenceHooks: [{ name: 'batches', function: 'stop-batches' }] } });
const reconciled = passiveInput({ reconcile: RECONCILE });
const balanced = passiveInput({ loadBalancers: LOAD_BALANCERS });

const WHOLE_NUMBERS: readonly Range[] = [
  { path: 'ttlSeconds', least: 5, most: 120, input: longBake },
  { path: `${CHECK}.failureThreshold`, least: 1, most: 10 },
  { path: `${CHECK}.recoveryThreshold`, least: 1, most: 10 },
  { path: `${CHECK}.timeoutSeconds`, least: 1, most: 60, input: slowChecks },
  { path: 'data.promotionDeadlineSeconds', least: 30, most: 3600, input: quickAurora },
  { path: 'data.promotionSeconds', least: 1, most: 3600, input: patientAurora },
  { path: 'targets.regionFailureSeconds', least: 30, most: 86_400 },
  { path: 'targets.databaseFailureSeconds', least: 30, most: 86_400 },
  { path: 'targets.plannedSeconds', least: 30, most: 86_400 },
  { path: 'targets.degradationSeconds', least: 30, most: 86_400 },
  { path: 'automation.coolDownMinutes', least: 0, most: 1440 },
  { path: 'automation.maxPerDay', least: 0, most: 24 },
  { path: 'failover.approvalMinutes', least: 1, most: 1440 },
  { path: 'failover.verifyAttempts', least: 1, most: 100 },
  { path: 'failover.verifyIntervalSeconds', least: 5, most: 300 },
  { path: 'failback.checkSeconds', least: 5, most: 600, input: passiveInput({ failback: { bakeMinutes: 15 } }) },
  { path: 'failback.holdMinutes', least: 0, most: 1440 },
  { path: 'data.timeoutSeconds', least: 1, most: 8, input: custom },
  { path: 'failover.fenceHooks.0.timeoutSeconds', least: 1, most: 5, input: hooked },
  { path: 'scaling.targets.0.minimumPercent', least: 1, most: 100, input: inputFor('warm-standby', 2) },
  { path: 'scaling.targets.0.desired', least: 1, most: 100_000, input: inputFor('warm-standby', 2) },
  { path: 'scaling.deadlineSeconds', least: 30, most: 3600, input: inputFor('warm-standby', 2) },
  { path: 'writeBuffer.retentionDays', least: 1, most: 14, input: inputFor('queue-based-writes', 2) },
  { path: 'writeBuffer.visibilitySeconds', least: 1, most: 43_200, input: inputFor('queue-based-writes', 2) },
  { path: 'reconcile.approvalMinutes', least: 1, most: 1440, input: reconciled },
  { path: 'reconcile.rowsPerRange', least: 1_000, most: 10_000_000, input: reconciled },
  { path: 'reconcile.concurrency', least: 1, most: 1_000, input: reconciled },
  { path: 'reconcile.maximumLagSeconds', least: 0, most: 3600, input: reconciled },
  { path: 'reconcile.deadlineMinutes', least: 5, most: 1440, input: reconciled },
];

const NUMBERS: readonly Range[] = [
  { path: 'failback.bakeMinutes', least: 0.25, most: 1440, input: { ...longBake, ttlSeconds: 5 } },
  { path: 'data.lossBudgetSeconds', least: 0, most: 3600, input: aurora },
  { path: 'slo.availabilityPercent', least: 95, most: 99.999 },
  { path: 'failover.minimumSharePercent', least: 0, most: 100 },
  { path: 'failover.maximumErrorPercent', least: 0, most: 100 },
  { path: 'failback.maximumErrorPercent', least: 0, most: 100 },
  { path: 'failback.shareTolerancePercent', least: 0, most: 100 },
  { path: 'failback.maximumLagSeconds', least: 0, most: 3600 },
];

describe('a number of the config', () => {
  it.each([...WHOLE_NUMBERS, ...NUMBERS])('$path may be $least and $most and nothing beyond', (range) => {
    const { path, least, most, input = passiveInput() } = range;
    for (const allowed of [least, least + 1, most - 1, most]) {
      expect(problemsIn(withValue(input, path, allowed))).toEqual([]);
    }
    expect(at(spelled(path), withValue(input, path, least - 1))).toEqual([
      {
        path: spelled(path),
        message: 'is out of range',
        value: least - 1,
        allowed: `at least ${least}`,
        remedy: 'correct it',
      },
    ]);
    expect(at(spelled(path), withValue(input, path, most + 1))).toMatchObject([
      { message: 'is out of range', value: most + 1, allowed: `at most ${most}` },
    ]);
  });

  it.each(WHOLE_NUMBERS)('$path is a whole number', ({ path, least, input = passiveInput() }) => {
    expect(at(spelled(path), withValue(input, path, least + 0.5))).toMatchObject([
      { message: 'has the wrong type', value: least + 0.5, allowed: 'int' },
    ]);
  });

  it.each([...WHOLE_NUMBERS, ...NUMBERS])(
    '$path is a number and no text',
    ({ path, least, input = passiveInput() }) => {
      for (const wrong of [String(least), Number.NaN, null, [least]]) {
        expect(at(spelled(path), withValue(input, path, wrong)), String(wrong)).toHaveLength(1);
      }
    },
  );

  it.each([
    { path: 'failover.maximumP95Milliseconds' },
    { path: 'failback.maximumP95Milliseconds' },
    { path: 'regions.0.capacityRequestsPerSecond' },
    { path: 'checks.error-rate.above' },
  ])('$path is more than 0', ({ path }) => {
    expect(problemsIn(withValue(passiveInput(), path, 0.001))).toEqual([]);
    expect(at(spelled(path), withValue(passiveInput(), path, 0))).toMatchObject([
      { message: 'is out of range', value: 0, allowed: 'more than 0' },
    ]);
  });

  it('failover.minimumRequestsPerSecond has no upper limit', () => {
    const path = 'failover.minimumRequestsPerSecond';
    expect(problemsIn(withValue(passiveInput(), path, 1e9))).toEqual([]);
    expect(at(path, withValue(passiveInput(), path, -1))).toHaveLength(1);
  });

  it.each([
    { seconds: 0, taken: false },
    { seconds: 9, taken: false },
    { seconds: 10, taken: true },
    { seconds: 11, taken: false },
    { seconds: 20, taken: true },
    { seconds: 299, taken: false },
    { seconds: 300, taken: true },
    { seconds: 301, taken: false },
    { seconds: 310, taken: false },
  ])('an interval of $seconds s is taken: $taken, since rounds are 10 s long', ({ seconds, taken }) => {
    const input = passiveInput({ checks: { 'region-connectivity': { intervalSeconds: seconds, timeoutSeconds: 1 } } });
    expect(at('checks.region-connectivity.intervalSeconds', input).length === 0).toBe(taken);
  });

  it('names the multiple that an interval must be of', () => {
    const input = passiveInput({ checks: { 'order-service': { intervalSeconds: 35 } } });
    expect(problemsIn(input)).toMatchObject([
      { path: `${CHECK}.intervalSeconds`, value: 35, allowed: 'a multiple of 10' },
    ]);
  });
});

interface TextCase {
  readonly path: string;
  readonly taken: readonly string[];
  readonly refused: readonly string[];
  readonly input?: unknown;
}

const TEXTS: readonly TextCase[] = [
  {
    path: 'application',
    taken: ['a', 'a1', 'storefront-2', 'a'.repeat(20)],
    refused: ['', '1a', '-a', 'a-', 'A', 'a_b', 'a.b', 'a'.repeat(21)],
  },
  {
    path: 'hostedZoneId',
    taken: ['Z1', 'ZABC', `Z${'A'.repeat(31)}`],
    refused: ['', 'Z', 'z1', '/hostedzone/Z1', 'A1', `Z${'A'.repeat(32)}`],
  },
  {
    path: 'record',
    taken: ['api.shop.example', 'a_b.shop.example', '0.a.example', `${'a'.repeat(63)}.shop.example`],
    refused: ['', 'example', 'api.shop.example.', 'API.shop.example', '*.shop.example', '-a.shop.example', 'a..example']
      .concat(`${'a'.repeat(64)}.shop.example`)
      .concat('a b.shop.example'),
  },
  {
    path: 'regions.0.id',
    taken: ['us-gov-west-1', 'ap-east-2'],
    refused: ['', 'singapore', 'ap-southeast', 'AP-southeast-1', 'ap-southeast-1a', 'ap-southeast-10', 'a-b-1'],
  },
  {
    path: 'data.globalCluster',
    taken: ['a', 'Storefront-1', 'a'.repeat(63)],
    refused: ['', '1a', 'a_b', 'a'.repeat(64)],
    input: aurora,
  },
  {
    path: 'checks.region-connectivity.path',
    taken: ['/', '/health', '/health?shallow=1', `/${'a'.repeat(254)}`, `/${'é'.repeat(42)}`],
    refused: ['', 'health', ':99999', `/${'a'.repeat(255)}`, `/${'é'.repeat(43)}`],
  },
  { path: 'checks.order-service.component', taken: ['o', 'o'.repeat(64)], refused: ['', 'o'.repeat(65)] },
  { path: 'contract.path', taken: ['/', '/health/deep'], refused: ['', 'health'] },
  { path: 'traffic.namespace', taken: ['S', 'S'.repeat(255)], refused: ['', 'S'.repeat(256)] },
  { path: 'notify.incidentChannel', taken: ['', '#'.repeat(200)], refused: ['#'.repeat(201)] },
  {
    path: 'accelerator.dnsName',
    taken: ['a1234567890abcdef.awsglobalaccelerator.com', 'a1.dualstack.awsglobalaccelerator.com'],
    refused: ['', 'https://a1.awsglobalaccelerator.com', 'api.matrix.example'],
    input: inputFor('global-load-balancer', 2),
  },
  {
    path: 'scaling.targets.0.cluster',
    taken: ['c', 'c'.repeat(255)],
    refused: ['', 'c'.repeat(256)],
    input: inputFor('warm-standby', 2),
  },
  {
    path: 'scaling.targets.0.service',
    taken: ['s', 's'.repeat(255)],
    refused: ['', 's'.repeat(256)],
    input: inputFor('warm-standby', 2),
  },
  {
    path: 'scaling.targets.0.name',
    taken: ['g', 'g'.repeat(255)],
    refused: ['', 'g'.repeat(256)],
    input: inputFor('cold-standby', 2),
  },
  { path: 'data.instance', taken: ['shop', 'a', 'shop-1'], refused: ['', '1shop', 'shop_1'], input: replica },
  { path: 'data.table', taken: ['shop', 'a.b', 'x_y-z'], refused: ['', 'ab', 'shop/1', 'x'.repeat(256)], input: table },
  { path: 'data.function', taken: ['shop', 'shop:live'], refused: ['', 'shop.live', 'x'.repeat(65)], input: custom },
  {
    path: 'failover.fenceHooks.0.name',
    taken: ['b', 'batches-1'],
    refused: ['', 'Batches', '1', 'x'.repeat(64)],
    input: hooked,
  },
  {
    path: 'loadBalancers.0.arn',
    taken: [LISTENER],
    refused: ['', RULE, LISTENER.replace('elasticloadbalancing', 'elb')],
    input: balanced,
  },
  { path: 'loadBalancers.1.arn', taken: [RULE], refused: ['', LISTENER], input: balanced },
  {
    path: `loadBalancers.2.endpointGroups.${SINGAPORE}`,
    taken: [DIALS[SINGAPORE]],
    refused: ['', DIALS[SINGAPORE].replace(/\/endpoint-group.*/, '')],
    input: balanced,
  },
  { path: 'notify.statusPage', taken: ['https://status.storefront.example'], refused: ['', 'status'] },
];

describe('a text of the config', () => {
  it.each(TEXTS)('$path keeps to its form', ({ path, taken, refused, input = passiveInput() }) => {
    for (const value of taken) expect(at(spelled(path), withValue(input, path, value)), value).toEqual([]);
    for (const value of refused) {
      const [problem, ...more] = at(spelled(path), withValue(input, path, value));
      expect(more, value).toEqual([]);
      expect(problem, value).toMatchObject({ value, remedy: 'correct it' });
    }
  });

  it.each([
    { path: 'regions.0.role', values: 'primary, standby, active' },
    { path: 'preset', values: PRESETS.join(', ') },
    { path: 'evacuation.kind', values: 's3, cloudwatch, arc' },
    { path: 'checks.order-service.class', values: 'critical, important, informational' },
    { path: 'checks.order-service.layer', values: 'infrastructure, application, business' },
    { path: 'checks.order-service.kind', values: CHECK_KINDS.join(', ') },
    { path: 'checks.error-rate.metric', values: 'error-rate, p95-milliseconds' },
    { path: 'data.adapter', values: 'none, aurora-global, rds-replica, dynamodb-global, custom' },
    { path: 'data.writes', values: 'forwarded, local' },
    { path: 'failback.moveWriter', values: 'before-last-rung, before-first-rung' },
    {
      path: 'scaling.targets.0.kind',
      values: 'ecs-service, auto-scaling-group, custom',
      input: inputFor('warm-standby', 2),
    },
    { path: 'conflicts.orders.tier', values: 'critical, eventual', input: inputFor('data-active-active', 2) },
    {
      path: 'conflicts.orders.policy',
      values: 'last-writer-wins, source-wins, target-wins, merge, manual',
      input: inputFor('data-active-active', 2),
    },
    { path: 'reconcile.approval', values: 'required, none', input: reconciled },
  ])('$path lists what it may be', ({ path, values, input = aurora }) => {
    expect(at(spelled(path), withValue(input, path, 'x'))).toMatchObject([
      { value: 'x', allowed: values, remedy: 'use one of the allowed values' },
    ]);
  });

  it.each([{ location: '*' }, { location: 'continent:AS' }, { location: 'TW' }, { location: 'US-CA' }])(
    'a location may be $location',
    ({ location }) => {
      const routing = { policy: 'geolocation', locations: [{ location, region: SINGAPORE }] };
      expect(at('routing.locations[0].location', withValue(passiveInput(), 'routing', routing))).toEqual([]);
    },
  );

  it.each([
    { location: '' },
    { location: 'tw' },
    { location: 'AS*' },
    { location: 'continent:asia' },
    { location: 'US-' },
    { location: 'US-CALI' },
  ])('a location may not be "$location"', ({ location }) => {
    const routing = { policy: 'geolocation', locations: [{ location, region: SINGAPORE }] };
    expect(at('routing.locations[0].location', withValue(passiveInput(), 'routing', routing))).toMatchObject([
      { message: expect.stringContaining('is not a location'), value: location },
    ]);
  });
});

describe('weights of a load balancer', () => {
  const groups = (count: number, weight: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `${LISTENER.replace(/listener.*/, 'targetgroup/shop/')}${index}`,
        weight,
      ]),
    );
  const path = `loadBalancers[0].weights.${SINGAPORE}`;
  const given = (weights: unknown) => at(path, withValue(balanced, `loadBalancers.0.weights.${SINGAPORE}`, weights));

  it.each([
    { what: 'one target group', weights: groups(1, 1) },
    { what: 'five of them', weights: groups(5, 999) },
  ])('may be those of $what', ({ weights }) => expect(given(weights)).toEqual([]));

  it.each([
    { what: 'nobody', weights: groups(2, 0), message: 'gives every target group the weight 0' },
    { what: 'six target groups', weights: groups(6, 1), message: 'names more target groups than an action takes' },
  ])('may not be those of $what', ({ weights, message }) =>
    expect(given(weights)).toMatchObject([{ message: expect.stringContaining(message) }]),
  );
});

describe('a Region id', () => {
  it.each(LATENCY_REGIONS)('may be %s, which Route 53 knows', (id) => {
    expect(at('regions[0].id', withValue(passiveInput(), 'regions.0.id', id))).toEqual([]);
  });
});

describe('a list of the config', () => {
  it.each([
    { path: 'regions', value: passiveInput().regions.slice(0, 1), allowed: 'at least 2 entries' },
    { path: 'failback.rungs', value: [], allowed: 'at least 1 entries' },
    { path: 'evacuation.scopes', value: [], allowed: 'at least 1 entries' },
    { path: 'lastResort.addresses', value: [], allowed: 'at least 1 entries' },
    {
      path: 'lastResort.addresses',
      value: Array.from({ length: 9 }, (_, n) => `192.0.2.${n}`),
      allowed: 'at most 8 entries',
    },
    { path: 'routing.locations', value: [], allowed: 'at least 1 entries' },
    { path: 'scaling.targets', value: [], allowed: 'at least 1 entries' },
  ])('$path holds $allowed', ({ path, value, allowed }) => {
    const routing = { policy: 'geolocation', locations: [] };
    const input = path.startsWith('routing') ? withValue(passiveInput(), 'routing', routing) : passiveInput();
    expect(at(path, withValue(input, path, value))).toMatchObject([{ message: 'is out of range', value, allowed }]);
  });

  it.each([0, 1, 100, 101, 33.5])('a rung of %s % is refused outside 1 to 100', (rung) => {
    const input = passiveInput({ failback: { rungs: [rung, 100].slice(rung === 100 ? 1 : 0) } });
    expect(problemsIn(input).length === 0).toBe(rung === 1 || rung === 100);
  });

  it.each([
    { address: '192.0.2.10', taken: true },
    { address: '256.0.2.10', taken: false },
    { address: '2001:db8::1', taken: false },
    { address: 'www.example', taken: false },
  ])('a last resort at $address is taken: $taken', ({ address, taken }) => {
    const problems = problemsIn(passiveInput({ lastResort: { addresses: [address] } }));
    expect(problems.length === 0).toBe(taken);
    for (const { message } of problems) expect(message).toContain('allowed: four numbers from 0 to 255');
  });

  it('an e-mail address is one', () => {
    expect(at('notify.emails[1]', passiveInput({ notify: { emails: ['a@b.example', 'b'] } }))).toHaveLength(1);
  });

  it('an eventually consistent table is refused in words', () => {
    const coordination = { replicas: [TOKYO, SEOUL], witness: OSAKA, consistency: 'eventual' };
    expect(problemsIn(withValue(passiveInput(), 'coordination', coordination))).toMatchObject([
      {
        path: 'coordination.consistency',
        message: expect.stringContaining('can never hold a lock'),
        value: 'eventual',
      },
    ]);
  });
});

describe('what must be there', () => {
  it.each(['application', 'record', 'hostedZoneId', 'regions'])('%s has no default', (path) => {
    expect(at(path, withValue(passiveInput(), path, undefined))).toMatchObject([
      { message: 'is missing', remedy: 'add it' },
    ]);
  });

  it.each(['id', 'role', 'endpoint'])('a Region has a %s', (field) => {
    expect(at(`regions[1].${field}`, withValue(passiveInput(), `regions.1.${field}`, undefined))).toHaveLength(1);
  });

  it('an added check has every field', () => {
    const input = passiveInput({ checks: { search: { kind: 'deep', component: 'search' } } });
    expect(problemsIn(input).map(({ path, message }) => `${path} ${message}`)).toEqual([
      'checks.search.layer is missing',
      'checks.search.class is missing',
      'checks.search.intervalSeconds is missing',
      'checks.search.failureThreshold is missing',
      'checks.search.timeoutSeconds is missing',
    ]);
  });

  it('a choice that is missing is said to be missing, with what it may be', () => {
    expect(problemsIn(withValue(passiveInput(), 'regions.1.role', undefined))).toEqual([
      { path: 'regions[1].role', message: 'is missing', allowed: 'primary, standby, active', remedy: 'add it' },
    ]);
  });

  it.each([null, undefined, 1, 'config', [], true])('a config is an object and not %s', (input) => {
    expect(problemsIn(input)).toMatchObject([{ path: '', allowed: 'object' }]);
  });
});
