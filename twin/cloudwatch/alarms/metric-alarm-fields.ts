import * as z from 'zod';
import { COMPARISON_OPERATORS } from '../comparison.ts';
import { DIMENSIONS, METRIC_NAME, NAMESPACE, UNIT } from '../metrics/metric-fields.ts';
import { MISSING_DATA_TREATMENTS } from '../missing-data.ts';
import type { Fields } from '../parse-fields.ts';
import { SIMPLE_STATISTICS } from '../statistics/statistic.ts';
import { COMMON_ALARM_FIELDS } from './alarm-fields.ts';

/** The fields of `PutMetricAlarm` that the twin models; which of them an alarm needs, metric-alarm-rules.ts says. */
export const METRIC_ALARM_FIELDS = {
  ...COMMON_ALARM_FIELDS,
  MetricName: METRIC_NAME.optional(),
  Namespace: NAMESPACE.optional(),
  Statistic: z.enum(SIMPLE_STATISTICS).optional(),
  ExtendedStatistic: z.string().optional(),
  Dimensions: DIMENSIONS.optional(),
  Period: z.int().min(1).optional(),
  Unit: UNIT.optional(),
  EvaluationPeriods: z.int().min(1).optional(),
  DatapointsToAlarm: z.int().min(1).optional(),
  Threshold: z.number().optional(),
  ComparisonOperator: z.enum(COMPARISON_OPERATORS).optional(),
  TreatMissingData: z.enum(MISSING_DATA_TREATMENTS).optional(),
  EvaluateLowSampleCountPercentile: z.enum(['evaluate', 'ignore']).optional(),
  /** Each item is read by parse-queries.ts. */
  Metrics: z.array(z.unknown()).optional(),
} as const;

/** The fields of an alarm that are in order by themselves. */
export type MetricAlarmFields = Fields<typeof METRIC_ALARM_FIELDS>;
