/**
 * The functions of metric math. Source: User Guide, using-metric-math, "Functions supported for metric math".
 */
export const FUNCTION_NAMES = [
  'ABS',
  'AVG',
  'CEIL',
  'DATAPOINT_COUNT',
  'DIFF',
  'FILL',
  'FLOOR',
  'IF',
  'LOG',
  'LOG10',
  'MAX',
  'METRICS',
  'METRIC_COUNT',
  'MIN',
  'PERIOD',
  'RATE',
  'RUNNING_SUM',
  'SUM',
  'TIME_SERIES',
] as const;
/** The name of a function that the twin models. */
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** True for a function that the twin models. */
export function isFunctionName(name: string): name is FunctionName {
  return (FUNCTION_NAMES as readonly string[]).includes(name);
}

/** Functions that CloudWatch has and the twin lacks: refused by name, so that nobody mistakes them for a typing error. */
export const UNMODELLED_FUNCTIONS: ReadonlySet<string> = new Set([
  'ANOMALY_DETECTION_BAND',
  'DATE',
  'DAY',
  'DB_PERF_INSIGHTS',
  'DIFF_TIME',
  'EPOCH',
  'FIRST',
  'HOUR',
  'INSIGHT_RULE_METRIC',
  'LAMBDA',
  'LAST',
  'MINUTE',
  'MONTH',
  'REMOVE_EMPTY',
  'SEARCH',
  'SERVICE_QUOTA',
  'SLICE',
  'SORT',
  'STDDEV',
  'YEAR',
]);
