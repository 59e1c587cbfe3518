/**
 * A series, the page's TS: one value per period, oldest first; undefined where the datapoint is missing. All series of
 * one evaluation have the same periods.
 */
export type Series = readonly (number | undefined)[];

/** What an expression gives, the page's S, TS and TS[]. */
export type MathValue =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'series'; readonly points: Series }
  | { readonly kind: 'array'; readonly series: readonly Series[] };

/** A value that is no number (a division by zero, the logarithm of nothing) is a dropped datapoint; −0 is 0. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value + 0 : undefined;
}

/** Applies a function to every datapoint there is. */
export function mapPoints(points: Series, apply: (value: number) => number): Series {
  return points.map((point) => (point === undefined ? undefined : finite(apply(point))));
}

/** The same for a value of any kind. */
export function mapValue(value: MathValue, apply: (value: number) => number): MathValue {
  switch (value.kind) {
    case 'scalar':
      return scalar(apply(value.value));
    case 'series':
      return series(mapPoints(value.points, apply));
    case 'array':
      return { kind: 'array', series: value.series.map((points) => mapPoints(points, apply)) };
  }
}

/** A number. */
export function scalar(value: number): MathValue {
  return { kind: 'scalar', value };
}

/** One series. */
export function series(points: Series): MathValue {
  return { kind: 'series', points };
}
