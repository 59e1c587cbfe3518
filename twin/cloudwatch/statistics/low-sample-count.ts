import type { Statistic } from './statistic.ts';

/**
 * Samples below which a percentile is not statistically significant; undefined where the rule does not apply:
 * 10 / (1 − percentile) from 0.5 up to but excluding 1, and 10 / percentile between 0 and 0.5. A p99 needs 1,000.
 *
 * Source: User Guide, "Percentile-based CloudWatch alarms and low data samples" (percentiles-with-low-samples).
 */
export function significantSampleCount(statistic: Statistic): number | undefined {
  if (statistic.kind !== 'percentile') return undefined;
  const { percent } = statistic;
  if (percent <= 0 || percent >= 100) return undefined;
  // 100 − 99.9 is not quite 0.1: without the rounding p99.9 would ask for a hair more than 10,000 samples.
  return Number((1000 / (percent >= 50 ? 100 - percent : percent)).toFixed(6));
}
