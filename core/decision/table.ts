import { DATABASE_WRITER_CHECK } from '../config/checks.ts';
import { RTO_TARGETS } from '../config/targets.ts';
import { type Assessment, type CheckAssessment, criticalChecks, findCheck } from '../health/assess.ts';
import { FRESH_INTERVALS } from '../health/check-state.ts';
import type { MetricName } from '../health/report.ts';
import type { Confidence, Outcome } from './outcome.ts';

/** One row of the table: stable id, when it matches, what follows, and why. */
export interface DecisionRow {
  readonly id: string;
  /** When it matches, in words. */
  readonly about: string;
  readonly outcome: Outcome;
  readonly confidence: Confidence;
  /** The target of the scenario, seconds (docs/decision.md). */
  readonly estimatedRtoSeconds: number | null;
  /** Where the row comes from. */
  readonly source: string;
  /** `lower` are the rows below this one, for a row that yields to them. */
  readonly matches: (assessment: Assessment, lower: readonly DecisionRow[]) => boolean;
  readonly reason: (assessment: Assessment) => string;
}

/** Limits of a Region in which all is well. */
export const HEALTHY = { errorRate: 0.01, p95Milliseconds: 200 } as const;
/** Consecutive failures of the database writer that its row asks for. */
export const WRITER_FAILURES = 3;
/** Errors of this range together with that latency ask for a person. */
const DEGRADED = { errorRateFrom: 0.05, errorRateTo: 0.1, p95Milliseconds: 1000 } as const;
/** Traffic metrics are published once a minute. */
const METRIC_INTERVAL_MS = 60_000;

/** Rows that act on failed checks; the row for "unknown" yields to them. */
const ACTING_ROWS = /^D[2-4]\d\d$/;

const SOURCE = 'docs/decision.md';

/** The table, in order; the first row that matches decides. */
export const DECISION_TABLE: readonly DecisionRow[] = [
  {
    id: 'D100',
    about: 'no critical check has a quorum of fresh verdicts; or one is unknown and no row from D200 to D499 matches',
    outcome: 'NO_ACTION',
    confidence: 'LOW',
    estimatedRtoSeconds: null,
    source: SOURCE,
    matches: (assessment, lower) => {
      const unknown = criticalWith(assessment, 'unknown').length;
      if (unknown === criticalChecks(assessment).length) return true;
      return unknown > 0 && !lower.some((row) => ACTING_ROWS.test(row.id) && row.matches(assessment, []));
    },
    reason: (assessment) =>
      `unknown: ${criticalWith(assessment, 'unknown')
        .map(({ name, reason }) => `${name} (${reason})`)
        .join(', ')}`,
  },
  {
    id: 'D200',
    about: 'every critical check failed',
    outcome: 'AUTOMATIC_FAILOVER',
    confidence: 'HIGH',
    estimatedRtoSeconds: RTO_TARGETS.regionFailureSeconds,
    source: SOURCE,
    matches: (assessment) => criticalWith(assessment, 'failed').length === criticalChecks(assessment).length,
    reason: (assessment) => `complete regional failure: ${listed(criticalWith(assessment, 'failed'))}`,
  },
  {
    id: 'D210',
    about: 'the database writer failed, at least 3 times in a row',
    outcome: 'AUTOMATIC_FAILOVER',
    confidence: 'HIGH',
    estimatedRtoSeconds: RTO_TARGETS.databaseFailureSeconds,
    source: SOURCE,
    matches: (assessment) => {
      const writer = findCheck(assessment, DATABASE_WRITER_CHECK);
      return writer?.status === 'failed' && writer.consecutiveFailures >= WRITER_FAILURES;
    },
    reason: (assessment) =>
      `database writer failure: ${findCheck(assessment, DATABASE_WRITER_CHECK)?.consecutiveFailures ?? 0} consecutive failures`,
  },
  {
    id: 'D300',
    about: 'two or more critical checks failed, but not all; or 5–10 % errors with p95 over 1 s',
    outcome: 'MANUAL_REVIEW',
    confidence: 'MEDIUM',
    estimatedRtoSeconds: null,
    source: SOURCE,
    matches: (assessment) => {
      const failed = criticalWith(assessment, 'failed').length;
      return (failed >= 2 && failed < criticalChecks(assessment).length) || isDegraded(assessment);
    },
    reason: (assessment) =>
      isDegraded(assessment)
        ? `degraded: ${describeTraffic(assessment)}`
        : `partial failure: ${listed(criticalWith(assessment, 'failed'))}`,
  },
  {
    id: 'D900',
    about: 'otherwise; the reason lists what is outside its limits',
    outcome: 'NO_ACTION',
    confidence: 'HIGH',
    estimatedRtoSeconds: null,
    source: SOURCE,
    matches: () => true,
    reason: (assessment) => outsideLimits(assessment).join('; ') || 'all healthy',
  },
];

/** A metric's value while it is fresh, undefined otherwise: an old number is no number. */
export function freshMetric({ metrics, assessedAtEpochMs }: Assessment, name: MetricName): number | undefined {
  const measurement = metrics[name];
  const age = assessedAtEpochMs - (measurement?.atEpochMs ?? 0);
  return age <= FRESH_INTERVALS * METRIC_INTERVAL_MS ? measurement?.value : undefined;
}

function criticalWith(assessment: Assessment, status: CheckAssessment['status']): readonly CheckAssessment[] {
  return criticalChecks(assessment).filter((check) => check.status === status);
}

function isDegraded(assessment: Assessment): boolean {
  const errorRate = freshMetric(assessment, 'error-rate') ?? 0;
  const p95 = freshMetric(assessment, 'p95-ms') ?? 0;
  return errorRate >= DEGRADED.errorRateFrom && errorRate <= DEGRADED.errorRateTo && p95 > DEGRADED.p95Milliseconds;
}

function outsideLimits(assessment: Assessment): readonly string[] {
  const unwell = assessment.checks
    .filter(({ status }) => status !== 'passed')
    .map(({ name, status }) => `${name} ${status}`);
  const errorRate = freshMetric(assessment, 'error-rate') ?? 0;
  const p95 = freshMetric(assessment, 'p95-ms') ?? 0;
  const traffic = errorRate >= HEALTHY.errorRate || p95 >= HEALTHY.p95Milliseconds ? [describeTraffic(assessment)] : [];
  return [...unwell, ...traffic];
}

function describeTraffic(assessment: Assessment): string {
  const errorRate = freshMetric(assessment, 'error-rate');
  const p95 = freshMetric(assessment, 'p95-ms');
  const errors = errorRate === undefined ? 'errors not measured' : `errors ${(errorRate * 100).toFixed(1)} %`;
  return `${errors}, ${p95 === undefined ? 'p95 not measured' : `p95 ${Math.round(p95)} ms`}`;
}

function listed(checks: readonly CheckAssessment[]): string {
  return checks.map(({ name, reason }) => (reason === '' ? name : `${name} (${reason})`)).join(', ');
}
