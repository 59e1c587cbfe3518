import { finite, type Series } from './value.ts';

/**
 * Each value less the value before it (gaps skipped); the first has none. With a period, per second: DIFF and RATE.
 */
export function difference(points: Series, periodSeconds?: number): Series {
  let previous: { readonly value: number; readonly index: number } | undefined;
  return points.map((value, index) => {
    if (value === undefined) return undefined;
    const before = previous;
    previous = { value, index };
    if (before === undefined) return undefined;
    const seconds = periodSeconds === undefined ? 1 : periodSeconds * (index - before.index);
    return finite((value - before.value) / seconds);
  });
}

/** The sum of all values so far; a gap stays a gap. */
export function runningSum(points: Series): Series {
  let total = 0;
  return points.map((value) => {
    if (value === undefined) return undefined;
    total += value;
    return finite(total);
  });
}
