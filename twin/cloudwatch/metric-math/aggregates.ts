import { finite, type MathValue, type Series, scalar, series } from './value.ts';

/** Folds the present values of `length` datapoints into one number; NaN (a dropped datapoint) where that is undefined. */
type Aggregate = (present: readonly number[], length: number) => number;

/**
 * The functions that make a number of a series, and a series of an array. AVG counts missing values as 0, which is why
 * the page recommends `SUM(m1) / DATAPOINT_COUNT(m1)` for sparse metrics.
 */
export const AGGREGATES = {
  AVG: (present, length) => sum(present) / length,
  DATAPOINT_COUNT: (present) => present.length,
  MAX: (present) => (present.length === 0 ? Number.NaN : Math.max(...present)),
  MIN: (present) => (present.length === 0 ? Number.NaN : Math.min(...present)),
  SUM: sum,
} as const satisfies Readonly<Record<string, Aggregate>>;

/** A series becomes a number over its datapoints, an array a series that has a datapoint wherever one of them has. */
export function aggregate(fold: Aggregate, value: Exclude<MathValue, { kind: 'scalar' }>, periods: number): MathValue {
  if (value.kind === 'series') return scalar(fold(presentIn(value.points), value.points.length));
  return series(
    Array.from({ length: periods }, (_, index) => {
      const present = presentIn(value.series.map((points) => points[index]));
      return present.length === 0 ? undefined : finite(fold(present, value.series.length));
    }),
  );
}

function presentIn(points: Series): readonly number[] {
  return points.filter((point) => point !== undefined);
}

function sum(present: readonly number[]): number {
  return present.reduce((total, value) => total + value, 0);
}
