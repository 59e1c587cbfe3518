import * as z from 'zod';
import type { Expression } from '../metric-math/expression.ts';
import { DIMENSIONS, METRIC_NAME, NAMESPACE, UNIT } from '../metrics/metric-fields.ts';
import type { MetricIdentity } from '../metrics/metric-identity.ts';
import type { StandardUnit } from '../metrics/standard-unit.ts';
import type { Statistic } from '../statistics/statistic.ts';

/** One item of `Metrics` or `MetricDataQueries`, read and checked. Source: API reference, MetricDataQuery. */
export type Query = MetricQuery | ExpressionQuery;

interface QueryBase {
  readonly id: string;
  readonly label?: string;
  readonly returnData: boolean;
}

/** Retrieves a metric: `MetricStat`. */
export interface MetricQuery extends QueryBase {
  readonly kind: 'metric';
  readonly metric: MetricIdentity;
  readonly statistic: Statistic;
  /** The statistic as the user wrote it. */
  readonly stat: string;
  readonly periodSeconds: number;
  readonly unit?: StandardUnit;
  /** The account that holds the metric, where it was named. */
  readonly accountId?: string;
}

/** Computes a series from other queries: `Expression`. */
export interface ExpressionQuery extends QueryBase {
  readonly kind: 'expression';
  readonly expression: Expression;
  /** The expression as the user wrote it. */
  readonly text: string;
  /** `Period` of the query, where given. */
  readonly periodSeconds?: number;
}

/** The page that defines the shape. */
export const QUERY_PAGE = 'API reference, MetricDataQuery';

/** The structure of one query; what holds between its fields is checked in parse-queries.ts. */
export const QUERY_SCHEMA = z.strictObject({
  Id: z
    .string()
    .max(255)
    .regex(/^[a-z]\w*$/, 'must start with a lower-case letter and go on with letters, digits and underscores'),
  MetricStat: z
    .strictObject({
      Metric: z.strictObject({ Namespace: NAMESPACE, MetricName: METRIC_NAME, Dimensions: DIMENSIONS.optional() }),
      Period: z.int().min(1),
      Stat: z.string(),
      Unit: UNIT.optional(),
    })
    .optional(),
  Expression: z.string().min(1).max(2048).optional(),
  Label: z.string().optional(),
  ReturnData: z.boolean().optional(),
  Period: z.int().min(1).optional(),
  AccountId: z.string().min(1).max(255).optional(),
});

/** A query of the right structure. */
export type QueryInput = z.output<typeof QUERY_SCHEMA>;
