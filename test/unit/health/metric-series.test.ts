import { describe, expect, it } from 'vitest';
import {
  aboveSince,
  averageOver,
  freshValue,
  type MetricSeries,
  measurementLifeMs,
  withMeasurement,
} from '../../../core/health/metric-series.ts';
import { testConfig } from '../../_helpers/config.ts';

const LIFE = 180_000;
const at = (atEpochMs: number, value: number) => ({ atEpochMs, value });

describe('the life of a measurement', () => {
  it('is three minutes, or three intervals of the check that reads metrics most often', () => {
    expect(measurementLifeMs(testConfig())).toBe(LIFE);
    const seldom = { 'error-rate': { intervalSeconds: 120 }, 'response-time': { intervalSeconds: 300 } };
    expect(measurementLifeMs(testConfig({ checks: seldom }))).toBe(360_000);
    const none = { 'error-rate': false, 'response-time': false } as const;
    expect(measurementLifeMs(testConfig({ checks: none }))).toBe(LIFE);
  });
});

describe('a series', () => {
  it('grows by what is newer and forgets what is old', () => {
    const series = withMeasurement(withMeasurement(undefined, at(1, 1)), at(2, 2));
    expect(series).toEqual([at(1, 1), at(2, 2)]);
    expect(withMeasurement(series, at(2, 5))).toBe(series);
    expect(withMeasurement(series, at(900_001, 3))).toEqual([at(2, 2), at(900_001, 3)]);
  });

  it.each([
    { nowEpochMs: 1_000, value: 7 },
    { nowEpochMs: 1_000 + LIFE, value: 7 },
    { nowEpochMs: 1_001 + LIFE, value: undefined },
  ])('says $value at $nowEpochMs', ({ nowEpochMs, value }) => {
    expect(freshValue([at(0, 5), at(1_000, 7)], LIFE, nowEpochMs)).toBe(value);
  });
});

describe('the time above a limit', () => {
  const since = (series: MetricSeries, nowEpochMs: number) =>
    aboveSince(series, { limit: 1, lifeMs: LIFE, nowEpochMs });

  it('begins with the first measurement of the unbroken run, at the beginning of what it measured', () => {
    expect(since([at(0, 2), at(60_000, 1), at(120_000, 2), at(180_000, 3)], 200_000)).toBe(120_000);
    expect(since([{ ...at(60_000, 2), fromEpochMs: 0 }, at(120_000, 2)], 120_000)).toBe(0);
  });

  it('is broken by a gap, and ends when the newest grows old', () => {
    expect(since([at(0, 2), at(LIFE, 2)], LIFE)).toBe(0);
    expect(since([at(0, 2), at(LIFE + 1, 2), at(LIFE + 2, 2)], LIFE + 2)).toBe(LIFE + 1);
    expect(since([at(0, 2), at(1, 2)], LIFE + 2)).toBeUndefined();
  });

  it('is not told by one number alone', () => {
    expect(since([at(0, 2)], 1)).toBeUndefined();
    expect(since([], 0)).toBeUndefined();
  });
});

describe('the average of a span', () => {
  const average = (series: MetricSeries, nowEpochMs: number) =>
    averageOver(series, { spanMs: 100_000, lifeMs: LIFE, nowEpochMs });

  it('weighs each measurement by how long it held', () => {
    expect(average([at(0, 10), at(75_000, 2)], 100_000)).toBe(8);
    expect(average([at(-50_000, 10), at(0, 4)], 100_000)).toBe(4);
    expect(
      average(
        [
          { ...at(60_000, 1), fromEpochMs: 0 },
          { ...at(120_000, 3), fromEpochMs: 60_000 },
        ],
        120_000,
      ),
    ).toBeCloseTo(2.2);
  });

  it('is not known where a part of the span is not', () => {
    expect(average([at(1, 10)], 100_000)).toBeUndefined();
    expect(average([at(0, 10)], LIFE + 1)).toBeUndefined();
    expect(average([], 0)).toBeUndefined();
  });
});
