import { describe, expect, it } from 'vitest';
import { checksOf } from '../../../core/config/accessors.ts';
import { type Check, DEFAULT_CHECKS, recoveryThresholdOf } from '../../../core/config/checks.ts';
import { defineConfig, resolveConfig } from '../../../core/config/resolve.ts';
import type { ConfigInput } from '../../../core/config/types.ts';
import { RefusedInputError } from '../../../core/errors.ts';
import exampleConfig from '../../../switchyard.config.ts';
import {
  activeInput,
  dnsInput,
  MUMBAI,
  OSAKA,
  passiveInput,
  problemsIn,
  regionsOf,
  SEOUL,
  SINGAPORE,
  TOKYO,
  testConfig,
  withValue,
} from '../../_helpers/config.ts';

const NEW_CHECK: Check = {
  kind: 'http',
  path: '/search',
  layer: 'application',
  class: 'important',
  intervalSeconds: 30,
  failureThreshold: 2,
  timeoutSeconds: 10,
};

describe('the check table', () => {
  it('has eight rows where nothing is given', () => {
    const rows = checksOf(testConfig()).map(
      ({ name, check: { layer, class: checkClass, intervalSeconds, failureThreshold, timeoutSeconds } }) =>
        `${name} ${layer} ${checkClass} ${intervalSeconds} ${failureThreshold} ${timeoutSeconds}`,
    );
    expect(rows).toEqual([
      'region-connectivity infrastructure critical 10 3 5',
      'database-writer infrastructure critical 10 3 5',
      'cache-cluster infrastructure critical 10 3 5',
      'order-service application critical 30 2 10',
      'payment-service application critical 30 2 10',
      'inventory-service application important 30 3 10',
      'error-rate business important 60 5 30',
      'response-time business informational 60 5 30',
    ]);
  });

  it('depends on the front door, apart from the front door itself and what the Region publishes', () => {
    const { checks } = testConfig();
    const dependent = Object.entries(checks).flatMap(([name, check]) =>
      check !== false && check.dependsOn !== undefined ? [name] : [],
    );
    expect(dependent).toEqual([
      'database-writer',
      'cache-cluster',
      'order-service',
      'payment-service',
      'inventory-service',
    ]);
  });

  it('takes a change of some fields and keeps the others', () => {
    const { checks } = testConfig({ checks: { 'order-service': { intervalSeconds: 60, class: 'important' } } });
    expect(checks['order-service']).toEqual({
      ...DEFAULT_CHECKS['order-service'],
      intervalSeconds: 60,
      class: 'important',
    });
    expect(checks['payment-service']).toEqual(DEFAULT_CHECKS['payment-service']);
  });

  it('loses a row that is set to false', () => {
    const config = testConfig({ checks: { 'inventory-service': false } });
    expect(checksOf(config).map(({ name }) => name)).not.toContain('inventory-service');
    expect(checksOf(config)).toHaveLength(7);
  });

  it('gains a row at its end', () => {
    const rows = checksOf(testConfig({ checks: { search: NEW_CHECK } }));
    expect(rows).toHaveLength(9);
    expect(rows.at(-1)).toEqual({ name: 'search', check: NEW_CHECK });
  });

  it('keeps what all kinds share when a row changes its kind, and nothing else', () => {
    const { checks } = testConfig({ checks: { 'order-service': { kind: 'http', path: '/orders' } } });
    expect(checks['order-service']).toEqual({
      kind: 'http',
      path: '/orders',
      layer: 'application',
      class: 'critical',
      intervalSeconds: 30,
      failureThreshold: 2,
      timeoutSeconds: 10,
      dependsOn: ['region-connectivity'],
    });
  });

  it('does not change a kind without the fields of the new one', () => {
    const input = passiveInput({ checks: { 'order-service': { kind: 'metric' } } });
    expect(problemsIn(input).map(({ path }) => path)).toEqual([
      'checks.order-service.metric',
      'checks.order-service.above',
    ]);
  });

  it('refuses a field of another kind', () => {
    const input = withValue(passiveInput(), 'checks', { 'order-service': { path: '/orders' } });
    expect(problemsIn(input)).toMatchObject([{ path: 'checks.order-service.path', message: 'is not a known key' }]);
  });

  it.each(['Order', '1st', '-a', 'a_b', 'a'.repeat(64), ''])('has no row named "%s"', (name) => {
    const path = name === '' ? 'checks[""]' : `checks.${name}`;
    expect(problemsIn(passiveInput({ checks: { [name]: NEW_CHECK } }))).toMatchObject([{ path }]);
  });

  it.each([
    { given: undefined, threshold: 3 },
    { given: 1, threshold: 1 },
    { given: 7, threshold: 7 },
  ])('asks for $threshold passes after a failure where recoveryThreshold is $given', ({ given, threshold }) => {
    const change = given === undefined ? {} : { recoveryThreshold: given };
    const rows = checksOf(testConfig({ checks: { 'database-writer': change } }));
    const thresholds = rows
      .filter(({ name }) => name === 'database-writer')
      .map(({ check }) => recoveryThresholdOf(check));
    expect(thresholds).toEqual([threshold]);
  });

  it('has no row left alone by mistake: undefined stands for the default', () => {
    expect(resolveConfig({ ...passiveInput(), checks: { 'order-service': undefined } })).toEqual(testConfig());
  });
});

describe('what is filled in', () => {
  it('is every default of the documentation', () => {
    const { regions: _, checks: __, ...rest } = testConfig();
    expect(rest).toEqual({
      application: 'storefront',
      record: 'api.storefront.example',
      hostedZoneId: 'Z0123456789STOREFRONT',
      hostedZoneName: 'storefront.example',
      preset: 'active-passive',
      ttlSeconds: 60,
      loadBalancers: [],
      vantages: [SEOUL],
      coordination: { replicas: [TOKYO, SEOUL], witness: OSAKA, consistency: 'strong' },
      contract: { path: '/health/deep', expected: {} },
      parity: { blobs: [], everyMinutes: 5, maximumAgeMinutes: 30, whenUnknown: 'refuse' },
      traffic: {
        namespace: 'Switchyard',
        periodSeconds: 60,
        requests: 'service.requests',
        errors: 'service.errors',
        latency: 'service.latency',
        connections: 'service.connections',
      },
      data: { adapter: 'none', writes: 'forwarded', lossBudgetSeconds: 5 },
      evacuation: {
        kind: 's3',
        guardians: { [SINGAPORE]: [TOKYO, SEOUL], [TOKYO]: [SINGAPORE, SEOUL] },
        scopes: ['application'],
      },
      targets: {
        regionFailureSeconds: 300,
        databaseFailureSeconds: 180,
        plannedSeconds: 900,
        degradationSeconds: 1800,
      },
      policy: {
        errorPercent: 10,
        errorMinutes: 5,
        minimumRequestsPerSecond: 1,
        degradedErrorPercent: 5,
        degradedP95Milliseconds: 1000,
        instancesDownPercent: 50,
        writerFailures: 3,
      },
      slo: { availabilityPercent: 99.9 },
      automation: { enabled: true, coolDownMinutes: 30, maxPerDay: 2, flapping: { raises: 3, windowMinutes: 60 } },
      failover: {
        approvalMinutes: 15,
        lagMinutes: 15,
        drainSeconds: 300,
        fenceHooks: [],
        shiftAfterPromotion: false,
        verifyAttempts: 10,
        verifyIntervalSeconds: 30,
        minimumRequestsPerSecond: 100,
        minimumSharePercent: 80,
        maximumErrorPercent: 1,
        maximumP95Milliseconds: 200,
      },
      failback: {
        rungs: [10, 50, 100],
        bakeMinutes: 30,
        checkSeconds: 60,
        holdMinutes: 30,
        maximumLagSeconds: 5,
        moveWriter: 'before-last-rung',
        maximumErrorPercent: 2,
        maximumP95Milliseconds: 500,
        shareTolerancePercent: 5,
        warmUpMinutes: 30,
        requestCaps: {},
        maximumAttemptsPerRequest: 1.5,
      },
      notify: { emails: [] },
    });
  });

  it('is the deadline of a promotion where there is one', () => {
    const { data } = testConfig({ data: { adapter: 'aurora-global', globalCluster: 'storefront' } });
    expect(data).toMatchObject({ promotionDeadlineSeconds: 300, lossBudgetSeconds: 5, writes: 'forwarded' });
  });

  it.each([
    { regions: [SINGAPORE, TOKYO, MUMBAI], vantages: [], of: SINGAPORE, guardians: [TOKYO, MUMBAI] },
    { regions: [SINGAPORE, TOKYO, MUMBAI], vantages: [], of: TOKYO, guardians: [SINGAPORE, MUMBAI] },
    { regions: [SINGAPORE, TOKYO, MUMBAI], vantages: [], of: MUMBAI, guardians: [SINGAPORE, TOKYO] },
    { regions: [SINGAPORE, TOKYO], vantages: [SEOUL, OSAKA], of: SINGAPORE, guardians: [TOKYO, SEOUL] },
  ])('two guardians of $of among $regions and $vantages: never itself', ({ regions, vantages, of, guardians }) => {
    const { evacuation } = testConfig({ regions: regionsOf(regions), vantages });
    expect(evacuation.guardians[of]).toEqual(guardians);
  });

  it('leaves alone what is given', () => {
    const guardians = { [SINGAPORE]: [SEOUL, OSAKA], [TOKYO]: [OSAKA, SEOUL] };
    const config = testConfig({ vantages: [SEOUL, OSAKA], evacuation: { guardians }, record: 'a.b.c.example' });
    expect(config.evacuation.guardians).toEqual(guardians);
    expect(config.hostedZoneName).toBe('b.c.example');
    expect(testConfig({ hostedZoneName: 'example.example', record: 'a.b.example.example' }).hostedZoneName).toBe(
      'example.example',
    );
  });
});

const INPUTS: readonly { readonly what: string; readonly input: ConfigInput }[] = [
  { what: 'the example', input: passiveInput() },
  { what: 'active/active', input: activeInput({ routing: { policy: 'latency' } }) },
  { what: 'records only', input: dnsInput({ lastResort: { addresses: ['192.0.2.10'] } }) },
  {
    what: 'sections in another order',
    input: {
      checks: { search: NEW_CHECK, 'order-service': { class: 'important' }, 'cache-cluster': false },
      ...passiveInput(),
    },
  },
  { what: 'a changed kind', input: passiveInput({ checks: { 'order-service': { kind: 'http', path: '/orders' } } }) },
  {
    what: 'every optional section',
    input: passiveInput({
      hostedZoneName: 'storefront.example',
      contract: { expected: { schema_rev: '42', release: 'r7' } },
      data: { adapter: 'aurora-global', globalCluster: 'storefront' },
      lastResort: { addresses: ['192.0.2.10'] },
      notify: { emails: ['oncall@storefront.example'], incidentChannel: '#incident' },
    }),
  },
];

describe('a resolved config', () => {
  it.each(INPUTS)('is itself an input that resolves to the same text: $what', ({ input }) => {
    const once = resolveConfig(input);
    expect(JSON.stringify(resolveConfig(once))).toBe(JSON.stringify(once));
  });

  it.each(INPUTS)('survives being written as JSON and read back: $what', ({ input }) => {
    const once = resolveConfig(input);
    expect(resolveConfig(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });

  it('has one order of keys, whoever wrote it', () => {
    const reversed = Object.fromEntries(Object.entries(passiveInput()).toReversed());
    expect(JSON.stringify(resolveConfig(reversed))).toBe(JSON.stringify(testConfig()));
  });

  it('is frozen to its leaves', () => {
    const thawed = (value: unknown, path: string): readonly string[] =>
      typeof value !== 'object' || value === null
        ? []
        : [
            ...(Object.isFrozen(value) ? [] : [path]),
            ...Object.entries(value).flatMap(([key, inner]) => thawed(inner, `${path}.${key}`)),
          ];
    for (const { input } of INPUTS) expect(thawed(resolveConfig(input), 'config')).toEqual([]);
  });

  it('leaves the input as it was', () => {
    const input = passiveInput({ failback: { rungs: [10, 100] } });
    const before = structuredClone(input);
    resolveConfig(input);
    expect(input).toEqual(before);
    expect(Object.isFrozen(input.failback?.rungs)).toBe(false);
  });

  it('is what the project itself is configured with', () => {
    expect(defineConfig(exampleConfig as ConfigInput)).toEqual(exampleConfig);
  });
});

const UNKNOWN_KEYS: readonly { readonly path: string; readonly problem: string }[] = [
  { path: 'colour', problem: 'colour' },
  { path: 'regions.1.colour', problem: 'regions[1].colour' },
  { path: 'coordination.colour', problem: 'coordination.colour' },
  { path: 'checks.order-service.colour', problem: 'checks.order-service.colour' },
  { path: 'contract.colour', problem: 'contract.colour' },
  { path: 'traffic.colour', problem: 'traffic.colour' },
  { path: 'data.colour', problem: 'data.colour' },
  { path: 'evacuation.colour', problem: 'evacuation.colour' },
  { path: 'lastResort.colour', problem: 'lastResort.colour' },
  { path: 'automation.colour', problem: 'automation.colour' },
  { path: 'failover.colour', problem: 'failover.colour' },
  { path: 'failback.colour', problem: 'failback.colour' },
  { path: 'notify.colour', problem: 'notify.colour' },
  { path: 'regions.0.endpoint.colour', problem: 'regions[0].endpoint.colour' },
  { path: 'routing.colour', problem: 'routing.colour' },
  { path: 'routing.locations.0.colour', problem: 'routing.locations[0].colour' },
];

describe('a key that nobody knows', () => {
  const endpoint = { loadBalancer: 'a.ap-southeast-1.elb.amazonaws.com', hostedZoneId: 'Z1' };
  const input = {
    ...activeInput({
      regions: regionsOf([SINGAPORE, TOKYO], 'active').map((region) => ({ ...region, endpoint })),
      data: { adapter: 'none' },
    }),
    routing: { policy: 'geolocation', locations: [{ location: '*', region: TOKYO }] },
  };

  const withLastResort = passiveInput({ lastResort: { addresses: ['192.0.2.10'] } });

  it.each(UNKNOWN_KEYS)('is refused at $problem', ({ path, problem }) => {
    const sound = path.startsWith('lastResort') ? withLastResort : input;
    expect(problemsIn(withValue(sound, path, 'red'))).toEqual([
      {
        path: problem,
        message: 'is not a known key',
        remedy: 'remove it or correct its spelling (docs/configuration.md lists every key)',
      },
    ]);
  });

  it('is a problem of its own, beside others in the same place', () => {
    const failback = { colour: 1, size: 2 };
    expect(problemsIn({ ...input, failback }).map(({ path }) => path)).toEqual(['failback.colour', 'failback.size']);
  });

  it('is also a revision that the contract does not have', () => {
    const contract = { expected: { colour: 'red' } };
    expect(problemsIn(withValue(passiveInput(), 'contract', contract))).toHaveLength(1);
  });

  it.each([
    { path: 'regions.0.endpoint.colour', broken: { ttlSeconds: 30 }, found: 'ttlSeconds' },
    { path: 'checks.order-service.colour', broken: { failback: { bakeMinutes: 1 } }, found: 'failback.bakeMinutes' },
    { path: 'regions.0.colour', broken: { vantages: [SEOUL, TOKYO] }, found: 'vantages[1]' },
    { path: 'failback.colour', broken: { failback: { rungs: [10] } }, found: 'failback.rungs' },
    { path: 'routing.locations.0.colour', broken: { vantages: [SEOUL, SEOUL] }, found: 'vantages[1]' },
  ])('at $path does not hide what a rule says of $found', ({ path, broken, found }) => {
    const paths = problemsIn(withValue({ ...input, ...broken }, path, 'red')).map((problem) => problem.path);
    expect(paths).toContain(found);
    expect(paths).toHaveLength(2);
  });
});

describe('all that is wrong', () => {
  const wrong = {
    ...passiveInput({ vantages: [TOKYO], failback: { bakeMinutes: 1 } }),
    application: 'Storefront!',
    ttlSeconds: 60,
    preset: 'active-passive',
    data: { adapter: 'oracle' },
    automation: { maxPerDay: 25, colour: 'red' },
    checks: { 'order-service': { timeoutSeconds: 31 } },
  };

  it('is said at once, whether of a field, of a key or across fields', () => {
    expect(problemsIn(wrong).map(({ path }) => path)).toEqual([
      'application',
      'data.adapter',
      'automation.maxPerDay',
      'automation.colour',
      'vantages[0]',
      'vantages',
      'checks.order-service.timeoutSeconds',
      'failback.bakeMinutes',
    ]);
  });

  it('stands in one error with a code that callers may branch on', () => {
    const refused = (): unknown => resolveConfig(wrong);
    expect(refused).toThrow(RefusedInputError);
    expect(refused).toThrow(expect.objectContaining({ code: 'CONFIG_REFUSED', source: 'operator', retryable: false }));
    expect(refused).toThrow(/^the config is refused:\n- application: /);
  });

  it('leaves out what a rule would say of a section that is itself malformed', () => {
    const paths = problemsIn(withValue(passiveInput(), 'regions.0.id', 'singapore')).map(({ path }) => path);
    expect(paths).toEqual(['regions[0].id']);
  });
});

describe('a text of the wrong form', () => {
  it('is refused with what it has to begin with', () => {
    expect(problemsIn(passiveInput({ parity: { goldProbes: { path: 'gold' } } }))).toEqual([
      expect.objectContaining({
        path: 'parity.goldProbes.path',
        message: 'has the wrong form',
        allowed: 'a text that begins with "/"',
      }),
    ]);
  });
});
