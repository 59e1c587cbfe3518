import { describe, expect, it } from 'vitest';
import { checksOf } from '../../../core/config/accessors.ts';
import { type Check, DEFAULT_CHECKS } from '../../../core/config/checks.ts';
import { applyProbe, type CheckState, isFresh, type ProbeResult } from '../../../core/health/check-state.ts';
import { testConfig } from '../../_helpers/config.ts';
import { checkState, NOW } from '../../_helpers/observations.ts';

const CHECK = DEFAULT_CHECKS['database-writer'] as Check;
type Letter = 'p' | 'f' | 'e';
const RESULTS: Readonly<Record<Letter, ProbeResult['result']>> = { p: 'passed', f: 'failed', e: 'error' };

/** The states after each of some probes, an interval apart: `ppfe` is two passes, a failure and a broken probe. */
function stateAfter(probes: string, check: Check = CHECK): CheckState {
  const last = [...probes].reduce<CheckState | undefined>(
    (state, letter, index) =>
      applyProbe(check, state, {
        result: RESULTS[letter as Letter],
        reason: letter === 'p' ? '' : `probe ${index}`,
        atEpochMs: NOW + index * check.intervalSeconds * 1000,
      }),
    undefined,
  );
  if (last === undefined) throw new Error('no probe');
  return last;
}

describe.each(checksOf(testConfig()))('$name', ({ check }) => {
  const threshold = check.failureThreshold;

  it.each([
    { failures: threshold - 1, status: 'passed' },
    { failures: threshold, status: 'failed' },
    { failures: threshold + 1, status: 'failed' },
  ])('is $status after $failures consecutive failures', ({ failures, status }) => {
    expect(stateAfter(`p${'f'.repeat(failures)}`, check)).toMatchObject({ status, consecutiveFailures: failures });
  });

  it.each([
    { passes: threshold - 1, status: 'failed' },
    { passes: threshold, status: 'passed' },
    { passes: threshold + 1, status: 'passed' },
  ])('is $status after $passes consecutive passes once it had failed', ({ passes, status }) => {
    const probes = `${'f'.repeat(threshold)}${'p'.repeat(passes)}`;
    expect(stateAfter(probes, check)).toMatchObject({ status, consecutivePasses: passes, consecutiveFailures: 0 });
  });

  it('counts from the beginning after a pass', () => {
    const probes = `p${'f'.repeat(threshold - 1)}p${'f'.repeat(threshold - 1)}`;
    expect(stateAfter(probes, check).status).toBe('passed');
  });
});

describe('a check with a recovery threshold of its own', () => {
  const check: Check = { ...CHECK, failureThreshold: 3, recoveryThreshold: 5 };

  it.each([
    { passes: 4, status: 'failed' },
    { passes: 5, status: 'passed' },
    { passes: 6, status: 'passed' },
  ])('is $status after $passes passes', ({ passes, status }) => {
    expect(stateAfter(`fff${'p'.repeat(passes)}`, check).status).toBe(status);
  });

  it('stays failed through a failure among the passes, whose count begins anew', () => {
    expect(stateAfter('fffppppfpppp', check)).toMatchObject({ status: 'failed', consecutivePasses: 4 });
    expect(stateAfter('fffppppfppppp', check).status).toBe('passed');
  });
});

describe('a check that was never probed before', () => {
  it.each([
    { probes: 'p', status: 'passed' },
    { probes: 'f', status: 'unknown' },
    { probes: 'ff', status: 'unknown' },
    { probes: 'fff', status: 'failed' },
    { probes: 'ffp', status: 'passed' },
    { probes: 'e', status: 'unknown' },
  ])('is $status after $probes', ({ probes, status }) => {
    expect(stateAfter(probes).status).toBe(status);
  });
});

describe('a broken probe', () => {
  it.each(['p', 'fff'])('makes the check unknown at once, whatever was settled (%s)', (probes) => {
    const before = stateAfter(probes);
    expect(stateAfter(`${probes}e`)).toMatchObject({ status: 'unknown', settled: before.status });
  });

  it('moves no count, so that failures around it are consecutive', () => {
    expect(stateAfter('pffe')).toMatchObject({ consecutiveFailures: 2, consecutivePasses: 0 });
    expect(stateAfter('pffef')).toMatchObject({ status: 'failed', consecutiveFailures: 3 });
  });

  it('gives no recovery away: what was settled is reported by the next answer', () => {
    expect(stateAfter('fffe')).toMatchObject({ status: 'unknown', settled: 'failed' });
    expect(stateAfter('fffep')).toMatchObject({ status: 'failed', consecutivePasses: 1 });
    expect(stateAfter('pe').status).toBe('unknown');
    expect(stateAfter('pep').status).toBe('passed');
  });

  it('answers nothing: the last answer grows old', () => {
    expect(stateAfter('pee').answeredAtEpochMs).toBe(NOW);
    expect(stateAfter('eee').answeredAtEpochMs).toBe(0);
    expect(stateAfter('ppe').answeredAtEpochMs).toBe(NOW + CHECK.intervalSeconds * 1000);
  });

  it('never makes a check failed, however often it happens', () => {
    expect(stateAfter(`p${'e'.repeat(50)}`)).toMatchObject({ status: 'unknown', consecutiveFailures: 0 });
  });
});

describe('the moment since when a status stands', () => {
  const at = (index: number): number => NOW + index * CHECK.intervalSeconds * 1000;

  it.each([
    { probes: 'ppp', since: 0 },
    { probes: 'pff', since: 0 },
    { probes: 'pfff', since: 3 },
    { probes: 'pffff', since: 3 },
    { probes: 'fffppp', since: 5 },
    { probes: 'pep', since: 2 },
    { probes: 'pppe', since: 3 },
    { probes: 'pppee', since: 3 },
  ])('is that of probe $since in $probes', ({ probes, since }) => {
    expect(stateAfter(probes).sinceEpochMs).toBe(at(since));
  });
});

describe('an observer that was silent', () => {
  const interval = CHECK.intervalSeconds * 1000;
  const since = NOW - 3_600_000;

  it.each([
    { status: 'passed', silentMs: 3 * interval, stands: true },
    { status: 'passed', silentMs: 3 * interval + 1, stands: false },
    { status: 'failed', silentMs: 3 * interval, stands: true },
    { status: 'failed', silentMs: 3 * interval + 1, stands: false },
  ] as const)('for $silentMs ms vouches for the time between: $stands ($status)', ({ status, silentMs, stands }) => {
    const before = checkState(status, { sinceEpochMs: since });
    const atEpochMs = NOW + silentMs;
    const state = applyProbe(CHECK, before, { result: status, reason: '', atEpochMs });
    expect(state).toMatchObject({ status, sinceEpochMs: stands ? since : atEpochMs });
  });

  it('has not known since it last knew', () => {
    const before = checkState('unknown', { sinceEpochMs: since, answeredAtEpochMs: since });
    const state = applyProbe(CHECK, before, { result: 'error', reason: '', atEpochMs: NOW });
    expect(state).toMatchObject({ status: 'unknown', sinceEpochMs: since });
  });
});

describe('what is kept of a probe', () => {
  it('is its reason and what it measured', () => {
    const probe = { result: 'failed', reason: 'p95 700 is above 500', value: 700, atEpochMs: NOW } as const;
    expect(applyProbe(CHECK, undefined, probe)).toMatchObject({ reason: 'p95 700 is above 500', value: 700 });
  });

  it('is no value where it measured none', () => {
    const state = applyProbe(CHECK, checkState('passed', { value: 3 }), {
      result: 'passed',
      reason: '',
      atEpochMs: NOW,
    });
    expect(Object.hasOwn(state, 'value')).toBe(false);
  });
});

describe.each(checksOf(testConfig()))('an answer about $name', ({ check }) => {
  const interval = check.intervalSeconds * 1000;

  it.each([
    { ageMs: 0, fresh: true },
    { ageMs: 3 * interval - 1, fresh: true },
    { ageMs: 3 * interval, fresh: true },
    { ageMs: 3 * interval + 1, fresh: false },
  ])('counts for exactly three intervals: $ageMs ms old, $fresh', ({ ageMs, fresh }) => {
    expect(isFresh(check, checkState('passed'), NOW + ageMs)).toBe(fresh);
  });
});
