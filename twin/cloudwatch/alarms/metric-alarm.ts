import type { ComparisonOperator } from '../comparison.ts';
import type { MissingDataTreatment } from '../missing-data.ts';
import type { MetricQuery, Query } from '../queries/metric-query.ts';

/**
 * A metric alarm, read and checked, with every default resolved: what evaluating it needs.
 *
 * Source: API reference, PutMetricAlarm.
 */
export interface MetricAlarm {
  readonly name: string;
  /** What it reads; an alarm on a simple metric reads one query. */
  readonly queries: readonly Query[];
  /** The id of the query that is compared with the threshold. */
  readonly watchedId: string;
  readonly periodSeconds: number;
  /** N. */
  readonly evaluationPeriods: number;
  /** M; N unless `DatapointsToAlarm` was given. */
  readonly datapointsToAlarm: number;
  readonly comparison: ComparisonOperator;
  readonly threshold: number;
  readonly treatMissingData: MissingDataTreatment;
  /** `EvaluateLowSampleCountPercentile: ignore`. */
  readonly ignoresLowSampleCounts: boolean;
}

/** Above it an alarm is evaluated every hour. Source: User Guide, alarm-evaluation, "Example of evaluating a multi-day alarm". */
const ONE_DAY_SECONDS = 86_400;

/** The metrics that the alarm reads. */
export function metricsOf(alarm: MetricAlarm): readonly MetricQuery[] {
  return alarm.queries.filter((query) => query.kind === 'metric');
}

/** The query that is compared with the threshold. */
export function watchedQuery(alarm: MetricAlarm): Query | undefined {
  return alarm.queries.find(({ id }) => id === alarm.watchedId);
}

/** How often CloudWatch evaluates the alarm, in seconds: 10 below a minute's period, 3,600 beyond a day, else 60. */
export function evaluationIntervalSeconds({ periodSeconds, evaluationPeriods }: MetricAlarm): number {
  if (periodSeconds < 60) return 10;
  return periodSeconds * evaluationPeriods > ONE_DAY_SECONDS ? 3600 : 60;
}
