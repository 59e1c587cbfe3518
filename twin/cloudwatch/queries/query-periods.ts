import { referencesOf } from '../metric-math/evaluate-expression.ts';
import type { Argument } from '../metric-math/expression.ts';
import type { ExpressionQuery, MetricQuery, Query } from './metric-query.ts';

/** The metrics that a query reads, itself or through other expressions; `METRICS()` reads all. Safe on a circle. */
export function metricsBehind(query: Query, queries: readonly Query[]): readonly MetricQuery[] {
  const found = new Set<MetricQuery>();
  const visited = new Set<Query>();
  const visit = (current: Query): void => {
    if (visited.has(current)) return;
    visited.add(current);
    if (current.kind === 'metric') found.add(current);
    else for (const next of inputsOf(current, queries)) visit(next);
  };
  visit(query);
  return [...found];
}

function inputsOf(query: ExpressionQuery, queries: readonly Query[]): readonly Query[] {
  if (callsMetrics(query.expression)) return queries.filter(({ kind }) => kind === 'metric');
  const ids = referencesOf(query.expression);
  return queries.filter(({ id }) => ids.includes(id));
}

function callsMetrics(expression: Argument): boolean {
  switch (expression.kind) {
    case 'call':
      return expression.name === 'METRICS' || expression.args.some(callsMetrics);
    case 'array':
      return expression.items.some(callsMetrics);
    case 'negation':
      return callsMetrics(expression.operand);
    case 'binary':
      return callsMetrics(expression.left) || callsMetrics(expression.right);
    default:
      return false;
  }
}
