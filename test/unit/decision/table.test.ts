import { describe, expect, it } from 'vitest';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { matchingRow } from '../../../core/decision/decide.ts';
import { DECISION_TABLE, freshMetric } from '../../../core/decision/table.ts';
import { type Assessment, assess } from '../../../core/health/assess.ts';
import { applyProbe, type CheckState, type HealthStatus } from '../../../core/health/check-state.ts';
import type { MetricSeries } from '../../../core/health/metric-series.ts';
import { COORDINATION_SIGNAL, instancesSignal, signalsOf } from '../../../core/health/signals.ts';
import { SINGAPORE, testConfig } from '../../_helpers/config.ts';
import { type AssessmentSettings, assessmentOf, NOW, reportsOn } from '../../_helpers/observations.ts';

const CRITICAL = ['region-connectivity', 'database-writer', 'cache-cluster', 'order-service', 'payment-service'];
const OTHERS = ['inventory-service', 'error-rate', 'response-time'];

const seen = (settings: AssessmentSettings): Assessment => assessmentOf(testConfig(), settings);
const row = (settings: AssessmentSettings): string => matchingRow(seen(settings), testConfig()).id;
const reason = (settings: AssessmentSettings): string =>
  matchingRow(seen(settings), testConfig()).reason(seen(settings), testConfig());
/** The first so many of the critical checks have a status, counted from the last of them. */
const last = (count: number, status: HealthStatus): Record<string, HealthStatus> =>
  Object.fromEntries(CRITICAL.slice(CRITICAL.length - count).map((name) => [name, status]));

describe('the decision table', () => {
  it('has these rows in this order, each with its outcome, confidence and estimate', () => {
    const rows = DECISION_TABLE.map(
      ({ id, outcome, confidence, estimatedRtoSeconds }) => `${id} ${outcome} ${confidence} ${estimatedRtoSeconds}`,
    );
    expect(rows).toEqual([
      'D100 NO_ACTION LOW null',
      'D200 AUTOMATIC_FAILOVER HIGH 300',
      'D210 AUTOMATIC_FAILOVER HIGH 180',
      'D220 AUTOMATIC_FAILOVER HIGH 300',
      'D230 AUTOMATIC_FAILOVER HIGH 300',
      'D240 AUTOMATIC_FAILOVER MEDIUM 300',
      'D300 MANUAL_REVIEW MEDIUM null',
      'D400 MONITOR LOW null',
      'D900 NO_ACTION HIGH null',
    ]);
    expect(DECISION_TABLE.every(({ source }) => source !== '')).toBe(true);
  });
});

describe('D100, unknown', () => {
  it.each([
    { unknown: 5, id: 'D100' },
    { unknown: 4, id: 'D100' },
    { unknown: 1, id: 'D100' },
    { unknown: 0, id: 'D900' },
  ])('is $id with $unknown of five critical checks unknown and the others passed', ({ unknown, id }) => {
    expect(row({ checks: last(unknown, 'unknown') })).toBe(id);
  });

  it('is not about checks that are not critical', () => {
    expect(row({ checks: Object.fromEntries(OTHERS.map((name) => [name, 'unknown' as const])) })).toBe('D900');
  });

  it('yields where failed checks call for something, though one is unknown', () => {
    expect(row({ checks: { 'cache-cluster': 'unknown', 'database-writer': 3 } })).toBe('D210');
    expect(row({ checks: { 'cache-cluster': 'unknown', ...last(2, 'failed') } })).toBe('D300');
    expect(row({ checks: { 'cache-cluster': 'unknown', ...last(1, 'failed') } })).toBe('D400');
  });

  it('yields to degraded traffic while one critical check is known, and to nothing while none is', () => {
    const metrics = { 'error-rate': 0.07, 'p95-ms': 1500 };
    expect(row({ checks: last(4, 'unknown'), metrics })).toBe('D300');
    expect(row({ all: 'unknown', metrics })).toBe('D100');
  });

  it('names every unknown check and why', () => {
    expect(reason({ checks: { ...last(2, 'unknown') } })).toBe(
      'unknown: order-service (is unknown), payment-service (is unknown)',
    );
  });
});

describe('D200, complete regional failure', () => {
  it.each([
    { failed: 3, id: 'D300' },
    { failed: 4, id: 'D210' },
    { failed: 5, id: 'D200' },
  ])('is $id with $failed of five critical checks failed', ({ failed, id }) => {
    expect(row({ checks: last(failed, 'failed') })).toBe(id);
  });

  it('does not need the checks that are not critical', () => {
    expect(row({ checks: last(5, 'failed') })).toBe('D200');
    expect(row({ all: 'failed' })).toBe('D200');
  });

  it('is never drawn from a check that is unknown', () => {
    for (const name of CRITICAL) expect(row({ all: 'failed', checks: { [name]: 'unknown' } })).not.toBe('D200');
  });

  it('is drawn from one check where it is the only critical one', () => {
    const checks = Object.fromEntries(CRITICAL.slice(1).map((name) => [name, { class: 'important' as const }]));
    const config = testConfig({ checks });
    const only = assessmentOf(config, { checks: { 'region-connectivity': 'failed' } });
    expect(matchingRow(only, config).id).toBe('D200');
  });

  it('names the checks and why they failed', () => {
    expect(reason({ all: 'failed' })).toBe(
      `complete regional failure: ${CRITICAL.map((name) => `${name} (is failed)`).join(', ')}`,
    );
  });
});

describe('D210, database writer failure', () => {
  it.each([
    { failures: 2, id: 'D400' },
    { failures: 3, id: 'D210' },
    { failures: 4, id: 'D210' },
  ])('is $id after $failures consecutive failures', ({ failures, id }) => {
    expect(row({ checks: { 'database-writer': failures } })).toBe(id);
  });

  it('needs the writer failed, not unknown', () => {
    expect(row({ checks: { 'database-writer': 'unknown' } })).toBe('D100');
  });

  it('does not match where the table has no such check', () => {
    const config = testConfig({ checks: { 'database-writer': false } });
    expect(matchingRow(assessmentOf(config), config).id).toBe('D900');
    expect(matchingRow(assessmentOf(config, { all: 'failed' }), config).id).toBe('D200');
  });

  it('says how often the writer failed', () => {
    expect(reason({ checks: { 'database-writer': 7 } })).toBe(
      'database writer failure: 7 consecutive failures (is failed)',
    );
  });

  it('is not drawn from revisions that are not those expected: a person is asked', () => {
    const assessment = seen({ checks: last(4, 'failed') });
    const released = {
      ...assessment,
      checks: assessment.checks.map((check) =>
        check.status === 'failed' ? { ...check, mismatch: true as const } : check,
      ),
    };
    expect(matchingRow(assessment, testConfig()).id).toBe('D210');
    expect(matchingRow(released, testConfig()).id).toBe('D300');
    const everything = seen({ all: 'failed' });
    const checks = everything.checks.map((check) => ({ ...check, mismatch: true as const }));
    expect(matchingRow({ ...everything, checks }, testConfig()).id).toBe('D300');
  });
});

describe('D220, instances down', () => {
  const order = instancesSignal('order-service');

  it('leaves where too many instances of a critical service are down, and says how many', () => {
    const { config, assessment } = withInstances(4);
    expect(matchingRow(assessment, config).id).toBe('D220');
    expect(matchingRow(assessment, config).reason(assessment, config)).toBe(
      'instances down: order-service: 6 of 10 instances are down',
    );
  });

  it.each([
    { healthy: 4, id: 'D220' },
    { healthy: 5, id: 'D900' },
    { healthy: 6, id: 'D900' },
  ])('is $id with $healthy of 10 instances working', ({ healthy, id }) => {
    const { config, assessment } = withInstances(healthy);
    expect(matchingRow(assessment, config).id).toBe(id);
  });

  it('is not about services that are not critical, nor about a count that nobody knows', () => {
    expect(row({ signals: { [instancesSignal('inventory-service')]: 'failed' } })).toBe('D900');
    expect(row({ signals: { [order]: 'unknown' } })).toBe('D900');
  });

  /** What observers make of a document that counts ten instances of the order service, three times over. */
  function withInstances(healthyInstances: number): { config: ResolvedConfig; assessment: Assessment } {
    const config = testConfig();
    const signal = signalsOf(config).find(({ name }) => name === order);
    if (signal === undefined) throw new Error('there is no such signal');
    const checks = { 'order-service': { status: 'passed' as const, instances: 10, healthyInstances } };
    const result = signal.read({ status: 'passed', checks });
    const next = (before: CheckState | undefined): CheckState =>
      applyProbe(signal.counting, before, { ...result, atEpochMs: NOW });
    const state = next(next(next(undefined)));
    const reports = reportsOn(config, {}).map((report) => ({
      ...report,
      checks: { ...report.checks, [order]: state },
    }));
    return { config, assessment: assess(config, { subject: SINGAPORE, reports, nowEpochMs: NOW }) };
  }
});

describe('D230, a partition', () => {
  it.each([
    { coordination: 'failed' as const, id: 'D230' },
    { coordination: 'unknown' as const, id: 'D900' },
    { coordination: 'passed' as const, id: 'D900' },
  ])('is $id where the way to the coordination table is $coordination', ({ coordination, id }) => {
    expect(row({ signals: { [COORDINATION_SIGNAL]: coordination } })).toBe(id);
  });

  it('is not drawn while nobody knows whether the front door answers', () => {
    const checks = { 'region-connectivity': 'unknown' as const };
    expect(row({ checks, signals: { [COORDINATION_SIGNAL]: 'failed' } })).toBe('D100');
  });

  it('yields to a Region that is dead altogether', () => {
    expect(row({ all: 'failed', signals: { [COORDINATION_SIGNAL]: 'failed' } })).toBe('D200');
  });
});

describe('D240, too many errors for too long', () => {
  const MINUTE = 60_000;
  /** One value a minute, each of its minute, up to so long ago. */
  const series = (value: number, { from, to = 0 }: { from: number; to?: number }): MetricSeries =>
    Array.from({ length: from - to }, (_, index) => {
      const atEpochMs = NOW - (from - 1 - index) * MINUTE;
      return { value, fromEpochMs: atEpochMs - MINUTE, atEpochMs };
    });
  const spike = (changes: { errors?: MetricSeries; requests?: MetricSeries } = {}): AssessmentSettings => ({
    metrics: {
      'error-rate': changes.errors ?? series(0.15, { from: 6 }),
      'requests-per-second': changes.requests ?? series(50, { from: 10 }),
    },
  });

  it('leaves after more than five minutes above ten per cent', () => {
    expect(row(spike())).toBe('D240');
    expect(reason(spike())).toBe('errors above 10 % for more than 5 min: errors 15.0 %, p95 not measured');
  });

  it.each([
    { what: 'five minutes, no more', settings: spike({ errors: series(0.15, { from: 5 }) }) },
    { what: 'ten per cent, no more', settings: spike({ errors: series(0.1, { from: 9 }) }) },
    {
      what: 'a minute below in between',
      settings: spike({
        errors: [
          ...series(0.15, { from: 9, to: 4 }),
          ...series(0.02, { from: 4, to: 3 }),
          ...series(0.15, { from: 3 }),
        ],
      }),
    },
    {
      what: 'a gap of four minutes',
      settings: spike({ errors: [...series(0.15, { from: 9, to: 5 }), ...series(0.15, { from: 1 })] }),
    },
    { what: 'numbers that are old', settings: spike({ errors: series(0.15, { from: 14, to: 4 }).slice(0, -1) }) },
    { what: 'too few requests', settings: spike({ requests: series(0.9, { from: 10 }) }) },
    { what: 'no known volume', settings: spike({ requests: [] }) },
    { what: 'a volume known for a part', settings: spike({ requests: series(50, { from: 4 }) }) },
  ])('does not leave on $what', ({ settings }) => {
    expect(row(settings)).not.toBe('D240');
  });

  it('counts the volume of the five minutes together', () => {
    const requests = [...series(4, { from: 9, to: 1 }), ...series(0, { from: 1 })];
    expect(row(spike({ requests }))).toBe('D240');
  });

  it('goes by the limits of the config', () => {
    const config = testConfig({ policy: { errorPercent: 20 } });
    expect(matchingRow(assessmentOf(config, spike()), config).id).toBe('D900');
  });
});

describe('D400, to be watched', () => {
  it.each([
    { what: 'a service that is not critical', name: 'inventory-service' },
    { what: 'one critical check', name: 'order-service' },
    { what: 'an informational limit', name: 'response-time' },
  ])('is $what', ({ name }) => {
    expect(row({ checks: { [name]: 'failed' }, metrics: { 'error-rate': 0.02, 'p95-ms': 300 } })).toBe('D400');
  });

  it('says what failed, and how the traffic does', () => {
    const settings = { checks: { 'inventory-service': 'failed' as const }, metrics: { 'error-rate': 0.02 } };
    expect(reason(settings)).toBe('inventory-service (is failed); errors 2.0 %, p95 not measured');
  });
});

describe('D300, a person has to look', () => {
  it.each([
    { failed: 1, id: 'D400' },
    { failed: 2, id: 'D300' },
    { failed: 3, id: 'D300' },
  ])('is $id with $failed critical checks failed that are not the writer', ({ failed, id }) => {
    expect(row({ checks: last(failed, 'failed') })).toBe(id);
  });

  it.each([
    { errors: 0.0499, p95: 1001, id: 'D900' },
    { errors: 0.05, p95: 1001, id: 'D300' },
    { errors: 0.1, p95: 1001, id: 'D300' },
    { errors: 0.4, p95: 1001, id: 'D300' },
    { errors: 0.07, p95: 999, id: 'D900' },
    { errors: 0.07, p95: 1000, id: 'D900' },
    { errors: 0.07, p95: 1001, id: 'D300' },
  ])('is $id with errors of $errors and a p95 of $p95 ms', ({ errors, p95, id }) => {
    expect(row({ metrics: { 'error-rate': errors, 'p95-ms': p95 } })).toBe(id);
  });

  it.each([
    { what: 'errors', metrics: { 'p95-ms': 1500 } },
    { what: 'latency', metrics: { 'error-rate': 0.07 } },
    { what: 'anything', metrics: {} },
  ])('is not drawn from traffic where $what is not measured', ({ metrics }) => {
    expect(row({ metrics })).toBe('D900');
  });

  it.each([
    { ageMs: 180_000, id: 'D300' },
    { ageMs: 180_001, id: 'D900' },
  ])('is $id from numbers that are $ageMs ms old', ({ ageMs, id }) => {
    const atEpochMs = NOW - ageMs;
    const metrics = { 'error-rate': [{ value: 0.07, atEpochMs }], 'p95-ms': [{ value: 1500, atEpochMs }] };
    expect(row({ metrics })).toBe(id);
  });

  it('says which of the two it was', () => {
    const metrics = { 'error-rate': 0.0712, 'p95-ms': 1500.4 };
    expect(reason({ metrics })).toBe('degraded: errors 7.1 %, p95 1500 ms');
    expect(reason({ checks: last(2, 'failed') })).toBe(
      'partial failure: order-service (is failed), payment-service (is failed)',
    );
  });
});

describe('D900, otherwise', () => {
  it.each([
    { what: 'all is well', settings: {}, says: 'all healthy' },
    { what: 'all is well and measured', settings: traffic(0.0099, 199), says: 'all healthy' },
    { what: 'errors reach 1 %', settings: traffic(0.01, 100), says: 'errors 1.0 %, p95 100 ms' },
    { what: 'latency reaches 200 ms', settings: traffic(0, 200), says: 'errors 0.0 %, p95 200 ms' },
    {
      what: 'only errors are measured',
      settings: { metrics: { 'error-rate': 0.02 } },
      says: 'errors 2.0 %, p95 not measured',
    },
    {
      what: 'only latency is measured',
      settings: { metrics: { 'p95-ms': 300 } },
      says: 'errors not measured, p95 300 ms',
    },
    {
      what: 'something else is out of order',
      settings: {
        checks: { 'inventory-service': 'unknown' as const, 'error-rate': 'unknown' as const },
        metrics: { 'error-rate': 0.02, 'p95-ms': 100 },
      },
      says: 'inventory-service unknown; error-rate unknown; errors 2.0 %, p95 100 ms',
    },
  ])('says "$says" where $what', ({ settings, says }) => {
    expect(row(settings)).toBe('D900');
    expect(reason(settings)).toBe(says);
  });

  function traffic(errors: number, p95: number): AssessmentSettings {
    return { metrics: { 'error-rate': errors, 'p95-ms': p95 } };
  }
});

describe('a metric', () => {
  it('that was never measured has no value', () => {
    expect(freshMetric(seen({}), testConfig(), 'error-rate')).toBeUndefined();
  });

  it('counts for three minutes', () => {
    const measured = (ageMs: number): number | undefined =>
      freshMetric(seen({ metrics: { 'p95-ms': [{ value: 5, atEpochMs: NOW - ageMs }] } }), testConfig(), 'p95-ms');
    expect([measured(0), measured(180_000), measured(180_001)]).toEqual([5, 5, undefined]);
  });
});
