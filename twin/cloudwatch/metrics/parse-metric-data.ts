import type { MetricDatum, PutMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Problem } from '../../../core/errors.ts';
import { joinPath } from '../../../core/schema-problems.ts';
import type { Datum } from './datum.ts';
import { DIMENSIONS, METRIC_NAME, NAMESPACE } from './metric-fields.ts';
import { STANDARD_UNITS, type StandardUnit } from './standard-unit.ts';
import { TIMESTAMP_LIMITS_MS } from './time-limits.ts';

/** Largest absolute value. Source: API reference, MetricDatum, `Value`. */
export const LARGEST_VALUE = 2 ** 360;
/** Data in a call, and values in a datum. Source: API reference, PutMetricData. */
const MOST = { data: 1000, values: 150 } as const;
const UNITS: ReadonlySet<string> = new Set(STANDARD_UNITS);

/**
 * Reads the data of a `PutMetricData` call; all of it is in order, or all problems are returned. A datum without a
 * timestamp has the time of the call, one without a unit the unit None.
 */
export function parseMetricData(
  input: PutMetricDataCommandInput,
  nowMs: number,
): { readonly data: readonly Datum[] } | { readonly problems: readonly Problem[] } {
  const data = input.MetricData ?? [];
  const problems = callProblems(input, data.length);
  const read = data.map((datum, index) =>
    readDatum(datum, { namespace: input.Namespace ?? '', index, nowMs, problems }),
  );
  return problems.length > 0
    ? { problems: problems.map((problem) => ({ source: 'API reference, PutMetricData', ...problem })) }
    : { data: read };
}

function callProblems({ Namespace, EntityMetricData }: PutMetricDataCommandInput, count: number): Problem[] {
  const problems: Problem[] = [];
  if (!NAMESPACE.safeParse(Namespace).success) {
    const allowed = '1 to 255 printable characters, not starting with a colon';
    problems.push({ path: 'Namespace', message: 'is not a namespace', value: Namespace, allowed });
  }
  if (EntityMetricData !== undefined) {
    problems.push({
      path: 'EntityMetricData',
      message: 'entities are not modelled by the twin',
      remedy: 'use MetricData',
    });
  }
  if (count > MOST.data) {
    problems.push({ path: 'MetricData', message: 'has too many items', value: count, allowed: `up to ${MOST.data}` });
  }
  return problems;
}

interface DatumContext {
  readonly namespace: string;
  readonly index: number;
  readonly nowMs: number;
  /** Where the problems go. */
  readonly problems: Problem[];
}

function readDatum(datum: MetricDatum, context: DatumContext): Datum {
  const { namespace, index, nowMs, problems } = context;
  const report = (field: string, problem: Omit<Problem, 'path'>): void => {
    problems.push({ path: joinPath('MetricData', [index, field]), ...problem });
  };
  const name = datum.MetricName ?? '';
  if (!METRIC_NAME.safeParse(name).success) report('MetricName', { message: 'is not a metric name', value: name });
  const dimensions = (datum.Dimensions ?? []).map(({ Name = '', Value = '' }) => ({ Name, Value }));
  if (dimensions.length > 0) {
    const error = DIMENSIONS.safeParse(dimensions).error;
    if (error !== undefined)
      report('Dimensions', { message: error.issues[0]?.message ?? 'are wrong', value: dimensions });
  }
  const unit = datum.Unit ?? 'None';
  if (!UNITS.has(unit)) report('Unit', { message: 'is not a unit', value: unit, allowed: STANDARD_UNITS.join(', ') });
  const resolution = datum.StorageResolution ?? 60;
  if (resolution !== 1 && resolution !== 60) {
    report('StorageResolution', { message: 'is not a resolution', value: resolution, allowed: '1 or 60' });
  }
  return {
    metric: { namespace, name, dimensions },
    unit: unit as StandardUnit,
    atMs: readTimestamp(datum, nowMs, report),
    highResolution: resolution === 1,
    ...readValues(datum, report),
  };
}

type Report = (field: string, problem: Omit<Problem, 'path'>) => void;

function readTimestamp({ Timestamp }: MetricDatum, nowMs: number, report: Report): number {
  const atMs = Timestamp?.getTime() ?? nowMs;
  if (!(atMs >= nowMs - TIMESTAMP_LIMITS_MS.past && atMs <= nowMs + TIMESTAMP_LIMITS_MS.future)) {
    const allowed = 'two weeks back to two hours ahead';
    report('Timestamp', { message: 'is out of range', value: Timestamp, allowed });
  }
  return atMs;
}

function readValues(datum: MetricDatum, report: Report): Pick<Datum, 'values' | 'statisticSet'> {
  const { Value, Values, Counts, StatisticValues } = datum;
  const given = [Value, Values, StatisticValues].filter((form) => form !== undefined).length;
  if (given !== 1) {
    report('Value', { message: 'must have exactly one of Value, Values and StatisticValues', value: given });
    return { values: [] };
  }
  if (StatisticValues !== undefined) {
    const { SampleCount = Number.NaN, Sum = Number.NaN, Minimum = Number.NaN, Maximum = Number.NaN } = StatisticValues;
    if (![SampleCount, Sum, Minimum, Maximum].every(isAllowedValue) || SampleCount <= 0 || Minimum > Maximum) {
      const allowed = 'four numbers, SampleCount above 0, Minimum up to Maximum';
      report('StatisticValues', { message: 'is not a statistic set', value: StatisticValues, allowed });
    }
    return { values: [], statisticSet: { SampleCount, Sum, Minimum, Maximum } };
  }
  const values = Value === undefined ? (Values ?? []) : [Value];
  const counts = Counts ?? values.map(() => 1);
  if (values.length < 1 || values.length > MOST.values || !values.every(isAllowedValue)) {
    report(Value === undefined ? 'Values' : 'Value', {
      message: 'must be finite numbers from −2^360 to 2^360',
      allowed: `1 to ${MOST.values} of them`,
    });
  }
  if (counts.length !== values.length || !counts.every((count) => isAllowedValue(count) && count >= 0)) {
    report('Counts', { message: 'must have a number of at least 0 for each of Values', value: counts.length });
  }
  return { values: values.map((value, index) => ({ value, weight: counts[index] ?? 0 })) };
}

function isAllowedValue(value: number): boolean {
  return Math.abs(value) <= LARGEST_VALUE;
}
