import type { Problem } from '../../../core/errors.ts';
import { joinPath } from '../../../core/schema-problems.ts';
import { referencesOf } from '../metric-math/evaluate-expression.ts';
import { orRefusal } from '../positioned-problem.ts';
import { createQueryEvaluator } from './evaluate-queries.ts';
import type { ExpressionQuery, Query } from './metric-query.ts';
import { metricsBehind } from './query-periods.ts';

const MATH_PAGE = 'User Guide, using-metric-math';

/**
 * What can be wrong with an expression once it could be read: a circle of references, metrics of different periods, an
 * unknown id, arguments that a function does not take, a result that is not one series. The last three come from trying
 * it out on one period of data, so that the rules stand in one place only.
 */
export function checkExpressions(queries: readonly Query[], listPath: string): readonly Problem[] {
  // Nothing can be tried out while a circle stands anywhere.
  const circles = problemsOf(queries, listPath, circle);
  return circles.length > 0
    ? circles
    : problemsOf(queries, listPath, (query, all) => periodClash(query, all) ?? trialFailure(query, all));
}

/** The message about an expression, or undefined where it is in order. */
type Check = (query: ExpressionQuery, queries: readonly Query[]) => string | undefined;

function problemsOf(queries: readonly Query[], listPath: string, check: Check): readonly Problem[] {
  return queries.flatMap((query, index) => {
    if (query.kind === 'metric') return [];
    const message = check(query, queries);
    const path = joinPath(listPath, [index, 'Expression']);
    return message === undefined ? [] : [{ path, message, value: query.text, source: MATH_PAGE }];
  });
}

function circle(query: ExpressionQuery, queries: readonly Query[]): string | undefined {
  const visited = new Set<string>();
  const reaches = (id: string): boolean => {
    if (id === query.id) return true;
    if (visited.has(id)) return false;
    visited.add(id);
    const next = queries.find((other) => other.id === id);
    return next?.kind === 'expression' && referencesOf(next.expression).some(reaches);
  };
  return referencesOf(query.expression).some(reaches) ? 'refers to itself' : undefined;
}

function periodClash(query: ExpressionQuery, queries: readonly Query[]): string | undefined {
  const periods = new Set(metricsBehind(query, queries).map((metric) => metric.periodSeconds));
  if (periods.size > 1) return `mixes metrics with the periods ${[...periods].join(' and ')} s; give them one period`;
  if (query.periodSeconds === undefined || periods.size === 0 || periods.has(query.periodSeconds)) return undefined;
  return `has the Period ${query.periodSeconds} s, its metrics have ${[...periods].join()} s; leave it out`;
}

function trialFailure(query: ExpressionQuery, queries: readonly Query[]): string | undefined {
  const evaluator = createQueryEvaluator(queries, { periodCount: () => 1, read: () => [1] });
  const trial = orRefusal(() => evaluator.resolve(query.id));
  if ('refusal' in trial) return `at position ${trial.refusal.position}: ${trial.refusal.message}`;
  // The periods come after the trial: an expression over an unknown id has no metric either.
  if (metricsBehind(query, queries).length === 0) return 'refers to no metric';
  if (!query.returnData || trial.value?.kind === 'series') return undefined;
  return trial.value?.kind === 'array'
    ? 'gives several time series where one is needed; reduce them, for example with SUM or MAX'
    : 'gives a number where a time series is needed; use it within a larger expression, or TIME_SERIES';
}
