import type { Problem } from '../../../core/errors.ts';
import { joinPath, pathBelow } from '../../../core/schema-problems.ts';
import type { MissingDataTreatment } from '../missing-data.ts';
import { type InputPlace, isObject, parseFields } from '../parse-fields.ts';
import type { MetricQuery, Query } from '../queries/metric-query.ts';
import { parseQueries, unknownStatistic } from '../queries/parse-queries.ts';
import { parseStatistic } from '../statistics/statistic.ts';
import type { MetricAlarm } from './metric-alarm.ts';
import { METRIC_ALARM_FIELDS, type MetricAlarmFields } from './metric-alarm-fields.ts';
import { ALARM_PERIODS, isAlarmPeriod, relationProblems } from './metric-alarm-rules.ts';
import { refuseUnmodelled } from './unsupported-features.ts';

/** A metric alarm, or everything for which it is refused. */
export type ParsedMetricAlarm =
  | { readonly kind: 'parsed'; readonly alarm: MetricAlarm }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/**
 * Reads an input in the shape of `PutMetricAlarm`. What the API would refuse is refused, with every problem at once; so is
 * every feature that the twin does not model, by name. `path` stands before the paths of the problems.
 */
export function parseMetricAlarm(input: unknown, path = ''): ParsedMetricAlarm {
  const place: InputPlace = { path, source: 'API reference, PutMetricAlarm' };
  if (!isObject(input)) return { kind: 'refused', problems: [{ ...place, message: 'must be an object' }] };
  const { modelled, problems: refusedFeatures } = refuseUnmodelled(input, path);
  const { fields, problems: wrongFields } = parseFields(METRIC_ALARM_FIELDS, modelled, place);
  const { queries, problems: queryProblems } = readQueries(fields, path);
  const relations = relationProblems({ fields, queries, input, refusedFeature: refusedFeatures.length > 0 });
  const problems = [
    ...refusedFeatures,
    ...wrongFields,
    ...relations.map((problem) => inPlace(problem, place)),
    ...queryProblems,
  ];
  const alarm = problems.length === 0 ? assemble(fields, queries) : undefined;
  return alarm === undefined ? { kind: 'refused', problems } : { kind: 'parsed', alarm };
}

function inPlace(problem: Problem, place: InputPlace): Problem {
  const path = pathBelow(place.path, problem.path);
  return { source: place.source, ...problem, path };
}

function readQueries(
  fields: MetricAlarmFields,
  path: string,
): { readonly queries: readonly Query[]; readonly problems: readonly Problem[] } {
  if (fields.Metrics !== undefined) {
    return parseQueries(fields.Metrics, {
      path: joinPath(path, ['Metrics']),
      isPeriod: isAlarmPeriod,
      allowedPeriods: ALARM_PERIODS,
    });
  }
  const stat = fields.Statistic ?? fields.ExtendedStatistic;
  if (fields.MetricName === undefined || stat === undefined) return { queries: [], problems: [] };
  const statistic = parseStatistic(stat);
  if (statistic === undefined) {
    return { queries: [], problems: [unknownStatistic(joinPath(path, ['ExtendedStatistic']), stat)] };
  }
  const query: MetricQuery = {
    kind: 'metric',
    id: 'm1',
    returnData: true,
    metric: { namespace: fields.Namespace ?? '', name: fields.MetricName, dimensions: fields.Dimensions ?? [] },
    statistic,
    stat,
    periodSeconds: fields.Period ?? 0,
    ...(fields.Unit === undefined ? {} : { unit: fields.Unit }),
  };
  return { queries: [query], problems: [] };
}

function assemble(fields: MetricAlarmFields, queries: readonly Query[]): MetricAlarm | undefined {
  const { AlarmName, EvaluationPeriods, Threshold, ComparisonOperator } = fields;
  const watched = queries.find(({ returnData }) => returnData);
  const metrics = queries.filter((query) => query.kind === 'metric');
  const [firstMetric] = metrics;
  if (watched === undefined || firstMetric === undefined || AlarmName === undefined) return undefined;
  if (EvaluationPeriods === undefined || Threshold === undefined || ComparisonOperator === undefined) return undefined;
  return {
    name: AlarmName,
    queries,
    watchedId: watched.id,
    periodSeconds: firstMetric.periodSeconds,
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm: fields.DatapointsToAlarm ?? EvaluationPeriods,
    comparison: ComparisonOperator,
    threshold: Threshold,
    treatMissingData: fields.TreatMissingData ?? defaultTreatment(metrics),
    ignoresLowSampleCounts: fields.EvaluateLowSampleCountPercentile === 'ignore',
  };
}

/**
 * `missing`, but `ignore` for metrics of DynamoDB. The guide says that this default can be overridden, the API reference
 * (an older text) that it cannot: the guide is followed. Source: User Guide, alarms-and-missing-data.
 */
function defaultTreatment(metrics: readonly MetricQuery[]): MissingDataTreatment {
  return metrics.some(({ metric }) => metric.namespace === 'AWS/DynamoDB') ? 'ignore' : 'missing';
}
