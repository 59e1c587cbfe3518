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

/** A sample set under construction. */
export interface SampleAccumulator extends SampleSet {
  /** Adds a value that occurred `weight` times; a weight of 0 adds nothing. */
  add(value: number, weight?: number): void;
  addStatisticSet(set: StatisticSet): void;
}

/** An empty set of samples. */
export function createSampleSet(): SampleAccumulator {
  const values: number[] = [];
  const weights: number[] = [];
  const samples = {
    count: 0,
    sum: 0,
    minimum: Number.POSITIVE_INFINITY,
    maximum: Number.NEGATIVE_INFINITY,
    values,
    weights,
    hasAllValues: true,
    add(value: number, weight = 1): void {
      if (weight <= 0) return;
      merge({ SampleCount: weight, Sum: value * weight, Minimum: value, Maximum: value });
      values.push(value);
      weights.push(weight);
    },
    addStatisticSet(set: StatisticSet): void {
      if (isOneRepeatedValue(set)) {
        samples.add(set.Minimum, set.SampleCount);
      } else {
        merge(set);
        samples.hasAllValues = false;
      }
    },
  };
  function merge(set: StatisticSet): void {
    samples.count += set.SampleCount;
    samples.sum += set.Sum;
    samples.minimum = Math.min(samples.minimum, set.Minimum);
    samples.maximum = Math.max(samples.maximum, set.Maximum);
  }
  return samples;
}

/** The two cases in which a statistic set still allows percentiles. Source: API reference, PutMetricData. */
function isOneRepeatedValue(set: StatisticSet): boolean {
  return set.Minimum === set.Maximum && set.Sum === set.Minimum * set.SampleCount;
}
