import { checksOf, observersOf } from '../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { type Assessment, assess, type CheckAssessment } from '../../core/health/assess.ts';
import type { CheckState, HealthStatus } from '../../core/health/check-state.ts';
import type { MetricSeries } from '../../core/health/metric-series.ts';
import type { MetricName, ObserverReport } from '../../core/health/report.ts';
import { signalsOf } from '../../core/health/signals.ts';
import { SINGAPORE } from './config.ts';

/** The moment at which the tests take place. */
export const NOW = Date.UTC(2026, 10, 21, 12);

/** What an observer knows about a check: ten answers of one kind, the last of them now, unless told otherwise. */
export function checkState(status: HealthStatus, changes: Partial<CheckState> = {}): CheckState {
  return {
    status,
    settled: status,
    consecutiveFailures: status === 'failed' ? 10 : 0,
    consecutivePasses: status === 'passed' ? 10 : 0,
    answeredAtEpochMs: NOW,
    sinceEpochMs: NOW - 3_600_000,
    reason: status === 'passed' ? '' : `is ${status}`,
    ...changes,
  };
}

/** One observer's word on a Region: the same state for every check of the table, apart from those that are named. */
export function reportBy(
  config: ResolvedConfig,
  observer: string,
  { subject = SINGAPORE, all = 'passed', checks = {}, metrics = {} }: ReportSettings = {},
): ObserverReport {
  const given = checksOf(config).map(({ name }) => [name, toState(checks[name] ?? all)] as const);
  return {
    observer,
    subject,
    round: 1,
    reportedAtEpochMs: NOW,
    checks: Object.fromEntries(given.flatMap(([name, state]) => (state === undefined ? [] : [[name, state]]))),
    metrics,
  };
}

/** A status stands for a state of that status, `silent` for none. */
export type Word = HealthStatus | 'silent' | CheckState;

export interface ReportSettings {
  readonly subject?: string;
  readonly all?: Word;
  readonly checks?: Readonly<Record<string, Word>>;
  readonly metrics?: ObserverReport['metrics'];
}

function toState(word: Word): CheckState | undefined {
  if (word === 'silent') return undefined;
  return typeof word === 'string' ? checkState(word) : word;
}

/** Reports of every observer about a Region, from one setting for all or one for each. */
export function reportsOn(
  config: ResolvedConfig,
  settings: ReportSettings | ((observer: string) => ReportSettings),
): readonly ObserverReport[] {
  return observersOf(config).map((observer) =>
    reportBy(config, observer, typeof settings === 'function' ? settings(observer) : settings),
  );
}

/** What a quorum makes of one word per observer about every check of a Region. */
export function assessWords(
  config: ResolvedConfig,
  words: Readonly<Record<string, Word>>,
  subject = SINGAPORE,
): Assessment {
  const reports = reportsOn(config, (observer) => ({ subject, all: words[observer] ?? 'silent' }));
  return assess(config, { subject, reports, nowEpochMs: NOW });
}

export interface AssessmentSettings {
  readonly subject?: string;
  readonly all?: HealthStatus;
  /** Checks that differ from the others; a number stands for failed with so many consecutive failures. */
  readonly checks?: Readonly<Record<string, HealthStatus | number>>;
  /** By name, signals that differ from "unknown". */
  readonly signals?: Readonly<Record<string, HealthStatus>>;
  /** A number stands for one measurement, now. */
  readonly metrics?: Readonly<Partial<Record<MetricName, number | MetricSeries>>>;
}

/** An assessment as if a quorum had agreed on these statuses. */
export function assessmentOf(
  config: ResolvedConfig,
  { subject = SINGAPORE, all = 'passed', checks = {}, signals = {}, metrics = {} }: AssessmentSettings = {},
): Assessment {
  return {
    subject,
    assessedAtEpochMs: NOW,
    checks: checksOf(config).map(({ name, check }) => checkAssessment(name, check.class, checks[name] ?? all)),
    signals: signalsOf(config).map(({ name, counting }) =>
      checkAssessment(name, counting.class, signals[name] ?? 'unknown'),
    ),
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([name, value]) => [
        name,
        typeof value === 'number' ? [{ value, atEpochMs: NOW }] : value,
      ]),
    ),
  };
}

function checkAssessment(
  name: string,
  checkClass: CheckAssessment['class'],
  word: HealthStatus | number,
): CheckAssessment {
  const status = typeof word === 'number' ? 'failed' : word;
  return {
    name,
    class: checkClass,
    status,
    reason: status === 'passed' ? '' : `is ${status}`,
    consecutiveFailures: typeof word === 'number' ? word : status === 'failed' ? 10 : 0,
    ...(status === 'unknown' ? {} : { sinceEpochMs: NOW - 3_600_000 }),
    votes: [],
  };
}
