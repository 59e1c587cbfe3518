import type { Problem } from '../../../core/errors.ts';
import type { InputObject } from '../parse-fields.ts';
import type { Query } from '../queries/metric-query.ts';
import { isSimpleStatistic } from '../statistics/statistic.ts';
import { actionsMatching, EC2_ACTION } from './alarm-fields.ts';
import type { MetricAlarmFields } from './metric-alarm-fields.ts';

/**
 * What must hold between the fields of a metric alarm. Each rule looks only at fields that are in order by themselves.
 * Source, unless said otherwise: API reference, PutMetricAlarm.
 */

/** Periods of an alarm, in words. */
export const ALARM_PERIODS = '10, 20, 30 or a multiple of 60 seconds';

/** The longest stretch an alarm may look at: a day, or seven with a period of at least an hour. */
const LONGEST_SECONDS = { belowAnHour: 86_400, fromAnHour: 604_800 } as const;

/** Metrics in an alarm on a math expression. Source: User Guide, cloudwatch_limits, "Alarms". */
const MOST_METRICS = 10;

/** Fields of a simple alarm, which an alarm with `Metrics` must not have. */
const SIMPLE_FIELDS = [
  'MetricName',
  'Namespace',
  'Dimensions',
  'Period',
  'Unit',
  'Statistic',
  'ExtendedStatistic',
] as const;

/** 10, 20, 30 or a multiple of 60. */
export function isAlarmPeriod(seconds: number): boolean {
  return [10, 20, 30].includes(seconds) || seconds % 60 === 0;
}

/** What the rules look at. */
export interface AlarmInput {
  /** The fields that are in order by themselves. */
  readonly fields: MetricAlarmFields;
  readonly queries: readonly Query[];
  /** The input as it came, to tell a field that is wrong from one that is missing. */
  readonly input: InputObject;
  /** A feature was refused by name: the alarm may be of a kind that needs other fields. */
  readonly refusedFeature: boolean;
}

/** All problems between fields. */
export function relationProblems(alarm: AlarmInput): readonly Problem[] {
  const { fields, queries } = alarm;
  return [
    ...(alarm.refusedFeature ? [] : missingFields(alarm)),
    ...(isGiven(alarm.input, 'Metrics') ? queriesProblems(alarm) : simpleAlarmProblems(alarm)),
    ...actionProblems(alarm),
    ...datapointsProblems(fields),
    ...lengthProblems(fields, queries),
  ];
}

function missingFields({ input }: AlarmInput): readonly Problem[] {
  const required = ['EvaluationPeriods', 'Threshold', 'ComparisonOperator'].filter((field) => !isGiven(input, field));
  const problems: Problem[] = required.map((field) => ({ path: field, message: 'is missing' }));
  if (isGiven(input, 'Metrics')) return problems;
  if (!isGiven(input, 'MetricName')) {
    const remedy = 'give MetricName or Metrics';
    return [...problems, { path: '', message: 'the alarm names no metric', remedy }];
  }
  const missing = ['Namespace', 'Period'].filter((field) => !isGiven(input, field));
  return [...problems, ...missing.map((field) => ({ path: field, message: 'is missing beside MetricName' }))];
}

function isGiven(input: InputObject, field: string): boolean {
  return input[field] !== undefined;
}

function simpleAlarmProblems({ fields, input }: AlarmInput): readonly Problem[] {
  const { Period, ExtendedStatistic } = fields;
  const problems: Problem[] = [];
  if (isGiven(input, 'MetricName') && isGiven(input, 'Statistic') === isGiven(input, 'ExtendedStatistic')) {
    const message = 'must have either Statistic or ExtendedStatistic, not both and not none';
    problems.push({ path: 'Statistic', message });
  }
  if (ExtendedStatistic !== undefined && isSimpleStatistic(ExtendedStatistic)) {
    const problem = { path: 'ExtendedStatistic', message: 'is not an extended statistic', value: ExtendedStatistic };
    problems.push({ ...problem, remedy: 'put it into Statistic' });
  }
  if (Period !== undefined && !isAlarmPeriod(Period)) {
    problems.push({ path: 'Period', message: 'is not an allowed period', value: Period, allowed: ALARM_PERIODS });
  }
  return problems;
}

function queriesProblems({ fields, queries, input }: AlarmInput): readonly Problem[] {
  const problems: Problem[] = SIMPLE_FIELDS.filter((field) => isGiven(input, field)).map((field) => ({
    path: field,
    message: 'cannot stand beside Metrics',
    remedy: 'put it into MetricStat',
  }));
  const path = 'Metrics';
  const returned = queries.filter(({ returnData }) => returnData).length;
  // A query that could not be read may be the one that returns data.
  if (returned > 1 || (returned === 0 && fields.Metrics?.length === queries.length)) {
    const message = 'must return the data of exactly one query, the one the alarm watches';
    problems.push({ path, message, value: returned, remedy: 'set ReturnData to false on all others' });
  }
  const metrics = queries.filter((query) => query.kind === 'metric');
  if (metrics.length > MOST_METRICS) {
    const message = 'retrieves too many metrics';
    problems.push({ path, message, value: metrics.length, allowed: `up to ${MOST_METRICS}` });
  }
  const periods = [...new Set(metrics.map(({ periodSeconds }) => periodSeconds))];
  if (periods.length > 1) problems.push({ path, message: 'mixes metrics of different periods', value: periods });
  return problems;
}

function actionProblems({ fields, queries }: AlarmInput): readonly Problem[] {
  if (!queries.some(({ kind }) => kind === 'expression')) return [];
  return actionsMatching(fields, EC2_ACTION).map(({ path, arn }) => ({
    path,
    message: 'an alarm on a math expression cannot perform EC2 actions',
    value: arn,
    source: 'User Guide, Create-alarm-on-metric-math-expression',
  }));
}

function datapointsProblems({ DatapointsToAlarm, EvaluationPeriods }: MetricAlarmFields): readonly Problem[] {
  if (DatapointsToAlarm === undefined || EvaluationPeriods === undefined) return [];
  if (DatapointsToAlarm <= EvaluationPeriods) return [];
  const allowed = `1 to EvaluationPeriods (${EvaluationPeriods})`;
  return [{ path: 'DatapointsToAlarm', message: 'can never be reached', value: DatapointsToAlarm, allowed }];
}

function lengthProblems(fields: MetricAlarmFields, queries: readonly Query[]): readonly Problem[] {
  const period = fields.Period ?? queries.find((query) => query.kind === 'metric')?.periodSeconds;
  if (period === undefined || fields.EvaluationPeriods === undefined) return [];
  const longest = period < 3600 ? LONGEST_SECONDS.belowAnHour : LONGEST_SECONDS.fromAnHour;
  const seconds = period * fields.EvaluationPeriods;
  if (seconds <= longest) return [];
  return [
    {
      path: 'EvaluationPeriods',
      message: `the alarm would look at too long a time, ${period} s × ${fields.EvaluationPeriods}`,
      value: seconds,
      allowed: `up to ${longest} s for this period`,
      remedy: 'lower EvaluationPeriods or Period',
    },
  ];
}
