/**
 * Aggregated samples of one storage bucket: what CloudWatch keeps of the values published within it.
 */
export interface SampleSet {
  /** SampleCount: the number of values, counting repetitions. */
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  /** The raw values, unordered, as far as they are known; `weights[i]` says how often `values[i]` occurred. */
  readonly values: readonly number[];
  readonly weights: readonly number[];
  /** False once a statistic set hid its raw values: no percentile or trimmed statistic then. */
  readonly hasAllValues: boolean;
}

/** A pre-aggregated datum, as `PutMetricData` takes it in `StatisticValues`. */
export interface StatisticSet {
  readonly SampleCount: number;
  readonly Sum: number;
  readonly Minimum: number;
  readonly Maximum: number;
}

/** A sample set under construction: a plain record, since a store holds hundreds of thousands of them. */
export interface MutableSampleSet {
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  readonly values: number[];
  readonly weights: number[];
  hasAllValues: boolean;
}

/** A set without samples. */
export function createSampleSet(): MutableSampleSet {
  return {
    count: 0,
    sum: 0,
    minimum: Number.POSITIVE_INFINITY,
    maximum: Number.NEGATIVE_INFINITY,
    values: [],
    weights: [],
    hasAllValues: true,
  };
}

/** Adds a value that occurred `weight` times; a weight of 0 adds nothing. */
export function addValue(samples: MutableSampleSet, value: number, weight = 1): void {
  if (weight <= 0) return;
  addTotals(samples, { SampleCount: weight, Sum: value * weight, Minimum: value, Maximum: value });
  samples.values.push(value);
  samples.weights.push(weight);
}

/** Adds samples of which only the totals are known, unless they can only be one repeated value. */
export function addStatisticSet(samples: MutableSampleSet, set: StatisticSet): void {
  if (isOneRepeatedValue(set)) {
    addValue(samples, set.Minimum, set.SampleCount);
  } else {
    addTotals(samples, set);
    samples.hasAllValues = false;
  }
}

function addTotals(samples: MutableSampleSet, set: StatisticSet): void {
  samples.count += set.SampleCount;
  samples.sum += set.Sum;
  samples.minimum = Math.min(samples.minimum, set.Minimum);
  samples.maximum = Math.max(samples.maximum, set.Maximum);
}

/** The two cases in which a statistic set still allows percentiles. Source: API reference, PutMetricData. */
function isOneRepeatedValue(set: StatisticSet): boolean {
  return set.Minimum === set.Maximum && set.Sum === set.Minimum * set.SampleCount;
}
