import { evaluateExpression } from '../metric-math/evaluate-expression.ts';
import { type MathValue, type Series, series } from '../metric-math/value.ts';
import type { ExpressionQuery, MetricQuery, Query } from './metric-query.ts';
import { metricsBehind } from './query-periods.ts';

/** Where the evaluator gets its data. */
export interface QueryData {
  /** How many periods of this length the request covers. */
  periodCount(periodSeconds: number): number;
  /** The statistic of a metric in each of its periods, oldest first; called once per metric. */
  read(query: MetricQuery): Series;
}

/** Evaluates queries that refer to one another, each at most once. The queries must be free of circles. */
export function createQueryEvaluator(queries: readonly Query[], data: QueryData) {
  const byId = new Map(queries.map((query) => [query.id, query]));
  const values = new Map<string, MathValue>();

  function compute(query: Query): MathValue {
    return query.kind === 'metric' ? series(data.read(query)) : evaluateExpressionQuery(query);
  }

  function evaluateExpressionQuery(query: ExpressionQuery): MathValue {
    const metrics = metricsBehind(query, queries);
    const periodSeconds = metrics.at(0)?.periodSeconds ?? 0;
    return evaluateExpression(query.expression, {
      periodSeconds,
      periods: data.periodCount(periodSeconds),
      metrics: new Map(metrics.map((metric) => [metric.id, seriesOf(metric)])),
      resolve,
    });
  }

  function seriesOf(metric: MetricQuery): Series {
    const value = resolve(metric.id);
    return value?.kind === 'series' ? value.points : [];
  }

  function resolve(id: string): MathValue | undefined {
    const known = values.get(id);
    const query = byId.get(id);
    if (known !== undefined || query === undefined) return known;
    const value = compute(query);
    values.set(id, value);
    return value;
  }

  return { resolve };
}
