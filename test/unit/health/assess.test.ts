import { describe, expect, it } from 'vitest';
import { observersOf } from '../../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import {
  type Assessment,
  assess,
  criticalChecks,
  findCheck,
  healthySince,
  isHealthyByQuorum,
} from '../../../core/health/assess.ts';
import type { MetricSeries } from '../../../core/health/metric-series.ts';
import { MUMBAI, OSAKA, SEOUL, SINGAPORE, SYDNEY, TOKYO, testConfig } from '../../_helpers/config.ts';
import { assessWords, checkState, NOW, reportBy, reportsOn, type Word } from '../../_helpers/observations.ts';

const CHECK = 'order-service';
const LETTERS: Readonly<Record<string, Word>> = { p: 'passed', f: 'failed', u: 'unknown', '-': 'silent' };

/** Observers in this order: the subject's own, the standby's, then the vantages. */
const OBSERVERS = [SINGAPORE, TOKYO, SEOUL, OSAKA, SYDNEY];

/** A config with so many observers; two are had by leaving the example's vantage out of a resolved config. */
function observed(count: number): ResolvedConfig {
  return { ...testConfig(), vantages: OBSERVERS.slice(2, count) };
}

/** What a quorum makes of the votes, the first of them the subject's own: `pf-` is passed, failed, silent. */
function judged(votes: string, subject = SINGAPORE): Assessment {
  const words = Object.fromEntries(
    [...votes].map((vote, index) => [OBSERVERS[index] ?? '', LETTERS[vote] ?? 'silent']),
  );
  return assessWords(observed(votes.length), words, subject);
}

describe('two observers', () => {
  it.each([
    { votes: 'pp', status: 'passed' },
    { votes: 'ff', status: 'failed' },
    { votes: 'pf', status: 'unknown' },
    { votes: '-f', status: 'unknown' },
    { votes: '-p', status: 'unknown' },
    { votes: 'f-', status: 'unknown' },
    { votes: 'uf', status: 'unknown' },
    { votes: '--', status: 'unknown' },
  ])('who say $votes make it $status: they survive none', ({ votes, status }) => {
    expect(findCheck(judged(votes), CHECK)?.status).toBe(status);
  });
});

describe('three observers', () => {
  it.each([
    { votes: 'ppp', status: 'passed' },
    { votes: 'fff', status: 'failed' },
    { votes: '-ff', status: 'failed' },
    { votes: '-pp', status: 'passed' },
    { votes: 'ff-', status: 'failed' },
    { votes: 'fuf', status: 'failed' },
    { votes: 'pff', status: 'failed' },
    { votes: 'fpp', status: 'passed' },
    { votes: 'ppu', status: 'passed' },
    { votes: '-f-', status: 'unknown' },
    { votes: '--f', status: 'unknown' },
    { votes: '-pf', status: 'unknown' },
    { votes: 'upf', status: 'unknown' },
    { votes: '-uf', status: 'unknown' },
    { votes: 'f--', status: 'unknown' },
    { votes: 'uuu', status: 'unknown' },
    { votes: '---', status: 'unknown' },
  ])('who say $votes make it $status: they survive one', ({ votes, status }) => {
    expect(findCheck(judged(votes), CHECK)?.status).toBe(status);
  });
});

describe('four observers', () => {
  it.each([
    { votes: 'ffff', status: 'failed' },
    { votes: 'fff-', status: 'failed' },
    { votes: '-fff', status: 'failed' },
    { votes: '-ff-', status: 'failed' },
    { votes: '-ffp', status: 'failed' },
    { votes: '-ppf', status: 'passed' },
    { votes: 'ff--', status: 'unknown' },
    { votes: 'uff-', status: 'unknown' },
    { votes: 'pff-', status: 'unknown' },
    { votes: 'ppff', status: 'unknown' },
    { votes: 'pppf', status: 'passed' },
    { votes: '-f--', status: 'unknown' },
    { votes: '-fpu', status: 'unknown' },
  ])('who say $votes make it $status: with a silent subject they survive one more', ({ votes, status }) => {
    expect(findCheck(judged(votes), CHECK)?.status).toBe(status);
  });
});

describe('five observers', () => {
  it.each([
    { votes: 'fffff', status: 'failed' },
    { votes: 'fff--', status: 'failed' },
    { votes: '-fff-', status: 'failed' },
    { votes: 'ppfff', status: 'failed' },
    { votes: 'pppff', status: 'passed' },
    { votes: '-ff--', status: 'unknown' },
    { votes: '-ffpp', status: 'unknown' },
    { votes: 'ff---', status: 'unknown' },
    { votes: 'ppffu', status: 'unknown' },
  ])('who say $votes make it $status', ({ votes, status }) => {
    expect(findCheck(judged(votes), CHECK)?.status).toBe(status);
  });
});

describe('a verdict', () => {
  it('never rests on the word of the subject alone', () => {
    // The state that only two observers of the same Region could bring about: the subject twice.
    const config = observed(2);
    const reports = [reportBy(config, SINGAPORE, { all: 'failed' }), reportBy(config, SINGAPORE, { all: 'failed' })];
    const { status } = findCheck(assess(config, { subject: SINGAPORE, reports, nowEpochMs: NOW }), CHECK) ?? {};
    expect(status).toBe('unknown');
  });

  it('says how the votes were where no quorum agreed', () => {
    expect(findCheck(judged('-pfu'), CHECK)?.reason).toBe('no quorum of 2: 1 passed, 1 failed, 1 unknown, 1 silent');
  });

  it('says why once for all observers that say the same', () => {
    const reports = [
      reportBy(testConfig(), SINGAPORE, { checks: { [CHECK]: checkState('failed', { reason: 'timeout' }) } }),
      reportBy(testConfig(), TOKYO, { checks: { [CHECK]: checkState('failed', { reason: 'timeout' }) } }),
      reportBy(testConfig(), SEOUL, { checks: { [CHECK]: checkState('failed', { reason: 'status 503' }) } }),
    ];
    const assessment = assess(testConfig(), { subject: SINGAPORE, reports, nowEpochMs: NOW });
    expect(findCheck(assessment, CHECK)?.reason).toBe('status 503; timeout');
  });

  it('keeps every vote, also of those who said nothing', () => {
    expect(findCheck(judged('-fp'), CHECK)?.votes).toEqual([
      { observer: SEOUL, says: 'passed', consecutiveFailures: 0, reason: '' },
      { observer: SINGAPORE, says: 'silent', consecutiveFailures: 0, reason: 'no fresh verdict' },
      { observer: TOKYO, says: 'failed', consecutiveFailures: 10, reason: 'is failed' },
    ]);
  });

  it('hears nobody who is no observer, and nothing about another subject', () => {
    const config = testConfig();
    const reports = [
      reportBy(config, MUMBAI, { all: 'failed' }),
      reportBy(config, 'us-east-1', { all: 'failed' }),
      reportBy(config, SEOUL, { subject: TOKYO, all: 'failed' }),
      reportBy(config, TOKYO, { all: 'failed' }),
    ];
    const { status } = findCheck(assess(config, { subject: SINGAPORE, reports, nowEpochMs: NOW }), CHECK) ?? {};
    expect(status).toBe('unknown');
  });

  it.each([
    { ageMs: 90_000, status: 'failed' },
    { ageMs: 90_001, status: 'unknown' },
  ])('counts an answer that is $ageMs ms old at an interval of 30 s: $status', ({ ageMs, status }) => {
    const word = checkState('failed', { answeredAtEpochMs: NOW - ageMs });
    const assessment = assessWords(testConfig(), { [SEOUL]: 'failed', [TOKYO]: word });
    expect(findCheck(assessment, CHECK)?.status).toBe(status);
  });

  it.each([
    { counts: [7, 5, 3], seen: 5 },
    { counts: [7, 5, 1], seen: 5 },
    { counts: [7, 1, 1], seen: 1 },
    { counts: [4, 4, 4], seen: 4 },
  ])('counts the failures that two of three have seen: of $counts it is $seen', ({ counts, seen }) => {
    const word = (index: number): Word => checkState('failed', { consecutiveFailures: counts[index] ?? 0 });
    const words = { [SINGAPORE]: word(0), [TOKYO]: word(1), [SEOUL]: word(2) };
    expect(findCheck(assessWords(testConfig(), words), CHECK)?.consecutiveFailures).toBe(seen);
  });

  it('counts no failures where it is not failed', () => {
    expect(findCheck(judged('ppf'), CHECK)?.consecutiveFailures).toBe(0);
  });

  it('is on every check in force', () => {
    const names = judged('ppp').checks.map(({ name }) => name);
    expect(names).toEqual(Object.keys(testConfig().checks));
    expect(assessWords(testConfig({ checks: { 'cache-cluster': false } }), {}).checks).toHaveLength(7);
    expect(criticalChecks(judged('ppp')).map(({ name }) => name)).toEqual(names.slice(0, 5));
    expect(findCheck(judged('ppp'), 'search')).toBeUndefined();
  });
});

describe('a dependency', () => {
  const chain = testConfig({
    checks: {
      'cache-cluster': { dependsOn: ['database-writer'] },
      'order-service': { dependsOn: ['cache-cluster'] },
    },
  });
  const behind = (config: ResolvedConfig, checks: Readonly<Record<string, Word>>): Assessment =>
    assess(config, { subject: SINGAPORE, reports: reportsOn(config, { checks }), nowEpochMs: NOW });

  it('that is failed by quorum makes those behind it failed, unreachable, for as long', () => {
    const since = NOW - 40_000;
    const front = checkState('failed', { consecutiveFailures: 4, sinceEpochMs: since });
    const assessment = behind(testConfig(), { 'region-connectivity': front });
    expect(findCheck(assessment, 'order-service')).toMatchObject({
      status: 'failed',
      reason: 'unreachable: region-connectivity is failed',
      consecutiveFailures: 4,
      sinceEpochMs: since,
    });
    expect(findCheck(assessment, 'error-rate')?.status).toBe('passed');
  });

  it('reaches through a chain', () => {
    const assessment = behind(chain, { 'region-connectivity': 'failed' });
    expect(findCheck(assessment, 'database-writer')?.reason).toBe('unreachable: region-connectivity is failed');
    expect(findCheck(assessment, 'cache-cluster')?.reason).toBe('unreachable: region-connectivity is failed');
    expect(findCheck(assessment, 'order-service')?.reason).toBe('unreachable: region-connectivity is failed');
  });

  it('that is failed in the middle of a chain leaves what lies before it alone', () => {
    const assessment = behind(chain, { 'cache-cluster': 'failed' });
    expect(findCheck(assessment, 'database-writer')?.status).toBe('passed');
    expect(findCheck(assessment, 'order-service')?.reason).toBe('unreachable: cache-cluster is failed');
  });

  it('makes an unknown check failed too: nobody can see behind a dead front door', () => {
    const assessment = behind(testConfig(), { 'region-connectivity': 'failed', 'order-service': 'unknown' });
    expect(findCheck(assessment, 'order-service')).toMatchObject({
      status: 'failed',
      sinceEpochMs: NOW - 3_600_000,
    });
  });

  it.each(['unknown', 'silent'] as const)('that is itself %s says nothing of those behind it', (word) => {
    const assessment = behind(testConfig(), { 'region-connectivity': word });
    expect(findCheck(assessment, 'region-connectivity')?.status).toBe('unknown');
    expect(findCheck(assessment, 'order-service')?.status).toBe('passed');
  });

  it('leaves a check that is failed by its own probes its own reason', () => {
    const own = checkState('failed', { reason: 'status 503', consecutiveFailures: 2 });
    const assessment = behind(testConfig(), { 'region-connectivity': 'failed', 'order-service': own });
    expect(findCheck(assessment, 'order-service')).toMatchObject({ reason: 'status 503', consecutiveFailures: 2 });
  });

  it('of one observer alone does nothing: a quorum must say so', () => {
    const reports = reportsOn(testConfig(), (observer) => ({
      checks: { 'region-connectivity': observer === SEOUL ? 'failed' : 'passed' },
    }));
    const assessment = assess(testConfig(), { subject: SINGAPORE, reports, nowEpochMs: NOW });
    expect(findCheck(assessment, 'order-service')?.status).toBe('passed');
  });
});

describe('healthy since', () => {
  const passedFor = (seconds: number): Word => checkState('passed', { sinceEpochMs: NOW - seconds * 1000 });

  it('is the moment at which the last voter that the quorum needs joined', () => {
    const words = { [SEOUL]: passedFor(600), [TOKYO]: passedFor(300), [SINGAPORE]: passedFor(100) };
    expect(healthySince(assessWords(testConfig(), words))).toBe(NOW - 300_000);
  });

  it('is the later of two where only two say so', () => {
    const words = { [SEOUL]: passedFor(600), [TOKYO]: passedFor(300), [SINGAPORE]: 'failed' as const };
    expect(healthySince(assessWords(testConfig(), words))).toBe(NOW - 300_000);
  });

  it('is that of the critical check which came back last', () => {
    const reports = reportsOn(testConfig(), {
      all: passedFor(900),
      checks: { 'payment-service': passedFor(200), 'error-rate': passedFor(10) },
    });
    const assessment = assess(testConfig(), { subject: SINGAPORE, reports, nowEpochMs: NOW });
    expect(healthySince(assessment)).toBe(NOW - 200_000);
  });

  it.each(['failed', 'unknown', 'silent'] as const)('is never where one critical check is %s', (word) => {
    const reports = reportsOn(testConfig(), { checks: { 'payment-service': word } });
    const assessment = assess(testConfig(), { subject: SINGAPORE, reports, nowEpochMs: NOW });
    expect(isHealthyByQuorum(assessment)).toBe(false);
    expect(healthySince(assessment)).toBeUndefined();
  });

  it('is never where there is no critical check at all', () => {
    const assessment = judged('ppp');
    expect(isHealthyByQuorum({ ...assessment, checks: [] })).toBe(false);
  });

  it('does not ask for checks that are not critical', () => {
    const reports = reportsOn(testConfig(), { checks: { 'inventory-service': 'failed', 'error-rate': 'unknown' } });
    const assessment = assess(testConfig(), { subject: SINGAPORE, reports, nowEpochMs: NOW });
    expect(isHealthyByQuorum(assessment)).toBe(true);
  });
});

describe('a mismatch of revisions', () => {
  it.each([
    { which: 'all', of: () => true, expected: true },
    { which: 'one', of: (observer: string) => observer === SEOUL, expected: undefined },
  ])('is agreed on where $which of those who say failed say so', ({ of, expected }) => {
    const reports = reportsOn(testConfig(), (observer) => ({
      checks: { [CHECK]: checkState('failed', of(observer) ? { mismatch: true } : {}) },
    }));
    const assessment = assess(testConfig(), { subject: SINGAPORE, reports, nowEpochMs: NOW });
    expect(findCheck(assessment, CHECK)).toMatchObject({ status: 'failed' });
    expect(findCheck(assessment, CHECK)?.mismatch).toBe(expected);
  });
});

describe('a metric', () => {
  it('is what all have read together, and nothing of a report in another form', () => {
    const config = testConfig();
    const minute = (ago: number, value: number) => ({ value, atEpochMs: NOW - ago * 60_000 });
    const series: Readonly<Record<string, unknown>> = {
      [SEOUL]: [minute(2, 0.1), minute(0, 0.3)],
      [TOKYO]: [minute(1, 0.2), minute(0, 0.3)],
      [SINGAPORE]: { value: 0.9, atEpochMs: NOW },
    };
    const reports = reportsOn(config, (observer) => ({ metrics: { 'error-rate': series[observer] as MetricSeries } }));
    expect(observersOf(config)).toEqual([SEOUL, SINGAPORE, TOKYO]);
    expect(assess(config, { subject: SINGAPORE, reports, nowEpochMs: NOW }).metrics).toEqual({
      'error-rate': [minute(2, 0.1), minute(1, 0.2), minute(0, 0.3)],
    });
  });
});
