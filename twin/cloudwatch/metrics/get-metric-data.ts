import type { GetMetricDataCommandInput, GetMetricDataOutput, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { type Problem, RefusedInputError } from '../../../core/errors.ts';
import { parseFields } from '../parse-fields.ts';
import { createQueryEvaluator } from '../queries/evaluate-queries.ts';
import type { Query } from '../queries/metric-query.ts';
import { parseQueries } from '../queries/parse-queries.ts';
import { metricsBehind } from '../queries/query-periods.ts';
import { computeStatistic } from '../statistics/compute-statistic.ts';
import type { MetricStore } from './metric-store.ts';
import {
  isQueryPeriod,
  type PeriodGrid,
  periodGrid,
  periodStart,
  QUERY_PERIODS,
  withinRetention,
} from './time-range.ts';

const SOURCE = 'API reference, GetMetricData';
/** Datapoints in an answer, unless the request says less. Source: API reference, GetMetricData, `MaxDatapoints`. */
const MOST_DATAPOINTS = 100_800;

const FIELDS = {
  MetricDataQueries: z.array(z.unknown()).max(500),
  StartTime: z.date(),
  EndTime: z.date(),
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).optional(),
  MaxDatapoints: z.int().min(1).max(MOST_DATAPOINTS).optional(),
  NextToken: unmodelled('pages'),
  LabelOptions: unmodelled('dynamic labels'),
} as const;

function unmodelled(feature: string) {
  return z.custom<undefined>((value) => value === undefined, `${feature} are not modelled by the twin`);
}

/**
 * `GetMetricData`: the statistics of metrics and the results of math expressions, newest first unless asked otherwise.
 * Throws a RefusedInputError with every problem; the twin answers in one page or not at all.
 */
export function getMetricData(
  store: MetricStore,
  input: GetMetricDataCommandInput,
  nowMs: number,
): GetMetricDataOutput {
  const { queries, startMs, endMs, maxDatapoints, newestFirst } = readInput(input);
  const gridOf = (periodSeconds: number): PeriodGrid =>
    withinRetention(periodGrid({ startMs, endMs }, periodSeconds, nowMs), nowMs);
  const evaluator = createQueryEvaluator(queries, {
    periodCount: (periodSeconds) => gridOf(periodSeconds).periods,
    read({ metric, unit, periodSeconds, statistic }) {
      return store
        .read({ metric, unit, ...gridOf(periodSeconds) })
        .map((buckets) => computeStatistic(statistic, buckets));
    },
  });

  const results = queries
    .filter(({ returnData }) => returnData)
    .map((query): MetricDataResult => {
      const value = evaluator.resolve(query.id);
      const grid = gridOf(metricsBehind(query, queries)[0]?.periodSeconds ?? 60);
      const points = (value?.kind === 'series' ? value.points : []).flatMap((point, index) =>
        point === undefined ? [] : [{ at: periodStart(grid, index), point }],
      );
      if (newestFirst) points.reverse();
      return {
        Id: query.id,
        Label: labelOf(query),
        Timestamps: points.map(({ at }) => at),
        Values: points.map(({ point }) => point),
        StatusCode: 'Complete',
      };
    });
  assertOnePage(results, maxDatapoints);
  return { MetricDataResults: results, Messages: [] };
}

function readInput(input: GetMetricDataCommandInput) {
  const { fields, problems: wrongFields } = parseFields(FIELDS, { ...input }, { path: '', source: SOURCE });
  const { queries, problems: queryProblems } = parseQueries(fields.MetricDataQueries ?? [], {
    path: 'MetricDataQueries',
    isPeriod: isQueryPeriod,
    allowedPeriods: QUERY_PERIODS,
  });
  const startMs = fields.StartTime?.getTime() ?? 0;
  const endMs = fields.EndTime?.getTime() ?? 0;
  const problems: Problem[] = [...wrongFields, ...queryProblems, ...dynamicLabels(queries)];
  if (wrongFields.length === 0 && startMs >= endMs) {
    problems.push({ path: 'StartTime', message: 'must be before EndTime', source: SOURCE });
  }
  if (problems.length > 0) throw new RefusedInputError('GetMetricData', problems, 'ValidationError');
  return {
    queries,
    startMs,
    endMs,
    maxDatapoints: fields.MaxDatapoints ?? MOST_DATAPOINTS,
    newestFirst: fields.ScanBy !== 'TimestampAscending',
  };
}

function dynamicLabels(queries: readonly Query[]): readonly Problem[] {
  return queries
    .filter(({ label }) => label?.includes('${'))
    .map(({ id, label }) => ({
      path: `MetricDataQueries ${id}.Label`,
      message: 'dynamic labels are not modelled by the twin',
      value: label,
      source: 'docs/twin-fidelity-cloudwatch.md',
    }));
}

/** The metric's name, or the id of an expression, where no label was given. */
function labelOf(query: Query): string {
  return query.label ?? (query.kind === 'metric' ? query.metric.name : query.id);
}

function assertOnePage(results: readonly MetricDataResult[], most: number): void {
  const datapoints = results.reduce((count, { Values }) => count + (Values?.length ?? 0), 0);
  if (datapoints <= most) return;
  const problem: Problem = {
    path: 'MaxDatapoints',
    message: 'the answer has more datapoints than one page holds',
    value: datapoints,
    allowed: `up to ${most}`,
    remedy: 'narrow the time range or lengthen the period',
    source: SOURCE,
  };
  throw new RefusedInputError('GetMetricData', [problem], 'ValidationError');
}
