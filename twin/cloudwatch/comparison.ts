/**
 * How a datapoint is compared with a static threshold, the datapoint being the first operand.
 *
 * Source: API reference, PutMetricAlarm, `ComparisonOperator`. The three operators of anomaly detection bands are not here:
 * unsupported-features.ts refuses them by name.
 */
export const COMPARISONS = {
  GreaterThanOrEqualToThreshold: {
    phrase: 'greater than or equal to',
    holds: (value, threshold) => value >= threshold,
  },
  GreaterThanThreshold: { phrase: 'greater than', holds: (value, threshold) => value > threshold },
  LessThanThreshold: { phrase: 'less than', holds: (value, threshold) => value < threshold },
  LessThanOrEqualToThreshold: { phrase: 'less than or equal to', holds: (value, threshold) => value <= threshold },
} as const satisfies Readonly<Record<string, Comparison>>;

interface Comparison {
  readonly phrase: string;
  readonly holds: (value: number, threshold: number) => boolean;
}

/** The name of an operator, as `ComparisonOperator` takes it. */
export type ComparisonOperator = keyof typeof COMPARISONS;

/** The names of the operators, in the order of the API model. */
export const COMPARISON_OPERATORS = Object.keys(COMPARISONS) as readonly ComparisonOperator[];
