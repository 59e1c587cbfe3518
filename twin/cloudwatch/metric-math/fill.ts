import { finite, type MathValue, type Series, series } from './value.ts';

/** What stands in for a missing value. */
export type Filler = 'REPEAT' | 'LINEAR' | Exclude<MathValue, { kind: 'array' }>;

/**
 * Fills the missing values of a series, or of each series of an array: with a number, with the values of another series,
 * with the most recent value before the gap (REPEAT), or along the line between the values around it (LINEAR). What has
 * no value before it, or for LINEAR none after it, stays missing.
 */
export function fillSeries(value: Exclude<MathValue, { kind: 'scalar' }>, filler: Filler): MathValue {
  if (value.kind === 'series') return series(fill(value.points, filler));
  return { kind: 'array', series: value.series.map((points) => fill(points, filler)) };
}

function fill(points: Series, filler: Filler): Series {
  if (filler === 'REPEAT') return repeat(points);
  if (filler === 'LINEAR') return interpolate(points);
  return points.map(
    (point, index) => point ?? (filler.kind === 'scalar' ? finite(filler.value) : filler.points[index]),
  );
}

function repeat(points: Series): Series {
  let latest: number | undefined;
  return points.map((point) => {
    latest = point ?? latest;
    return latest;
  });
}

function interpolate(points: Series): Series {
  return points.map((point, index) => {
    if (point !== undefined) return point;
    const before = points.findLastIndex((other, at) => at < index && other !== undefined);
    const after = points.findIndex((other, at) => at > index && other !== undefined);
    const start = points[before];
    const end = points[after];
    if (start === undefined || end === undefined) return undefined;
    return start + ((end - start) * (index - before)) / (after - before);
  });
}
