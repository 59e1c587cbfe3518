import type { SampleSet } from './sample-set.ts';
import type { Bounds, TrimmedMeasure } from './statistic.ts';

/**
 * Percentiles and trimmed statistics over exact samples. Source: User Guide, page Statistics-definitions. The page defines
 * them in words and leaves the rounding at a boundary between two samples open; here a boundary never removes more than
 * the share asked for, so that p99 is, in the page's words, the maximum of what is left when the top 1 % is ignored.
 */

/** A value and how often it occurred. */
interface Sample {
  readonly value: number;
  readonly weight: number;
}

/** Samples in ascending order; their weights add up to `weight`. */
export interface OrderedSamples {
  readonly samples: readonly Sample[];
  readonly weight: number;
}

/** Absorbs the rounding of a percentage of a weight: 99.9 % of 1,000 is 999 samples, not 999.0000000000001. */
const TOLERANCE = 1e-9;

/** All samples of the buckets, in order. */
export function orderedSamples(buckets: readonly SampleSet[]): OrderedSamples {
  const samples = buckets.flatMap((bucket) =>
    bucket.values.map((value, index): Sample => ({ value, weight: bucket.weights[index] ?? 0 })),
  );
  samples.sort((a, b) => a.value - b.value);
  return { samples, weight: samples.reduce((sum, sample) => sum + sample.weight, 0) };
}

/** The largest value left after the samples above the percentile are set aside; undefined without samples. */
export function percentile(ordered: OrderedSamples, percent: number): number | undefined {
  return percent === 0
    ? ordered.samples.at(0)?.value
    : within(ordered, { unit: 'percent', upper: percent }).samples.at(-1)?.value;
}

/** The percentage (0 to 100) of samples above the lower boundary and up to the upper one. */
export function percentileRank(ordered: OrderedSamples, bounds: Bounds): number {
  return (100 * within(ordered, bounds).weight) / ordered.weight;
}

/** A measure of the samples within the boundaries; a mean of none is undefined. */
export function trimmedStatistic(ordered: OrderedSamples, measure: TrimmedMeasure, bounds: Bounds): number | undefined {
  const kept = within(ordered, bounds);
  switch (measure) {
    case 'count':
      return kept.weight;
    case 'sum':
      return sumOf(kept);
    case 'mean':
      return kept.weight === 0 ? undefined : sumOf(kept) / kept.weight;
    case 'winsorized-mean':
      return winsorizedMean(ordered, kept, bounds);
  }
}

/** Samples outside count as the value at the boundary: the boundary itself, or the outermost sample within. */
function winsorizedMean(ordered: OrderedSamples, kept: OrderedSamples, bounds: Bounds): number | undefined {
  const lowest = bounds.unit === 'value' ? bounds.lower : kept.samples.at(0)?.value;
  const highest = bounds.unit === 'value' ? bounds.upper : kept.samples.at(-1)?.value;
  if (bounds.unit === 'percent' && kept.weight === 0) return undefined;
  const samples = ordered.samples.map(({ value, weight }) => ({
    value: Math.max(Math.min(value, highest ?? value), lowest ?? value),
    weight,
  }));
  return sumOf({ samples, weight: ordered.weight }) / ordered.weight;
}

function within(ordered: OrderedSamples, bounds: Bounds): OrderedSamples {
  return bounds.unit === 'value' ? withinValues(ordered, bounds) : withinPercentages(ordered, bounds);
}

/** Includes values equal to the upper boundary, not those equal to the lower one (the page's note). */
function withinValues(ordered: OrderedSamples, { lower, upper }: Bounds): OrderedSamples {
  const samples = ordered.samples.filter(
    ({ value }) => value > (lower ?? Number.NEGATIVE_INFINITY) && value <= (upper ?? Number.POSITIVE_INFINITY),
  );
  return { samples, weight: samples.reduce((sum, sample) => sum + sample.weight, 0) };
}

/** Cuts whole samples off either end: at most the share below the lower and the share above the upper boundary. */
function withinPercentages(ordered: OrderedSamples, { lower, upper }: Bounds): OrderedSamples {
  const first = wholeSamples(ordered.weight, lower ?? 0);
  const last = ordered.weight - wholeSamples(ordered.weight, 100 - (upper ?? 100));
  const samples: Sample[] = [];
  let below = 0;
  for (const { value, weight } of ordered.samples) {
    const kept = Math.min(below + weight, last) - Math.max(below, first);
    if (kept > 0) samples.push({ value, weight: kept });
    below += weight;
  }
  return { samples, weight: Math.max(0, last - first) };
}

function wholeSamples(weight: number, percent: number): number {
  return Math.floor((weight * percent) / 100 + TOLERANCE);
}

function sumOf(ordered: OrderedSamples): number {
  return ordered.samples.reduce((sum, { value, weight }) => sum + value * weight, 0);
}
