import { RETENTION_MS, TIMESTAMP_LIMITS_MS } from './time-limits.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Periods of `GetMetricData` and `GetMetricStatistics`, in words. Source: API reference, MetricStat, `Period`. */
export const QUERY_PERIODS = '1, 5, 10, 20, 30 or a multiple of 60 seconds';

/** 1, 5, 10, 20, 30 or a multiple of 60. */
export function isQueryPeriod(seconds: number): boolean {
  return [1, 5, 10, 20, 30].includes(seconds) || seconds % 60 === 0;
}

/** The periods of a request in one metric's length. */
export interface PeriodGrid {
  readonly startMs: number;
  readonly periodMs: number;
  readonly periods: number;
  /** Exclusive. */
  readonly endMs: number;
}

/** A time range as it was asked for, the end excluded. */
export interface TimeRange {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Cuts a time range into periods from its start, which is rounded down first: to the period below a minute, else to a
 * whole minute, or to 5 minutes or an hour for a start more than 15 or 63 days back.
 *
 * Source: API reference, GetMetricData, `StartTime`.
 */
export function periodGrid(range: TimeRange, periodSeconds: number, nowMs: number): PeriodGrid {
  const periodMs = periodSeconds * SECOND_MS;
  const stepMs = roundingMs(nowMs - range.startMs, periodMs);
  const startMs = Math.floor(range.startMs / stepMs) * stepMs;
  return { startMs, periodMs, periods: Math.ceil((range.endMs - startMs) / periodMs), endMs: range.endMs };
}

/**
 * The same periods without those in which there cannot be data, older than what is kept or too far ahead: what is asked
 * for bounds neither time nor memory.
 */
export function withinRetention(grid: PeriodGrid, nowMs: number): PeriodGrid {
  const { startMs, periodMs } = grid;
  const oldestMs = nowMs - (periodMs < MINUTE_MS ? RETENTION_MS.seconds : RETENTION_MS.minutes);
  const skipped = Math.max(0, Math.floor((oldestMs - startMs) / periodMs));
  const firstMs = startMs + skipped * periodMs;
  const endMs = Math.min(grid.endMs, nowMs + TIMESTAMP_LIMITS_MS.future + SECOND_MS);
  return { startMs: firstMs, periodMs, periods: Math.max(0, Math.ceil((endMs - firstMs) / periodMs)), endMs };
}

function roundingMs(ageMs: number, periodMs: number): number {
  if (periodMs < MINUTE_MS) return periodMs;
  if (ageMs < 15 * DAY_MS) return MINUTE_MS;
  return ageMs < 63 * DAY_MS ? 5 * MINUTE_MS : 60 * MINUTE_MS;
}

/** When a period of the grid starts. */
export function periodStart(grid: PeriodGrid, index: number): Date {
  return new Date(grid.startMs + index * grid.periodMs);
}
