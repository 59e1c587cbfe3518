import type { Problem } from '../../../core/errors.ts';
import { joinPath, pathBelow, schemaProblems } from '../../../core/schema-problems.ts';
import { parseExpression } from '../metric-math/parse-expression.ts';
import { parseStatistic, STATISTIC_FORMS, STATISTICS_PAGE } from '../statistics/statistic.ts';
import { checkExpressions } from './check-expressions.ts';
import {
  type ExpressionQuery,
  type MetricQuery,
  QUERY_PAGE,
  QUERY_SCHEMA,
  type Query,
  type QueryInput,
} from './metric-query.ts';

/** What differs between the operations that take queries. */
export interface QueryRules {
  /** Path of the list, for problems. */
  readonly path: string;
  /** Periods that are allowed, in seconds. */
  isPeriod(seconds: number): boolean;
  readonly allowedPeriods: string;
}

/**
 * Reads queries: each has either a metric or an expression, ids are unique, statistics and expressions are known,
 * references exist, nothing refers to itself, and every expression works on metrics of one period. All problems are
 * returned, and the queries that were in order.
 */
export function parseQueries(
  inputs: readonly unknown[],
  rules: QueryRules,
): { readonly queries: readonly Query[]; readonly problems: readonly Problem[] } {
  const read = inputs.map((input, index) => readQuery(input, joinPath(rules.path, [index]), rules));
  const problems = [...read.flatMap((result) => result.problems), ...duplicateIds(read, rules.path)];
  const queries = read.flatMap(({ query }) => (query === undefined ? [] : [query]));
  // An expression over a query that could not be read would only be blamed for the other's faults.
  if (problems.length === 0) problems.push(...checkExpressions(queries, rules.path));
  return { queries, problems };
}

interface ReadQuery {
  readonly query?: Query;
  readonly problems: readonly Problem[];
}

function readQuery(input: unknown, path: string, rules: QueryRules): ReadQuery {
  const structure = QUERY_SCHEMA.safeParse(input);
  if (!structure.success) return { problems: schemaProblems(structure.error, { input, path, source: QUERY_PAGE }) };
  const { MetricStat, Expression } = structure.data;
  if (MetricStat !== undefined && Expression === undefined) {
    const problems = [...periodProblems(structure.data, rules), ...statisticProblems(MetricStat)];
    return { ...metricQuery(structure.data, MetricStat), problems: problems.map((problem) => inQuery(problem, path)) };
  }
  if (MetricStat === undefined && Expression !== undefined) return expressionQuery(structure.data, Expression, path);
  return { problems: [{ path, message: 'must have either MetricStat or Expression, not both', source: QUERY_PAGE }] };
}

type MetricStat = NonNullable<QueryInput['MetricStat']>;

function inQuery(problem: Problem, path: string): Problem {
  return { source: QUERY_PAGE, ...problem, path: pathBelow(path, problem.path) };
}

function periodProblems({ Period, MetricStat }: QueryInput, rules: QueryRules): readonly Problem[] {
  const problems: Problem[] = [];
  if (Period !== undefined) {
    const message = 'belongs into MetricStat for a query that retrieves a metric';
    problems.push({ path: 'Period', message, value: Period });
  }
  if (MetricStat !== undefined && !rules.isPeriod(MetricStat.Period)) {
    const problem = { path: 'MetricStat.Period', message: 'is not an allowed period', value: MetricStat.Period };
    problems.push({ ...problem, allowed: rules.allowedPeriods, source: 'API reference, MetricStat' });
  }
  return problems;
}

function statisticProblems({ Stat }: MetricStat): readonly Problem[] {
  return parseStatistic(Stat) === undefined ? [unknownStatistic('MetricStat.Stat', Stat)] : [];
}

function metricQuery(input: QueryInput, { Metric, Period, Stat, Unit }: MetricStat): { readonly query?: MetricQuery } {
  const statistic = parseStatistic(Stat);
  if (statistic === undefined) return {};
  const query: MetricQuery = {
    kind: 'metric',
    ...commonFields(input),
    metric: { namespace: Metric.Namespace, name: Metric.MetricName, dimensions: Metric.Dimensions ?? [] },
    statistic,
    stat: Stat,
    periodSeconds: Period,
    ...(Unit === undefined ? {} : { unit: Unit }),
    ...(input.AccountId === undefined ? {} : { accountId: input.AccountId }),
  };
  return { query };
}

function expressionQuery(input: QueryInput, text: string, path: string): ReadQuery {
  const parsed = parseExpression(text);
  if ('refusal' in parsed) {
    const { position, message } = parsed.refusal;
    return {
      problems: [
        {
          path: joinPath(path, ['Expression']),
          message: `at position ${position}: ${message}`,
          value: text,
          source: 'User Guide, using-metric-math',
        },
      ],
    };
  }
  const query: ExpressionQuery = {
    kind: 'expression',
    ...commonFields(input),
    expression: parsed.expression,
    text,
    ...(input.Period === undefined ? {} : { periodSeconds: input.Period }),
  };
  return { query, problems: [] };
}

function commonFields({ Id, Label, ReturnData }: QueryInput) {
  // Left out, ReturnData is true. Source: API reference, MetricDataQuery.
  return { id: Id, returnData: ReturnData ?? true, ...(Label === undefined ? {} : { label: Label }) };
}

function duplicateIds(read: readonly ReadQuery[], path: string): readonly Problem[] {
  const ids = read.map(({ query }) => query?.id);
  return ids.flatMap((id, index) =>
    id === undefined || ids.indexOf(id) === index
      ? []
      : [{ path: joinPath(path, [index, 'Id']), message: 'is used twice', value: id, source: QUERY_PAGE }],
  );
}

/** A statistic that is none, or one that the twin does not model. */
export function unknownStatistic(path: string, stat: string): Problem {
  return { path, message: 'is not a known statistic', value: stat, allowed: STATISTIC_FORMS, source: STATISTICS_PAGE };
}
