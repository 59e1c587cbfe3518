import { orderedSamples, percentile, percentileRank, trimmedStatistic } from './distribution.ts';
import type { SampleSet } from './sample-set.ts';
import type { SimpleStatistic, Statistic } from './statistic.ts';

/**
 * The statistic over all samples of one period, given as the storage buckets that fall into it; undefined where the
 * period has no sample, or the statistic needs raw values that are not there.
 *
 * The extended statistics are not available when a statistic set hid its raw values or when a value is negative.
 * Source: User Guide, Statistics-definitions, "Requirements to use percentiles, trimmed mean, and some other statistics".
 */
export function computeStatistic(statistic: Statistic, buckets: readonly SampleSet[]): number | undefined {
  const filled = buckets.filter((bucket) => bucket.count > 0);
  if (filled.length === 0) return undefined;
  if (statistic.kind === 'simple') return SIMPLE[statistic.name](filled);
  if (filled.some((bucket) => !bucket.hasAllValues || bucket.minimum < 0)) return undefined;

  const samples = orderedSamples(filled);
  switch (statistic.kind) {
    case 'percentile':
      return percentile(samples, statistic.percent);
    case 'percentile-rank':
      return percentileRank(samples, statistic.bounds);
    case 'trimmed':
      return trimmedStatistic(samples, statistic.measure, statistic.bounds);
  }
}

/** SampleCount over all buckets of a period. */
export function sampleCount(buckets: readonly SampleSet[]): number {
  return total(buckets, (bucket) => bucket.count);
}

const SIMPLE: Readonly<Record<SimpleStatistic, (buckets: readonly SampleSet[]) => number>> = {
  SampleCount: sampleCount,
  Sum: (buckets) => total(buckets, (bucket) => bucket.sum),
  Average: (buckets) => total(buckets, (bucket) => bucket.sum) / sampleCount(buckets),
  Minimum: (buckets) => buckets.reduce((least, bucket) => Math.min(least, bucket.minimum), Number.POSITIVE_INFINITY),
  Maximum: (buckets) => buckets.reduce((most, bucket) => Math.max(most, bucket.maximum), Number.NEGATIVE_INFINITY),
};

function total(buckets: readonly SampleSet[], part: (bucket: SampleSet) => number): number {
  return buckets.reduce((sum, bucket) => sum + part(bucket), 0);
}
