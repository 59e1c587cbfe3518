import type { Datapoint, GetMetricStatisticsCommandInput, GetMetricStatisticsOutput } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { type Problem, RefusedInputError } from '../../../core/errors.ts';
import { parseFields } from '../parse-fields.ts';
import { unknownStatistic } from '../queries/parse-queries.ts';
import { computeStatistic } from '../statistics/compute-statistic.ts';
import type { SampleSet } from '../statistics/sample-set.ts';
import { isSimpleStatistic, parseStatistic, SIMPLE_STATISTICS, type Statistic } from '../statistics/statistic.ts';
import { DIMENSIONS, METRIC_NAME, NAMESPACE, UNIT } from './metric-fields.ts';
import type { MetricStore } from './metric-store.ts';
import { isQueryPeriod, periodGrid, periodStart, QUERY_PERIODS, withinRetention } from './time-range.ts';

const SOURCE = 'API reference, GetMetricStatistics';
/** Datapoints in an answer. Source: API reference, GetMetricStatistics. */
const MOST_DATAPOINTS = 1440;

const FIELDS = {
  Namespace: NAMESPACE,
  MetricName: METRIC_NAME,
  Dimensions: DIMENSIONS.optional(),
  StartTime: z.date(),
  EndTime: z.date(),
  Period: z.int().min(1),
  Statistics: z.array(z.enum(SIMPLE_STATISTICS)).min(1).max(5).optional(),
  ExtendedStatistics: z.array(z.string()).min(1).max(10).optional(),
  Unit: UNIT.optional(),
} as const;

/** A statistic and the name it was asked for by. */
interface NamedStatistic {
  readonly name: string;
  readonly statistic: Statistic;
}

/**
 * `GetMetricStatistics`: one datapoint per period that has data, oldest first; without a Unit, one per unit that has.
 * Throws a RefusedInputError with every problem.
 */
export function getMetricStatistics(
  store: MetricStore,
  input: GetMetricStatisticsCommandInput,
  nowMs: number,
): GetMetricStatisticsOutput {
  const { metric, unit, asked, startMs, endMs, periodSeconds } = readInput(input);
  const asGiven = periodGrid({ startMs, endMs }, periodSeconds, nowMs);
  if (asGiven.periods > MOST_DATAPOINTS) throw tooManyDatapoints(asGiven.periods);
  const grid = withinRetention(asGiven, nowMs);
  const units = unit === undefined ? store.unitsOf(metric) : [unit];
  const datapoints = units.flatMap((each) =>
    store.read({ metric, unit: each, ...grid }).flatMap((buckets, index): readonly Datapoint[] => {
      const statistics = statisticsOf(buckets, asked);
      return statistics === undefined ? [] : [{ Timestamp: periodStart(grid, index), Unit: each, ...statistics }];
    }),
  );
  return { Label: metric.name, Datapoints: datapoints };
}

/** The statistics asked for; undefined where the period has none of them. */
function statisticsOf(buckets: readonly SampleSet[], asked: readonly NamedStatistic[]): Datapoint | undefined {
  const values = asked.flatMap(({ name, statistic }) => {
    const value = computeStatistic(statistic, buckets);
    return value === undefined ? [] : [[name, value] as const];
  });
  if (values.length === 0) return undefined;
  const simple = Object.fromEntries(values.filter(([name]) => isSimpleStatistic(name)));
  const extended = values.filter(([name]) => !isSimpleStatistic(name));
  return extended.length === 0 ? simple : { ...simple, ExtendedStatistics: Object.fromEntries(extended) };
}

function readInput(input: GetMetricStatisticsCommandInput) {
  const { fields, problems: wrongFields } = parseFields(FIELDS, { ...input }, { path: '', source: SOURCE });
  const { Namespace = '', MetricName = '', Dimensions = [], Period = 60, Unit } = fields;
  const startMs = fields.StartTime?.getTime() ?? 0;
  const endMs = fields.EndTime?.getTime() ?? 0;
  const extended = readExtended(fields.ExtendedStatistics ?? []);
  const problems: Problem[] = [...wrongFields, ...extended.problems];
  if ((input.Statistics === undefined) === (input.ExtendedStatistics === undefined)) {
    const message = 'must have either Statistics or ExtendedStatistics, not both and not none';
    problems.push({ path: 'Statistics', message, source: SOURCE });
  }
  if (!isQueryPeriod(Period)) {
    const message = 'is not a period';
    problems.push({ path: 'Period', message, value: Period, allowed: QUERY_PERIODS, source: SOURCE });
  }
  if (wrongFields.length === 0 && startMs >= endMs) {
    problems.push({ path: 'StartTime', message: 'must be before EndTime', source: SOURCE });
  }
  if (problems.length > 0) throw new RefusedInputError('GetMetricStatistics', problems, 'InvalidParameterValue');
  const simple = (fields.Statistics ?? []).map((name) => ({ name, statistic: { kind: 'simple', name } as const }));
  return {
    metric: { namespace: Namespace, name: MetricName, dimensions: Dimensions },
    unit: Unit,
    asked: [...simple, ...extended.asked],
    startMs,
    endMs,
    periodSeconds: Period,
  };
}

function readExtended(names: readonly string[]) {
  const asked: NamedStatistic[] = [];
  const problems: Problem[] = [];
  for (const [index, name] of names.entries()) {
    const statistic = parseStatistic(name);
    if (statistic === undefined || statistic.kind === 'simple') {
      problems.push(unknownStatistic(`ExtendedStatistics[${index}]`, name));
    } else {
      asked.push({ name, statistic });
    }
  }
  return { asked, problems };
}

function tooManyDatapoints(count: number): RefusedInputError {
  const problem: Problem = {
    path: 'Period',
    message: 'would give too many datapoints',
    value: count,
    allowed: `up to ${MOST_DATAPOINTS}`,
    remedy: 'narrow the time range or lengthen the period',
    source: SOURCE,
  };
  return new RefusedInputError('GetMetricStatistics', [problem], 'InvalidParameterCombination');
}
