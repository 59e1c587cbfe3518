import { describe, expect, it } from 'vitest';
import type { HealthCheck, HealthCheckConfig } from '../../../core/routing/health-check.ts';
import { CHECKER_REGIONS } from '../../../core/routing/route53-limits.ts';
import { validateHealthChecks, validateHealthCheckUpdate } from '../../../core/routing/validate-health-checks.ts';
import { NEW_CHECKER, observe } from '../../../twin/route53/health/checker.ts';
import { createFixtureHealth, type GivenHealth } from '../../../twin/route53/health/fixture-health.ts';
import { createHealthService } from '../../../twin/route53/health/health-service.ts';
import { judgeProbe, type ProbeObservation } from '../../../twin/route53/health/probe-verdict.ts';
import type { WorldPorts } from '../../../twin/route53/ports.ts';
import { httpsCheck } from '../../_helpers/route53-zone.ts';
import { createVirtualClock } from '../../_helpers/virtual-clock.ts';

const OK: ProbeObservation = { connectMs: 10, responseMs: 20, statusCode: 200, bodyMs: 5, body: 'all well' };
const DOWN: ProbeObservation = { connectMs: 10, responseMs: 20, statusCode: 503 };
const LOCATIONS = ['singapore', 'dublin'];

const statusOf = (config: HealthCheckConfig, given?: GivenHealth, others: readonly HealthCheck[] = []) =>
  createFixtureHealth({
    healthChecks: [{ Id: 'it', HealthCheckConfig: config }, ...others],
    given: given === undefined ? {} : { it: given },
    targets: {},
  }).isHealthy('it');

/** A health service over a world that the test changes as it goes. */
function createStory(config: HealthCheckConfig, world: Partial<WorldPorts> = {}) {
  const clock = createVirtualClock();
  const state = { observation: OK };
  const service = createHealthService({
    clock,
    world: { probe: () => state.observation, ...world },
    locations: LOCATIONS,
    onChange: () => undefined,
  });
  service.put({ Id: 'it', HealthCheckConfig: config });
  return { clock, state, service, isHealthy: (at = 'singapore') => service.viewAt(at).isHealthy('it') };
}

const seconds = (count: number) => count * 1_000;

describe('health checks of endpoints', () => {
  it.each([
    { percent: 0, healthy: false },
    { percent: 17.9, healthy: false },
    { percent: 18, healthy: false },
    { percent: 18.1, healthy: true },
    { percent: 100, healthy: true },
  ])('rule 15: an endpoint is healthy if more than 18 % of checkers say so ($percent %)', ({ percent, healthy }) => {
    expect(statusOf(httpsCheck(), { checkersHealthyPercent: percent })).toBe(healthy);
    expect(statusOf(httpsCheck({ Inverted: true }), { checkersHealthyPercent: percent })).toBe(!healthy);
  });

  it.each([
    { seen: 'nothing', observation: {}, passed: false, tookMs: 4_000 },
    { seen: 'no name', observation: { fault: 'DNS resolution failed' }, passed: false, tookMs: 0 },
    { seen: 'connection at 4 s', observation: { ...OK, connectMs: 4_000 }, passed: true, tookMs: 4_020 },
    { seen: 'connection after 4 s', observation: { ...OK, connectMs: 4_001 }, passed: false, tookMs: 4_000 },
    { seen: 'status at 2 s', observation: { ...OK, responseMs: 2_000 }, passed: true, tookMs: 2_010 },
    { seen: 'status after 2 s', observation: { ...OK, responseMs: 2_001 }, passed: false, tookMs: 2_010 },
    { seen: 'no status', observation: { connectMs: 10 }, passed: false, tookMs: 2_010 },
    { seen: 'status 199', observation: { ...OK, statusCode: 199 }, passed: false, tookMs: 30 },
    { seen: 'status 200', observation: OK, passed: true, tookMs: 30 },
    { seen: 'status 399', observation: { ...OK, statusCode: 399 }, passed: true, tookMs: 30 },
    { seen: 'status 400', observation: { ...OK, statusCode: 400 }, passed: false, tookMs: 30 },
  ])('rule 16: an HTTP check that sees $seen passes: $passed', ({ observation, passed, tookMs }) => {
    expect(judgeProbe(httpsCheck(), observation)).toMatchObject({ passed, tookMs });
  });

  it.each([
    { connectMs: 9_999, passed: true },
    { connectMs: 10_000, passed: true },
    { connectMs: 10_001, passed: false },
  ])('rule 16: a TCP check that connects after $connectMs ms passes: $passed', ({ connectMs, passed }) => {
    expect(judgeProbe({ Type: 'TCP', IPAddress: '192.0.2.1', Port: 443 }, { connectMs }).passed).toBe(passed);
  });

  const filler = (length: number) => 'x'.repeat(length);
  it.each([
    { seen: 'the string', body: 'all well', bodyMs: 5, passed: true },
    { seen: 'another case', body: 'All Well', bodyMs: 5, passed: false },
    { seen: 'the body at 2 s', body: 'all well', bodyMs: 2_000, passed: true },
    { seen: 'the body after 2 s', body: 'all well', bodyMs: 2_001, passed: false },
    { seen: 'the string up to byte 5,120', body: `${filler(5_112)}all well`, bodyMs: 5, passed: true },
    { seen: 'the string up to byte 5,121', body: `${filler(5_113)}all well`, bodyMs: 5, passed: false },
    { seen: 'bytes, not characters', body: `${'é'.repeat(2_557)}all well`, bodyMs: 5, passed: false },
    { seen: 'no body', body: undefined, bodyMs: undefined, passed: false },
  ])('rule 16: a string match that sees $seen passes: $passed', ({ body, bodyMs, passed }) => {
    const { body: _, bodyMs: __, ...rest } = OK;
    const observation = { ...rest, ...(body === undefined ? {} : { body, bodyMs }) };
    expect(judgeProbe(httpsCheck({ Type: 'HTTPS_STR_MATCH', SearchString: 'all well' }), observation).passed).toBe(
      passed,
    );
  });

  it.each([1, 3, 10])('rule 17: the status changes after %i observations in a row, in both directions', (threshold) => {
    let state = NEW_CHECKER;
    for (let count = 1; count < threshold; count += 1) state = observe(state, false, threshold);
    expect(state.healthy).toBe(true);
    state = observe(state, false, threshold);
    expect(state.healthy).toBe(false);
    for (let count = 1; count < threshold; count += 1) state = observe(state, true, threshold);
    expect(state.healthy).toBe(false);
    expect(observe(state, true, threshold).healthy).toBe(true);
  });

  it('rule 17: one observation that fits begins the count anew', () => {
    const after = [false, false, true, false, false].reduce((state, passed) => observe(state, passed, 3), NEW_CHECKER);
    expect(after.healthy).toBe(true);
    expect(observe(after, false, 3).healthy).toBe(false);
  });

  it('rule 17: an endpoint that goes down is noticed after interval × threshold, not before', () => {
    const { clock, state, isHealthy } = createStory(httpsCheck({ FailureThreshold: 3 }));
    clock.runUntil(seconds(60));
    state.observation = DOWN;
    clock.runUntil(seconds(60 + 20));
    expect(isHealthy()).toBe(true);
    clock.runUntil(seconds(60 + 33));
    expect(isHealthy()).toBe(false);
    state.observation = OK;
    clock.runUntil(seconds(60 + 33 + 20));
    expect(isHealthy()).toBe(false);
    clock.runUntil(seconds(60 + 33 + 33));
    expect(isHealthy()).toBe(true);
  });

  it('rule 17: the checkers ask at moments of their own, each once per interval', () => {
    const asked: number[] = [];
    const { clock } = createStory(httpsCheck(), {
      probe: (_config, _region, nowMs) => {
        asked.push(nowMs);
        return OK;
      },
    });
    clock.runUntil(seconds(10));
    expect(asked).toHaveLength(16);
    expect(new Set(asked).size).toBe(16);
  });

  it.each([
    { update: { Type: 'TCP' as const }, field: 'Type' },
    { update: { RequestInterval: 30 }, field: 'RequestInterval' },
    { update: { MeasureLatency: true }, field: 'MeasureLatency' },
    { update: { IPAddress: '192.0.2.1' }, field: 'IPAddress' },
  ])('rule 18: $field cannot be changed later', ({ update, field }) => {
    const problems = validateHealthCheckUpdate(httpsCheck(), update, 'HealthCheckConfig');
    expect(problems).toMatchObject([
      { path: `HealthCheckConfig.${field}`, message: expect.stringMatching(/cannot be changed/) },
    ]);
  });

  it('rule 18: port, threshold and inversion can be changed later, and so can an address that is there', () => {
    const update = { Port: 8443, FailureThreshold: 1, Inverted: true };
    expect(validateHealthCheckUpdate(httpsCheck(), update, '')).toEqual([]);
    const byAddress = { Type: 'HTTPS' as const, IPAddress: '192.0.2.1' };
    expect(validateHealthCheckUpdate(byAddress, { IPAddress: '192.0.2.2' }, '')).toEqual([]);
  });

  it.each([
    { regions: CHECKER_REGIONS.slice(0, 2), problems: 1 },
    { regions: CHECKER_REGIONS.slice(0, 3), problems: 0 },
    { regions: CHECKER_REGIONS, problems: 0 },
    { regions: ['us-east-1', 'us-east-1', 'us-west-1'], problems: 1 },
    { regions: ['us-east-1', 'us-west-1', 'us-west-2', 'ca-central-1'], problems: 1 },
  ])('rule 18: the checker Regions $regions give $problems problems', ({ regions, problems }) => {
    const checks = [{ Id: 'it', HealthCheckConfig: httpsCheck({ Regions: regions }) }];
    expect(validateHealthChecks(checks)).toHaveLength(problems);
  });

  it.each([false, true])(
    'rule 19: a new check is healthy until there is data, an inverted one unhealthy (inverted: %s)',
    (inverted) => {
      const config = httpsCheck({ Inverted: inverted });
      expect(statusOf(config)).toBe(!inverted);
      expect(statusOf(config, { observed: 'insufficient-data' })).toBe(!inverted);
      const { clock, state, isHealthy } = createStory(config);
      state.observation = DOWN;
      expect(isHealthy()).toBe(!inverted);
      clock.runUntil(seconds(60));
      expect(isHealthy()).toBe(inverted);
    },
  );

  it.each([
    { config: { Disabled: true }, healthy: true },
    { config: { Disabled: true, Inverted: true }, healthy: false },
  ])('rule 20: a check with $config ignores what is observed and is healthy: $healthy', ({ config, healthy }) => {
    for (const given of ['healthy', 'unhealthy', { checkersHealthyPercent: 0 }] as const) {
      expect(statusOf(httpsCheck(config), given)).toBe(healthy);
    }
  });

  it('rule 20: disabling stops the probes, enabling starts them again', () => {
    let probes = 0;
    const probe = () => {
      probes += 1;
      return DOWN;
    };
    const { clock, service, isHealthy } = createStory(httpsCheck(), { probe });
    clock.runUntil(seconds(60));
    expect(isHealthy()).toBe(false);
    service.put({ Id: 'it', HealthCheckConfig: httpsCheck({ Disabled: true }) });
    const before = probes;
    clock.runUntil(seconds(120));
    expect(probes).toBe(before);
    expect(isHealthy()).toBe(true);
    service.put({ Id: 'it', HealthCheckConfig: httpsCheck() });
    clock.runUntil(seconds(180));
    expect(isHealthy()).toBe(false);
  });
});

describe('health checks of other things', () => {
  const child = (id: string, extra: Partial<HealthCheckConfig> = {}): HealthCheck => ({
    Id: id,
    HealthCheckConfig: httpsCheck(extra),
  });
  const parent = (
    threshold: number,
    children: readonly HealthCheck[],
    given: Readonly<Record<string, GivenHealth>>,
  ) => {
    const config = {
      Type: 'CALCULATED' as const,
      HealthThreshold: threshold,
      ChildHealthChecks: children.map(({ Id }) => Id),
    };
    const healthChecks = [{ Id: 'parent', HealthCheckConfig: config }, ...children];
    return createFixtureHealth({ healthChecks, given, targets: {} }).isHealthy('parent');
  };

  it.each([
    { threshold: 0, healthy: true },
    { threshold: 1, healthy: true },
    { threshold: 2, healthy: false },
    { threshold: 3, healthy: false },
    { threshold: 4, healthy: false },
  ])('rule 21: with 1 of 3 children healthy a threshold of $threshold is met: $healthy', ({ threshold, healthy }) => {
    const children = [child('a'), child('b'), child('c')];
    expect(parent(threshold, children, { a: 'healthy', b: 'unhealthy', c: 'unhealthy' })).toBe(healthy);
  });

  it('rule 21: a threshold of 0 is always met, one above the number of children never', () => {
    expect(parent(0, [child('a')], { a: 'unhealthy' })).toBe(true);
    expect(parent(2, [child('a')], { a: 'healthy' })).toBe(false);
    expect(parent(0, [], {})).toBe(true);
    expect(parent(1, [], {})).toBe(false);
  });

  it('rule 20: a disabled child counts as healthy in its parent, unless it is inverted', () => {
    expect(parent(1, [child('a', { Disabled: true })], { a: 'unhealthy' })).toBe(true);
    expect(parent(1, [child('a', { Disabled: true, Inverted: true })], { a: 'healthy' })).toBe(false);
  });

  it('rule 21: a parent counts the resulting status of inverted children, and may be inverted itself', () => {
    expect(parent(1, [child('a', { Inverted: true })], { a: { checkersHealthyPercent: 0 } })).toBe(true);
    const config: HealthCheckConfig = {
      Type: 'CALCULATED',
      HealthThreshold: 1,
      ChildHealthChecks: ['a'],
      Inverted: true,
    };
    expect(statusOf(config, undefined, [child('a')])).toBe(false);
  });

  it.each([254, 255, 256])('rule 21: %i children are allowed up to 255', (count) => {
    const children = Array.from({ length: count }, (_, index) => child(`c${index}`));
    const config = { Type: 'CALCULATED' as const, HealthThreshold: 1, ChildHealthChecks: children.map(({ Id }) => Id) };
    const problems = validateHealthChecks([{ Id: 'parent', HealthCheckConfig: config }, ...children]);
    expect(problems).toHaveLength(count > 255 ? 1 : 0);
  });

  it('rule 21: calculated checks cannot be nested', () => {
    const inner = { Id: 'inner', HealthCheckConfig: { Type: 'CALCULATED' as const, HealthThreshold: 0 } };
    const outer = {
      Id: 'outer',
      HealthCheckConfig: { Type: 'CALCULATED' as const, HealthThreshold: 1, ChildHealthChecks: ['inner'] },
    };
    expect(validateHealthChecks([outer, inner])).toMatchObject([
      {
        path: 'HealthChecks[0].HealthCheckConfig.ChildHealthChecks[0]',
        message: expect.stringMatching(/cannot be the child/),
      },
    ]);
  });

  const metric = (extra: Partial<HealthCheckConfig> = {}): HealthCheckConfig => ({
    Type: 'CLOUDWATCH_METRIC',
    AlarmIdentifier: { Region: 'ap-northeast-2', Name: 'evacuate' },
    ...extra,
  });

  it.each([
    { status: 'Healthy', healthy: true },
    { status: 'Unhealthy', healthy: false },
    { status: 'LastKnownStatus', healthy: true },
    { status: undefined, healthy: true },
  ] as const)('rule 22: without data and with $status an alarm check is healthy: $healthy', ({ status, healthy }) => {
    const extra = status === undefined ? {} : { InsufficientDataHealthStatus: status };
    const given = { observed: 'insufficient-data' } as const;
    expect(statusOf(metric(extra), given)).toBe(healthy);
    expect(statusOf(metric({ ...extra, Inverted: true }), given)).toBe(!healthy);
  });

  it('rule 22: an alarm check follows the data stream and keeps the last known status without data', () => {
    const state = { data: 'INSUFFICIENT_DATA' as 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' };
    const { clock, isHealthy } = createStory(metric({ InsufficientDataHealthStatus: 'LastKnownStatus' }), {
      alarmDataState: ({ Name }) => (Name === 'evacuate' ? state.data : 'OK'),
    });
    const once = (data: typeof state.data) => {
      state.data = data;
      clock.runUntil(clock.now() + seconds(10));
      return isHealthy();
    };
    expect(isHealthy()).toBe(true);
    expect(once('ALARM')).toBe(false);
    expect(once('INSUFFICIENT_DATA')).toBe(false);
    expect(once('OK')).toBe(true);
    expect(once('INSUFFICIENT_DATA')).toBe(true);
  });

  it('rule 22: a check of an alarm needs to name the alarm and its Region', () => {
    const config = { Type: 'CLOUDWATCH_METRIC' as const };
    expect(validateHealthChecks([{ Id: 'it', HealthCheckConfig: config }])).toMatchObject([
      { path: 'HealthChecks[0].HealthCheckConfig.AlarmIdentifier' },
    ]);
    const elsewhere = metric({ AlarmIdentifier: { Region: 'mars-1', Name: '' } });
    expect(validateHealthChecks([{ Id: 'it', HealthCheckConfig: elsewhere }])).toHaveLength(2);
  });

  it('rule 23: a check of a routing control is healthy while that is on', () => {
    const state = { control: 'On' as 'On' | 'Off' };
    const config: HealthCheckConfig = { Type: 'RECOVERY_CONTROL', RoutingControlArn: 'arn:aws:x' };
    const { clock, isHealthy } = createStory(config, { routingControlState: () => state.control });
    expect(isHealthy()).toBe(true);
    state.control = 'Off';
    clock.runUntil(seconds(10));
    expect(isHealthy()).toBe(false);
    state.control = 'On';
    clock.runUntil(seconds(20));
    expect(isHealthy()).toBe(true);
  });
});

describe('verdicts per location', () => {
  it('rule 24: during a partition two locations may judge one endpoint differently', () => {
    let partitioned = false;
    const nearSingapore = ['ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1'];
    const { clock, service, isHealthy } = createStory(httpsCheck({ FailureThreshold: 1 }), {
      // The endpoint stands in Singapore and is cut off from everywhere else.
      probe: (_config, region) => (partitioned && !nearSingapore.includes(region) ? {} : OK),
      isReportReachable: (region, location) =>
        !partitioned || nearSingapore.includes(region) === (location === 'singapore'),
    });
    clock.runUntil(seconds(60));
    partitioned = true;
    service.reaggregate();
    clock.runUntil(seconds(120));
    expect([isHealthy('singapore'), isHealthy('dublin')]).toEqual([true, false]);
    partitioned = false;
    service.reaggregate();
    clock.runUntil(seconds(180));
    expect([isHealthy('singapore'), isHealthy('dublin')]).toEqual([true, true]);
  });

  it('rule 24: a location that hears no checker keeps what it knew', () => {
    let reachable = true;
    const { clock, state, service, isHealthy } = createStory(httpsCheck({ FailureThreshold: 1 }), {
      isReportReachable: (_region, location) => reachable || location === 'singapore',
    });
    clock.runUntil(seconds(60));
    reachable = false;
    service.reaggregate();
    state.observation = DOWN;
    clock.runUntil(seconds(120));
    expect([isHealthy('singapore'), isHealthy('dublin')]).toEqual([false, true]);
  });

  it('rule 24: a calculated check follows its children location by location', () => {
    let cut = false;
    const clock = createVirtualClock();
    const service = createHealthService({
      clock,
      world: {
        probe: (_config, region) => (region === 'eu-west-1' ? OK : DOWN),
        isReportReachable: (region, location) => !cut || (region === 'eu-west-1') === (location === 'dublin'),
      },
      locations: LOCATIONS,
      onChange: () => undefined,
    });
    service.put({ Id: 'child', HealthCheckConfig: httpsCheck({ FailureThreshold: 1 }) });
    service.put({
      Id: 'parent',
      HealthCheckConfig: { Type: 'CALCULATED', HealthThreshold: 1, ChildHealthChecks: ['child'] },
    });
    cut = true;
    clock.runUntil(seconds(60));
    expect(service.viewAt('dublin').isHealthy('parent')).toBe(true);
    expect(service.viewAt('singapore').isHealthy('parent')).toBe(false);
  });
});
