import { checksOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { oncePer } from '../once-per.ts';
import { FRESH_INTERVALS } from './check-state.ts';

/** A number that a Region publishes about itself, and when it held. */
export interface Measurement {
  readonly value: number;
  /** Beginning of the span that it speaks of, epoch ms; `atEpochMs` where it speaks of a moment. */
  readonly fromEpochMs?: number;
  /** End of that span, epoch ms; not the moment it was read. */
  readonly atEpochMs: number;
}

/** Measurements of one metric, oldest first, no two of one moment. Each holds until the next, but no longer than it is fresh. */
export type MetricSeries = readonly Measurement[];

/** How far back a series is kept: more than any rule looks back. */
const KEPT_MS = 900_000;
/** Applications publish once a minute, so nobody can read more often. */
const LEAST_INTERVAL_MS = 60_000;

/** How long a measurement counts, ms: three intervals of the check that reads metrics most often. */
export const measurementLifeMs = oncePer((config: Pick<ResolvedConfig, 'checks'>): number => {
  const intervals = checksOf(config).flatMap(({ check }) => (check.kind === 'metric' ? [check.intervalSeconds] : []));
  const shortest = intervals.length === 0 ? 0 : Math.min(...intervals) * 1000;
  return FRESH_INTERVALS * Math.max(LEAST_INTERVAL_MS, shortest);
});

/** What was read of one metric; nothing where a report holds something else, as one of another release may. */
function seriesOf(found: unknown): MetricSeries {
  return Array.isArray(found) ? found : [];
}

/** What several observers have read of one source, each moment once. */
export function mergeSeries(all: readonly unknown[]): MetricSeries {
  const byMoment = new Map(all.flatMap(seriesOf).map((measurement) => [measurement.atEpochMs, measurement]));
  return [...byMoment.values()].toSorted((a, b) => a.atEpochMs - b.atEpochMs);
}

/** The series with one measurement more; one that is not newer than the newest changes nothing. */
export function withMeasurement(before: MetricSeries | undefined, measurement: Measurement): MetricSeries {
  const series = seriesOf(before);
  const newest = series.at(-1);
  if (newest !== undefined && measurement.atEpochMs <= newest.atEpochMs) return series;
  const oldest = measurement.atEpochMs - KEPT_MS;
  return [...series.filter(({ atEpochMs }) => atEpochMs > oldest), measurement];
}

/** The newest value while it is fresh; undefined otherwise: an old number is no number. */
export function freshValue(series: MetricSeries | undefined, lifeMs: number, nowEpochMs: number): number | undefined {
  const newest = series?.at(-1);
  return newest !== undefined && nowEpochMs - newest.atEpochMs <= lifeMs ? newest.value : undefined;
}

/**
 * Since when every measurement has been above a limit without a gap, epoch ms; undefined where the newest is not, or is not fresh, or
 * is the only one: one number says nothing of how long.
 */
export function aboveSince(
  series: MetricSeries | undefined,
  { limit, lifeMs, nowEpochMs }: { readonly limit: number; readonly lifeMs: number; readonly nowEpochMs: number },
): number | undefined {
  let since: number | undefined;
  let count = 0;
  let next = nowEpochMs;
  for (let index = (series?.length ?? 0) - 1; index >= 0; index--) {
    const measurement = series?.[index];
    if (measurement === undefined || measurement.value <= limit || next - measurement.atEpochMs > lifeMs) break;
    since = beginOf(measurement);
    next = since;
    count++;
  }
  return count < 2 ? undefined : since;
}

/** The average over the span up to now, each measurement counting for as long as it held; undefined where any of it is not known. */
export function averageOver(
  series: MetricSeries | undefined,
  { spanMs, lifeMs, nowEpochMs }: { readonly spanMs: number; readonly lifeMs: number; readonly nowEpochMs: number },
): number | undefined {
  const from = nowEpochMs - spanMs;
  let sum = 0;
  let until = nowEpochMs;
  for (let index = (series?.length ?? 0) - 1; index >= 0; index--) {
    const measurement = series?.[index];
    if (measurement === undefined || until - measurement.atEpochMs > lifeMs) return undefined;
    const begin = Math.max(from, beginOf(measurement));
    sum += measurement.value * (until - begin);
    until = begin;
    if (until <= from) return sum / spanMs;
  }
  return undefined;
}

function beginOf({ fromEpochMs, atEpochMs }: Measurement): number {
  return fromEpochMs ?? atEpochMs;
}
