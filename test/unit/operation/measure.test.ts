import { describe, expect, it } from 'vitest';
import { rateLeft, recentTraffic, shiftedAtEpochMs } from '../../../core/operation/measure.ts';
import type { TrafficMetrics, TrafficReading } from '../../../core/ports.ts';
import { TOKYO } from '../../_helpers/config.ts';

const MINUTE = 60_000;
const READING: TrafficReading = { requestsPerSecond: 5 };

interface Asked {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
}

function metrics(answer: () => Promise<TrafficReading> = () => Promise.resolve(READING)): {
  readonly traffic: TrafficMetrics;
  readonly asked: Asked[];
} {
  const asked: Asked[] = [];
  const read: TrafficMetrics['read'] = (_region, span) => {
    asked.push(span);
    return answer();
  };
  return { traffic: { read }, asked };
}

describe('recent traffic', () => {
  it.each([
    { nowEpochMs: 10 * MINUTE, periods: 1, from: 9, to: 10 },
    { nowEpochMs: 10 * MINUTE + 1, periods: 2, from: 8, to: 10 },
    { nowEpochMs: 11 * MINUTE - 1, periods: 2, from: 8, to: 10 },
  ])('at $nowEpochMs ms is that of $periods whole minutes, $from to $to', async ({ nowEpochMs, periods, from, to }) => {
    const { traffic, asked } = metrics();
    expect(await recentTraffic(traffic, { region: TOKYO, nowEpochMs, periodSeconds: 60, periods })).toEqual(READING);
    expect(asked).toEqual([{ fromEpochMs: from * MINUTE, toEpochMs: to * MINUTE }]);
  });

  it.each([
    { since: 8 * MINUTE, from: 8 },
    { since: 8 * MINUTE + 1, from: 9 },
    { since: 9 * MINUTE, from: 9 },
    { since: MINUTE, from: 5 },
  ])('since $since ms holds only minutes that began after it: from minute $from', async ({ since, from }) => {
    const { traffic, asked } = metrics();
    const span = { region: TOKYO, nowEpochMs: 10 * MINUTE, periodSeconds: 60, periods: 5, sinceEpochMs: since };
    await recentTraffic(traffic, span);
    expect(asked).toEqual([{ fromEpochMs: from * MINUTE, toEpochMs: 10 * MINUTE }]);
  });

  it('is that of whole periods where the application publishes in shorter ones', async () => {
    const { traffic, asked } = metrics();
    await recentTraffic(traffic, { region: TOKYO, nowEpochMs: MINUTE + 19_999, periodSeconds: 10, periods: 2 });
    expect(asked).toEqual([{ fromEpochMs: MINUTE - 10_000, toEpochMs: MINUTE + 10_000 }]);
  });

  it('is not asked for, and not measured, before a whole minute has passed', async () => {
    const { traffic, asked } = metrics();
    const span = {
      region: TOKYO,
      nowEpochMs: 10 * MINUTE,
      periodSeconds: 60,
      periods: 5,
      sinceEpochMs: 9 * MINUTE + 1,
    };
    expect(await recentTraffic(traffic, span)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('is not measured where the Region does not answer, which is not asked again', async () => {
    const { traffic, asked } = metrics(() => Promise.reject(new Error('timeout')));
    const span = { region: TOKYO, nowEpochMs: 10 * MINUTE, periodSeconds: 60, periods: 1, latePeriods: 3 };
    expect(await recentTraffic(traffic, span)).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it('is nothing measured where the Region answers and has no data', async () => {
    const { traffic, asked } = metrics(() => Promise.resolve({}));
    expect(
      await recentTraffic(traffic, { region: TOKYO, nowEpochMs: 10 * MINUTE, periodSeconds: 60, periods: 1 }),
    ).toEqual({});
    expect(asked).toHaveLength(1);
  });

  it.each([
    { latePeriods: 0, found: {} },
    { latePeriods: 1, found: {} },
    { latePeriods: 2, found: READING },
    { latePeriods: 3, found: READING },
  ])('that is published two minutes late is found looking $latePeriods min further back', async (given) => {
    const late = ({ toEpochMs }: Asked): TrafficReading => (toEpochMs <= 8 * MINUTE ? READING : {});
    const traffic: TrafficMetrics = { read: async (_region, span) => late(span) };
    const span = {
      region: TOKYO,
      nowEpochMs: 10 * MINUTE,
      periodSeconds: 60,
      periods: 1,
      latePeriods: given.latePeriods,
    };
    expect(await recentTraffic(traffic, span)).toEqual(given.found);
  });

  it('is looked for no further back than the moment from which it counts', async () => {
    const { traffic, asked } = metrics(() => Promise.resolve({}));
    const span = {
      region: TOKYO,
      nowEpochMs: 10 * MINUTE,
      periodSeconds: 60,
      periods: 1,
      latePeriods: 3,
      sinceEpochMs: 8 * MINUTE,
    };
    expect(await recentTraffic(traffic, span)).toEqual({});
    expect(asked).toHaveLength(2);
  });
});

describe('what is left on the Region that traffic leaves', () => {
  it.each([
    { reading: undefined, rate: undefined, of: 'does not answer' },
    { reading: {}, rate: 0, of: 'answers and has no data' },
    { reading: { requestsPerSecond: 0 }, rate: 0, of: 'carries nothing' },
    { reading: { requestsPerSecond: 9, connectionsPerSecond: 2 }, rate: 2, of: 'carries something' },
    { reading: { requestsPerSecond: 9 }, rate: undefined, of: 'does not publish connections' },
  ])('is $rate where it $of', ({ reading, rate }) => {
    expect(rateLeft(reading, 'connectionsPerSecond')).toBe(rate);
  });
});

describe('the moment from which traffic counts', () => {
  it('is that of the shift, and any where nothing was shifted', () => {
    const shifted = { atEpochMs: 7, step: 'shift-traffic', outcome: 'done', detail: {} } as const;
    expect(shiftedAtEpochMs({ events: [shifted] })).toBe(7);
    expect(shiftedAtEpochMs({ events: [] })).toBe(0);
  });
});
