/**
 * Alarms as data, in the shapes of `PutMetricAlarm` and `PutCompositeAlarm`: a stack makes resources of them, and a twin of
 * CloudWatch takes them as they are, so that no threshold is written twice.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */

/** What tells a metric from others of its name. */
export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** A metric, over a period, by a statistic. */
export interface MetricStat {
  readonly Metric: {
    readonly Namespace: string;
    readonly MetricName: string;
    readonly Dimensions: readonly Dimension[];
  };
  readonly Period: number;
  readonly Stat: string;
}

/** One line of metric math: the expression that is watched, or a metric that it reads. */
export type MetricQuery =
  | { readonly Id: string; readonly Expression: string; readonly ReturnData: true }
  | { readonly Id: string; readonly MetricStat: MetricStat; readonly ReturnData: false };

/** What the alarm looks at: one metric, or metric math. */
export type Watched =
  | {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly Dimension[];
      readonly Statistic: 'Maximum' | 'Sum';
      readonly Period: number;
    }
  | { readonly Metrics: readonly MetricQuery[] };

/** When it goes off. `missing`: no data is no verdict. */
export interface Limit {
  readonly Threshold: number;
  readonly ComparisonOperator: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: 'missing' | 'notBreaching' | 'breaching';
}

/** As `PutMetricAlarm` takes it, without actions. */
export type MetricAlarmDefinition = { readonly AlarmName: string; readonly AlarmDescription: string } & Watched & Limit;

/** As `PutCompositeAlarm` takes it, without actions. */
export interface CompositeAlarmDefinition {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmRule: string;
}

interface AlarmBase {
  /** What tells it from the other alarms of the application in the Region. */
  readonly id: string;
  /** Page under `docs/runbooks/` that says what to do. */
  readonly runbook: string;
  /** Whether people are told of it and of its end. One that does not feeds a composite alarm, or is there to be looked at. */
  readonly tellsPeople: boolean;
  /** Whether the observer looks and decides at once when it goes off. */
  readonly wakesObserver: boolean;
}

/** An alarm on metrics. */
export interface CompiledMetricAlarm extends AlarmBase {
  readonly kind: 'metric';
  readonly definition: MetricAlarmDefinition;
}

/** An alarm on the states of others, which have to be there before it. */
export interface CompiledCompositeAlarm extends AlarmBase {
  readonly kind: 'composite';
  readonly definition: CompositeAlarmDefinition;
  /** Ids of those others. */
  readonly children: readonly string[];
}

/** One alarm of a Region. */
export type CompiledAlarm = CompiledMetricAlarm | CompiledCompositeAlarm;

/** Where alarms are compiled for: one application Region. */
export interface AlarmSite<Config> {
  readonly config: Config;
  readonly region: string;
}

/** More than the limit in every one of so many periods. */
export function above(
  Threshold: number,
  { periods, missing }: { readonly periods: number; readonly missing: Limit['TreatMissingData'] },
): Limit {
  return {
    Threshold,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: periods,
    DatapointsToAlarm: periods,
    TreatMissingData: missing,
  };
}

/** Dimensions in the form of the API, in the order of their names. */
export function dimensionsOf(values: Readonly<Record<string, string>>): readonly Dimension[] {
  return Object.entries(values)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([Name, Value]) => ({ Name, Value }));
}
