import { DATABASE_WRITER_CHECK, FRONT_DOOR_CHECK } from '../config/checks.ts';
import { DECISION_LIMITS } from '../config/decision-limits.ts';
import { RTO_TARGETS } from '../config/targets.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { type Assessment, type CheckAssessment, criticalChecks, findCheck, findSignal } from '../health/assess.ts';
import { aboveSince, averageOver, freshValue, measurementLifeMs } from '../health/metric-series.ts';
import type { MetricName } from '../health/report.ts';
import { COORDINATION_SIGNAL, instancesSignal } from '../health/signals.ts';
import type { Confidence, Outcome } from './outcome.ts';

/** What of a config the table goes by. */
export type DecisionPolicy = Pick<ResolvedConfig, 'policy' | 'checks'>;

/** One row of the table: stable id, when it matches, what follows, and why. */
export interface DecisionRow {
  readonly id: string;
  /** When it matches, in words, at the default limits. */
  readonly about: string;
  readonly outcome: Outcome;
  readonly confidence: Confidence;
  /** The target of the scenario, seconds (docs/decision.md). */
  readonly estimatedRtoSeconds: number | null;
  /** Where the row comes from. */
  readonly source: string;
  /** `lower` are the rows below this one, for a row that yields to them. */
  readonly matches: (assessment: Assessment, config: DecisionPolicy, lower: readonly DecisionRow[]) => boolean;
  readonly reason: (assessment: Assessment, config: DecisionPolicy) => string;
}

/** Limits of a Region in which all is well. */
export const HEALTHY = { errorRate: 0.01, p95Milliseconds: 200 } as const;

/** Rows that act on what was seen; the row for "unknown" yields to them. */
const ACTING_ROWS = /^D[2-4]\d\d$/;

/** The row for what nobody knows. */
export const UNKNOWN_ROW = 'D100';

/** The row for errors in the traffic: by itself it says nothing of why requests fail. */
export const ERROR_ROW = 'D240';

const SOURCE = 'docs/decision.md';
const LIMITS = DECISION_LIMITS;

/** The table, in order; the first row that matches decides. */
export const DECISION_TABLE: readonly DecisionRow[] = [
  {
    id: UNKNOWN_ROW,
    about: 'no critical check has a quorum of fresh verdicts; or one is unknown and no row from D200 to D499 matches',
    outcome: 'NO_ACTION',
    confidence: 'LOW',
    estimatedRtoSeconds: null,
    source: SOURCE,
    matches: (assessment, config, lower) => {
      const unknown = criticalWith(assessment, 'unknown').length;
      if (unknown === criticalChecks(assessment).length) return true;
      return unknown > 0 && !lower.some((row) => ACTING_ROWS.test(row.id) && row.matches(assessment, config, []));
    },
    reason: (assessment) =>
      `unknown: ${criticalWith(assessment, 'unknown')
        .map(({ name, reason }) => `${name} (${reason})`)
        .join(', ')}`,
  },
  {
    id: 'D200',
    about: 'every critical check failed, and not for its revisions',
    outcome: 'AUTOMATIC_FAILOVER',
    confidence: 'HIGH',
    estimatedRtoSeconds: RTO_TARGETS.regionFailureSeconds,
    source: SOURCE,
    // A Region that runs other revisions than those expected may be in the middle of a release; it is not gone.
    matches: (assessment) => criticalChecks(assessment).every(isBroken),
    reason: (assessment) => `complete regional failure: ${listed(criticalWith(assessment, 'failed'))}`,
  },
  {
    id: 'D210',
    about: `the database writer failed, at least ${LIMITS.writerFailures} times in a row, and not for its revisions`,
    outcome: 'AUTOMATIC_FAILOVER',
    confidence: 'HIGH',
    estimatedRtoSeconds: RTO_TARGETS.databaseFailureSeconds,
    source: SOURCE,
    matches: (assessment, { policy }) => {
      const writer = findCheck(assessment, DATABASE_WRITER_CHECK);
      return writer !== undefined && isBroken(writer) && writer.consecutiveFailures >= policy.writerFailures;
    },
    reason: (assessment) => {
      const { consecutiveFailures = 0, reason = '' } = findCheck(assessment, DATABASE_WRITER_CHECK) ?? {};
      return `database writer failure: ${consecutiveFailures} consecutive failures${reason === '' ? '' : ` (${reason})`}`;
    },
  },
  {
    id: 'D220',
    about: `more than ${LIMITS.instancesDownPercent} % of the instances of a critical service are down`,
    outcome: 'AUTOMATIC_FAILOVER',
    confidence: 'HIGH',
    estimatedRtoSeconds: RTO_TARGETS.regionFailureSeconds,
    source: SOURCE,
    matches: (assessment) => shortServices(assessment).length > 0,
    reason: (assessment) =>
      `instances down: ${shortServices(assessment)
        .map(({ reason }) => reason)
        .join(', ')}`,
  },
  {
    id: 'D230',
    about:
      'a partition: the Region cannot reach the coordination table, as it says or as its heartbeat shows, while its front door answers',
    outcome: 'AUTOMATIC_FAILOVER',
    confidence: 'HIGH',
    estimatedRtoSeconds: RTO_TARGETS.regionFailureSeconds,
    source: SOURCE,
    // Who decides has just read the table, so others hold it. A front door that failed does not make a partition less of one.
    matches: (assessment) =>
      coordination(assessment)?.status === 'failed' && findCheck(assessment, FRONT_DOOR_CHECK)?.status !== 'unknown',
    reason: (assessment) => `partition: ${coordination(assessment)?.reason ?? ''}`,
  },
  {
    id: ERROR_ROW,
    about: `more than ${LIMITS.errorPercent} % errors for more than ${LIMITS.errorMinutes} min, at ${LIMITS.minimumRequestsPerSecond} request/s or more over the last ${LIMITS.errorMinutes} min`,
    outcome: 'AUTOMATIC_FAILOVER',
    confidence: 'MEDIUM',
    estimatedRtoSeconds: RTO_TARGETS.regionFailureSeconds,
    source: SOURCE,
    matches: isFailing,
    reason: (assessment, config) =>
      `errors above ${config.policy.errorPercent} % for more than ${config.policy.errorMinutes} min: ${describeTraffic(assessment, config)}`,
  },
  {
    id: 'D300',
    about: `two or more critical checks failed and no row above matches; or ${LIMITS.degradedErrorPercent} % errors or more with p95 over ${LIMITS.degradedP95Milliseconds} ms`,
    outcome: 'MANUAL_REVIEW',
    confidence: 'MEDIUM',
    estimatedRtoSeconds: null,
    source: SOURCE,
    matches: (assessment, config) => {
      return criticalWith(assessment, 'failed').length >= 2 || isDegraded(assessment, config);
    },
    reason: (assessment, config) =>
      isDegraded(assessment, config)
        ? `degraded: ${describeTraffic(assessment, config)}`
        : `partial failure: ${listed(criticalWith(assessment, 'failed'))}`,
  },
  {
    id: 'D400',
    about: 'a check failed and no row above matches: one service is down, or an informational limit is passed',
    outcome: 'MONITOR',
    confidence: 'LOW',
    estimatedRtoSeconds: null,
    source: SOURCE,
    matches: (assessment) => failedChecks(assessment).length > 0,
    reason: (assessment, config) => `${listed(failedChecks(assessment))}; ${describeTraffic(assessment, config)}`,
  },
  {
    id: 'D900',
    about: 'otherwise; the reason lists what is outside its limits',
    outcome: 'NO_ACTION',
    confidence: 'HIGH',
    estimatedRtoSeconds: null,
    source: SOURCE,
    matches: () => true,
    reason: (assessment, config) => outsideLimits(assessment, config).join('; ') || 'all healthy',
  },
];

/** A metric's value while it is fresh, undefined otherwise. */
export function freshMetric(
  { metrics, assessedAtEpochMs }: Assessment,
  config: DecisionPolicy,
  name: MetricName,
): number | undefined {
  return freshValue(metrics[name], measurementLifeMs(config), assessedAtEpochMs);
}

function criticalWith(assessment: Assessment, status: CheckAssessment['status']): readonly CheckAssessment[] {
  return criticalChecks(assessment).filter((check) => check.status === status);
}

/** Failed, and not only for its revisions. */
function isBroken({ status, mismatch }: CheckAssessment): boolean {
  return status === 'failed' && mismatch !== true;
}

function failedChecks({ checks }: Assessment): readonly CheckAssessment[] {
  return checks.filter(({ status }) => status === 'failed');
}

/** Signals of critical services of which too many instances are down. */
function shortServices(assessment: Assessment): readonly CheckAssessment[] {
  return criticalChecks(assessment).flatMap(({ name }) => {
    const signal = findSignal(assessment, instancesSignal(name));
    return signal?.status === 'failed' ? [signal] : [];
  });
}

function coordination(assessment: Assessment): CheckAssessment | undefined {
  return findSignal(assessment, COORDINATION_SIGNAL);
}

/** Too many errors for too long, of enough requests; a volume that is not known is not enough. */
function isFailing({ metrics, assessedAtEpochMs: nowEpochMs }: Assessment, config: DecisionPolicy): boolean {
  const { errorPercent, errorMinutes, minimumRequestsPerSecond } = config.policy;
  const lifeMs = measurementLifeMs(config);
  const spanMs = errorMinutes * 60_000;
  const since = aboveSince(metrics['error-rate'], { limit: errorPercent / 100, lifeMs, nowEpochMs });
  if (since === undefined || nowEpochMs - since <= spanMs) return false;
  const requests = averageOver(metrics['requests-per-second'], { spanMs, lifeMs, nowEpochMs });
  return requests !== undefined && requests >= minimumRequestsPerSecond;
}

/** Whether the newest figures of the traffic are such that no row matches by them, however long they last. */
export function isTrafficCalm({ metrics }: Pick<Assessment, 'metrics'>, { policy }: DecisionPolicy): boolean {
  const errors = metrics['error-rate']?.at(-1)?.value ?? 0;
  const p95 = metrics['p95-ms']?.at(-1)?.value ?? 0;
  const leastPercent = Math.min(policy.errorPercent, policy.degradedErrorPercent);
  return 100 * errors < leastPercent && p95 <= policy.degradedP95Milliseconds;
}

function isDegraded(assessment: Assessment, config: DecisionPolicy): boolean {
  const { degradedErrorPercent, degradedP95Milliseconds } = config.policy;
  const errorRate = freshMetric(assessment, config, 'error-rate') ?? 0;
  const p95 = freshMetric(assessment, config, 'p95-ms') ?? 0;
  return 100 * errorRate >= degradedErrorPercent && p95 > degradedP95Milliseconds;
}

function outsideLimits(assessment: Assessment, config: DecisionPolicy): readonly string[] {
  const unwell = assessment.checks
    .filter(({ status }) => status !== 'passed')
    .map(({ name, status }) => `${name} ${status}`);
  const errorRate = freshMetric(assessment, config, 'error-rate') ?? 0;
  const p95 = freshMetric(assessment, config, 'p95-ms') ?? 0;
  const isBusy = errorRate >= HEALTHY.errorRate || p95 >= HEALTHY.p95Milliseconds;
  return [...unwell, ...(isBusy ? [describeTraffic(assessment, config)] : [])];
}

function describeTraffic(assessment: Assessment, config: DecisionPolicy): string {
  const errorRate = freshMetric(assessment, config, 'error-rate');
  const p95 = freshMetric(assessment, config, 'p95-ms');
  const errors = errorRate === undefined ? 'errors not measured' : `errors ${(errorRate * 100).toFixed(1)} %`;
  return `${errors}, ${p95 === undefined ? 'p95 not measured' : `p95 ${Math.round(p95)} ms`}`;
}

function listed(checks: readonly CheckAssessment[]): string {
  return checks.map(({ name, reason }) => (reason === '' ? name : `${name} (${reason})`)).join(', ');
}
