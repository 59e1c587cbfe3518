import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksOf } from '../../core/config/accessors.ts';
import { decide, matchingRow } from '../../core/decision/decide.ts';
import type { Decision, Outcome } from '../../core/decision/outcome.ts';
import { DECISION_TABLE } from '../../core/decision/table.ts';
import type { Assessment } from '../../core/health/assess.ts';
import type { HealthStatus } from '../../core/health/check-state.ts';
import { signalsOf } from '../../core/health/signals.ts';
import { TOKYO, testConfig } from '../_helpers/config.ts';
import { type AssessmentSettings, assessmentOf, NOW } from '../_helpers/observations.ts';
import { stateOf } from '../_helpers/operations.ts';

const config = testConfig();
const CHECKS = checksOf(config).map(({ name }) => name);
const SIGNALS = signalsOf(config).map(({ name }) => name);
const RANK: Readonly<Record<Outcome, number>> = { NO_ACTION: 0, MONITOR: 1, MANUAL_REVIEW: 2, AUTOMATIC_FAILOVER: 3 };
const MINUTES = 7;

/** What is seen: a status per check and signal, and three series of one value a minute. */
interface Seen {
  readonly statuses: Readonly<Record<string, HealthStatus>>;
  readonly failures: number;
  readonly errors: readonly number[];
  readonly latencies: readonly number[];
  readonly requests: readonly number[];
}

const status = fc.constantFrom<HealthStatus>('passed', 'failed', 'unknown');
const perMinute = (...values: readonly number[]): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.constantFrom(...values), { minLength: 0, maxLength: MINUTES });
const seen: fc.Arbitrary<Seen> = fc.record({
  statuses: fc.record(Object.fromEntries([...CHECKS, ...SIGNALS].map((name) => [name, status]))),
  failures: fc.integer({ min: 1, max: 5 }),
  errors: fc.oneof(perMinute(0, 0.04, 0.05, 0.1, 0.11, 0.5), fc.constant(Array<number>(MINUTES).fill(0.2))),
  latencies: perMinute(100, 1_000, 1_001, 4_000),
  requests: fc.oneof(perMinute(0.2, 1, 50), fc.constant(Array<number>(MINUTES).fill(50))),
});

function series(values: readonly number[]) {
  return values.map((value, index) => ({ value, atEpochMs: NOW - (values.length - 1 - index) * 60_000 }));
}

function assessed({ statuses, failures, errors, latencies, requests }: Seen, to = config): Assessment {
  const settings: AssessmentSettings = {
    checks: Object.fromEntries(
      CHECKS.map((name) => [name, statuses[name] === 'failed' ? failures : (statuses[name] ?? 'passed')]),
    ),
    signals: Object.fromEntries(SIGNALS.map((name) => [name, statuses[name] ?? 'unknown'])),
    metrics: { 'error-rate': series(errors), 'p95-ms': series(latencies), 'requests-per-second': series(requests) },
  };
  return assessmentOf(to, settings);
}

const drawn = (assessment: Assessment): Decision =>
  decide({
    config,
    assessment,
    others: [assessmentOf(config, { subject: TOKYO })],
    state: stateOf(),
    previous: undefined,
    nowEpochMs: NOW,
  });

describe('the decision', () => {
  it('is total, and the same for the same input', () => {
    fc.assert(
      fc.property(seen, (given) => {
        const first = drawn(assessed(given));
        expect(RANK[first.outcome]).toBeGreaterThanOrEqual(0);
        expect(first.reason).not.toBe('');
        expect(drawn(structuredClone(assessed(given)))).toEqual(first);
      }),
    );
  });

  it('never asks for less where more has failed', () => {
    const worse = fc.record({
      failed: fc.subarray([...CHECKS, ...SIGNALS]),
      moreFailures: fc.nat({ max: 3 }),
      moreErrors: fc.constantFrom(1, 1.5, 3),
      slower: fc.constantFrom(1, 1.5, 20),
    });
    fc.assert(
      fc.property(seen, worse, (given, { failed, moreFailures, moreErrors, slower }) => {
        const worsened: Seen = {
          ...given,
          statuses: { ...given.statuses, ...Object.fromEntries(failed.map((name) => [name, 'failed' as const])) },
          failures: given.failures + moreFailures,
          errors: given.errors.map((rate) => Math.min(1, rate * moreErrors)),
          latencies: given.latencies.map((latency) => latency * slower),
        };
        expect(RANK[drawn(assessed(worsened)).outcome]).toBeGreaterThanOrEqual(RANK[drawn(assessed(given)).outcome]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is never automatic on what nobody knows: with nothing failed and no errors, nothing moves', () => {
    fc.assert(
      fc.property(seen, (given) => {
        const statuses = Object.fromEntries(
          Object.entries(given.statuses).map(([name, word]) => [name, word === 'failed' ? 'unknown' : word] as const),
        );
        expect(RANK[drawn(assessed({ ...given, statuses, errors: [] })).outcome]).toBe(0);
      }),
    );
  });

  it('is never automatic while no critical check is known', () => {
    fc.assert(
      fc.property(seen, (given) => {
        const statuses = { ...given.statuses, ...Object.fromEntries(CHECKS.map((name) => [name, 'unknown' as const])) };
        expect(drawn(assessed({ ...given, statuses })).ruleId).toBe('D100');
      }),
    );
  });

  it('can be drawn by every row: none is shadowed by those above it', () => {
    const found = new Set(
      fc.sample(seen, { numRuns: 5_000, seed: 1 }).map((given) => matchingRow(assessed(given), config).id),
    );
    const well = matchingRow(assessmentOf(config), config).id;
    const dead = matchingRow(assessmentOf(config, { all: 'failed' }), config).id;
    expect([...new Set([...found, well, dead])].toSorted()).toEqual(DECISION_TABLE.map(({ id }) => id));
  });
});
