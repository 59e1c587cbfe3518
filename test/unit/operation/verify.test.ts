import { describe, expect, it } from 'vitest';
import { sharePercent } from '../../../core/operation/measure.ts';
import {
  gateResult,
  judgeService,
  judgeTarget,
  judgeTraffic,
  type LagSight,
  type ServiceSight,
  type TargetSight,
} from '../../../core/operation/verify.ts';
import { TOKYO, testConfig, withValue } from '../../_helpers/config.ts';
import { assessmentOf } from '../../_helpers/observations.ts';

const config = testConfig();
const well = assessmentOf(config, { subject: TOKYO });
const unwell = assessmentOf(config, {
  subject: TOKYO,
  checks: { 'order-service': 'failed', 'cache-cluster': 'unknown', 'inventory-service': 'failed' },
});

describe('a gate', () => {
  it('is open where no reason stands against it, and keeps its notes', () => {
    expect(gateResult([undefined, undefined], [undefined, 'a note'])).toEqual({
      passed: true,
      reasons: [],
      notes: ['a note'],
    });
    expect(gateResult(['one', undefined, 'two'])).toEqual({ passed: false, reasons: ['one', 'two'], notes: [] });
  });
});

describe('a target', () => {
  const judged = (sight: Partial<TargetSight>): readonly string[] =>
    judgeTarget(config, { assessment: well, lagMatters: false, contractMismatches: [], ...sight }).reasons;
  const lag = (seconds: number, ageSeconds = 10, unseenSeconds = ageSeconds): LagSight => ({
    seconds,
    ageSeconds,
    unseenSeconds,
  });

  it('that is well has nothing against it', () => {
    expect(judgeTarget(config, { assessment: well, lagMatters: false, contractMismatches: [] })).toEqual({
      passed: true,
      reasons: [],
      notes: ['capacity not configured, not judged'],
    });
  });

  it('is refused for every critical check that is not passed by quorum', () => {
    expect(judged({ assessment: unwell })).toEqual([
      'cache-cluster is unknown (is unknown)',
      'order-service is failed (is failed)',
    ]);
  });

  it.each([
    { seconds: 4.9, accepted: undefined, passed: true },
    { seconds: 5, accepted: undefined, passed: true },
    { seconds: 5.1, accepted: undefined, passed: false },
    { seconds: 30, accepted: 30, passed: true },
    { seconds: 30.1, accepted: 30, passed: false },
    { seconds: 4, accepted: 3, passed: false },
    { seconds: 0, accepted: 0, passed: true },
    { seconds: Number.NaN, accepted: undefined, passed: false },
  ])('with a lag of $seconds s and $accepted s accepted passes: $passed', ({ seconds, accepted, passed }) => {
    const given = accepted === undefined ? {} : { acceptedLossSeconds: accepted };
    expect(judged({ lagMatters: true, lag: lag(seconds), ...given }).length === 0).toBe(passed);
  });

  it('says whose limit the lag exceeds and how old the measurement is', () => {
    expect(judged({ lagMatters: true, lag: lag(7.25, 42.4) })).toEqual([
      'replication lag 7.3 s (measured 42 s ago) exceeds the loss budget of 5 s',
    ]);
    expect(judged({ lagMatters: true, lag: lag(7.25), acceptedLossSeconds: 6 })).toEqual([
      'replication lag 7.3 s (measured 10 s ago) exceeds the accepted loss of 6 s',
    ]);
  });

  it.each([
    { accepted: undefined, refused: 'the loss budget is 5 s' },
    { accepted: 0, refused: 'the accepted loss is 0 s' },
    { accepted: 0.1, refused: undefined },
    { accepted: 60, refused: undefined },
  ])(
    'whose lag is not measured is refused, unless a loss is accepted by name: $accepted s',
    ({ accepted, refused }) => {
      const given = accepted === undefined ? {} : { acceptedLossSeconds: accepted };
      expect(judged({ lagMatters: true, ...given })).toEqual(
        refused === undefined
          ? []
          : [
              `replication lag was not measured in the last 24 h, ${refused}; repair the metric or accept a loss by name (acceptDataLossSeconds)`,
            ],
      );
    },
  );

  it.each([
    { unseenSeconds: 299, passed: true },
    { unseenSeconds: 300, passed: true },
    { unseenSeconds: 301, passed: false },
  ])('whose source wrote for $unseenSeconds s after the measurement passes: $passed', ({ unseenSeconds, passed }) => {
    const reasons = judged({ lagMatters: true, lag: lag(0.4, 7200, unseenSeconds) });
    expect(reasons).toEqual(
      passed
        ? []
        : [
            expect.stringMatching(
              /^replication lag was last measured 301 s before the source stopped writing, the loss/,
            ),
          ],
    );
  });

  it('notes that the lag is unmeasured where that was accepted', () => {
    const sight = { assessment: well, lagMatters: true, contractMismatches: [], acceptedLossSeconds: 60 };
    expect(judgeTarget(config, sight).notes).toContain(
      'replication lag was not measured in the last 24 h: unmeasured, and a loss of 60 s accepted by name',
    );
    expect(judgeTarget(config, { ...sight, lag: lag(0.4, 7200) }).notes).toEqual(
      expect.arrayContaining([
        'lag 0.4 s, measured 7200 s ago',
        'replication lag was last measured 7200 s before the source stopped writing: unmeasured, and a loss of 60 s accepted by name',
      ]),
    );
  });

  it('has no lag to be judged by where nothing is replicated', () => {
    expect(judged({ lag: lag(100) })).toEqual([]);
  });

  it('notes the lag and its age, whether it matters or not', () => {
    const sight = { assessment: well, lagMatters: false, contractMismatches: [], lag: lag(1.25, 3.6) };
    expect(judgeTarget(config, sight).notes).toContain('lag 1.3 s, measured 4 s ago');
  });

  it.each([
    { load: 99, capacity: 100, passed: true },
    { load: 100, capacity: 100, passed: true },
    { load: 101, capacity: 100, passed: false },
    { load: undefined, capacity: 100, passed: true },
    { load: 101, capacity: undefined, passed: true },
  ])('for a load of $load and a capacity of $capacity passes: $passed', ({ load, capacity, passed }) => {
    const reasons = judged({
      ...(load === undefined ? {} : { loadRequestsPerSecond: load }),
      ...(capacity === undefined ? {} : { capacityRequestsPerSecond: capacity }),
    });
    expect(reasons).toEqual(passed ? [] : ['load of 101 requests/s exceeds the capacity of 100 requests/s']);
  });

  it('is told every reason at once', () => {
    const reasons = judged({
      assessment: unwell,
      lagMatters: true,
      lag: lag(60),
      loadRequestsPerSecond: 500,
      capacityRequestsPerSecond: 100,
      contractMismatches: ['schema_rev is "41", expected "42"'],
    });
    expect(reasons).toHaveLength(5);
    expect(reasons.at(-1)).toBe('contract mismatch: schema_rev is "41", expected "42"');
  });
});

describe('the traffic on the target', () => {
  it.each([
    { target: 99, before: undefined, passed: false },
    { target: 100, before: undefined, passed: false },
    { target: 100.1, before: undefined, passed: true },
    { target: 100, before: 1000, passed: false },
    { target: 101, before: 1000, passed: true },
    { target: 100, before: 125, passed: false },
    { target: 101, before: 125, passed: true },
    { target: 79.9, before: 100, passed: false },
    { target: 80, before: 100, passed: true },
    { target: 80.1, before: 100, passed: true },
    { target: 0, before: 0, passed: true },
    { target: undefined, before: 0, passed: false },
    { target: undefined, before: 100, passed: false },
  ])('of $target requests/s after $before is enough: $passed', ({ target, before, passed }) => {
    const sight = { ...(target === undefined ? {} : { target }), ...(before === undefined ? {} : { before }) };
    expect(judgeTraffic(config, sight).passed).toBe(passed);
  });

  it('is told how much there is and how much there should be', () => {
    expect(judgeTraffic(config, { target: 40, before: 100 }).reasons).toEqual([
      'the target carries 40 requests/s, 80 are needed',
    ]);
    expect(judgeTraffic(config, {}).reasons).toEqual(['traffic on the target is not measured yet']);
  });
});

describe('the service in the target', () => {
  const GOOD: ServiceSight = { assessment: well, errorPercent: 0.2, p95Milliseconds: 120, sharePercent: 100 };
  const reasons = (changes: Partial<ServiceSight>): readonly string[] =>
    judgeService(config, { ...GOOD, ...changes }).reasons;

  it('is good where errors and latency are low and every critical check is passed', () => {
    expect(judgeService(config, GOOD)).toEqual({ passed: true, reasons: [], notes: [] });
  });

  it.each([
    { errorPercent: 0.99, passed: true },
    { errorPercent: 1, passed: false },
    { errorPercent: 1.01, passed: false },
  ])('is good with $errorPercent % errors: $passed', ({ errorPercent, passed }) => {
    expect(reasons({ errorPercent }).length === 0).toBe(passed);
  });

  it.each([
    { p95Milliseconds: 199, passed: true },
    { p95Milliseconds: 200, passed: false },
    { p95Milliseconds: 201, passed: false },
  ])('is good with a p95 of $p95Milliseconds ms: $passed', ({ p95Milliseconds, passed }) => {
    expect(reasons({ p95Milliseconds }).length === 0).toBe(passed);
  });

  it.each([
    { field: 'errorPercent', reason: 'errors are not measured yet' },
    { field: 'p95Milliseconds', reason: 'p95 is not measured yet' },
  ])('is not good while $field is not measured', ({ field, reason }) => {
    const unmeasured = withValue(GOOD, field, undefined) as ServiceSight;
    expect(judgeService(config, unmeasured).reasons).toEqual([reason]);
  });

  it('says everything that is not good', () => {
    expect(reasons({ assessment: unwell, errorPercent: 2.345, p95Milliseconds: 333.3 })).toEqual([
      'errors 2.35 %, less than 1 % are allowed',
      'p95 333 ms, less than 200 ms are allowed',
      'cache-cluster is unknown',
      'order-service is failed',
    ]);
  });

  it.each([
    { sharePercent: 100, notes: [] },
    { sharePercent: 97.5, notes: ['2.5 % still on other Regions (TTL tail)'] },
    { sharePercent: undefined, notes: [] },
  ])(
    'notes what is left elsewhere of a share of $sharePercent %, and does not fail on it',
    ({ sharePercent: share, notes }) => {
      const { sharePercent: _, ...rest } = GOOD;
      const judged = judgeService(config, share === undefined ? rest : { ...rest, sharePercent: share });
      expect(judged).toEqual({ passed: true, reasons: [], notes });
    },
  );
});

describe('a share', () => {
  it.each([
    { own: 30, others: 70, share: 30 },
    { own: 0, others: 5, share: 0 },
    { own: 5, others: 0, share: 100 },
    { own: 0, others: 0, share: undefined },
    { own: undefined, others: 5, share: undefined },
    { own: 5, others: undefined, share: undefined },
  ])('of $own beside $others is $share %', ({ own, others, share }) => {
    expect(sharePercent(own, others)).toBe(share);
  });
});
