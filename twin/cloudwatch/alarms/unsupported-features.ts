import type { Problem } from '../../../core/errors.ts';
import { joinPath } from '../../../core/schema-problems.ts';
import { type InputObject, isObject } from '../parse-fields.ts';

/** Fields of alarms that CloudWatch knows and the twin does not, and what each belongs to. */
const UNMODELLED_FIELDS: Readonly<Record<string, string>> = {
  EvaluationCriteria: 'PromQL alarms',
  EvaluationInterval: 'PromQL alarms',
  ThresholdMetricId: 'anomaly detection bands',
  WarmUpConfiguration: 'alarm warm-up periods',
  ActionConfiguration: 'tags in notifications',
  ScheduledQueryConfiguration: 'log alarms',
  QueryResultsToEvaluate: 'log alarms',
  QueryResultsToAlarm: 'log alarms',
  ActionLogLineCount: 'log alarms',
  ActionLogLineRoleArn: 'log alarms',
  ActionsSuppressor: 'suppressor alarms',
  ActionsSuppressorWaitPeriod: 'suppressor alarms',
  ActionsSuppressorExtensionPeriod: 'suppressor alarms',
};

/** Operators of anomaly detection. Source: API reference, PutMetricAlarm, `ComparisonOperator`. */
const BAND_OPERATORS = [
  'LessThanLowerOrGreaterThanUpperThreshold',
  'LessThanLowerThreshold',
  'GreaterThanUpperThreshold',
];

/** An input without what the twin refuses by name, and those refusals. */
export interface ModelledInput {
  readonly modelled: InputObject;
  readonly problems: readonly Problem[];
}

/**
 * Refuses by name every feature of CloudWatch alarms that the twin does not model, and takes it out of the input, so
 * that it is not reported again as an unknown field. An explicit sliding window is the default and passes.
 */
export function refuseUnmodelled(input: InputObject, path: string): ModelledInput {
  const problems: Problem[] = [];
  const modelled = Object.entries(input).filter(([field, value]) => {
    const feature = value === undefined ? undefined : unmodelledFeature(field, value);
    if (feature !== undefined) {
      problems.push({
        path: joinPath(path, [field]),
        message: `${feature} are not modelled by the twin`,
        value,
        remedy: 'leave the field out, or judge this alarm on AWS',
        source: 'docs/twin-fidelity-cloudwatch.md',
      });
    }
    return feature === undefined && field !== 'EvaluationWindow';
  });
  return { modelled: Object.fromEntries(modelled), problems };
}

function unmodelledFeature(field: string, value: unknown): string | undefined {
  if (field === 'ComparisonOperator') {
    return BAND_OPERATORS.includes(String(value)) ? 'anomaly detection bands' : undefined;
  }
  if (field === 'EvaluationWindow') return isSlidingWindow(value) ? undefined : 'wall-clock windows';
  return Object.hasOwn(UNMODELLED_FIELDS, field) ? UNMODELLED_FIELDS[field] : undefined;
}

function isSlidingWindow(value: unknown): boolean {
  return isObject(value) && Object.keys(value).join() === 'SlidingWindow';
}
