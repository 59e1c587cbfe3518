import { describe, expect, it } from 'vitest';
import { recentTraffic } from '../../../core/operation/measure.ts';
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
    { nowEpochMs: 10 * MINUTE, minutes: 1, from: 9, to: 10 },
    { nowEpochMs: 10 * MINUTE + 1, minutes: 2, from: 8, to: 10 },
    { nowEpochMs: 11 * MINUTE - 1, minutes: 2, from: 8, to: 10 },
  ])('at $nowEpochMs ms is that of $minutes whole minutes, $from to $to', async ({ nowEpochMs, minutes, from, to }) => {
    const { traffic, asked } = metrics();
    expect(await recentTraffic(traffic, { region: TOKYO, nowEpochMs, minutes })).toEqual(READING);
    expect(asked).toEqual([{ fromEpochMs: from * MINUTE, toEpochMs: to * MINUTE }]);
  });

  it.each([
    { since: 8 * MINUTE, from: 8 },
    { since: 8 * MINUTE + 1, from: 9 },
    { since: 9 * MINUTE, from: 9 },
    { since: MINUTE, from: 5 },
  ])('since $since ms holds only minutes that began after it: from minute $from', async ({ since, from }) => {
    const { traffic, asked } = metrics();
    const span = { region: TOKYO, nowEpochMs: 10 * MINUTE, minutes: 5, sinceEpochMs: since };
    await recentTraffic(traffic, span);
    expect(asked).toEqual([{ fromEpochMs: from * MINUTE, toEpochMs: 10 * MINUTE }]);
  });

  it('is not asked for, and not measured, before a whole minute has passed', async () => {
    const { traffic, asked } = metrics();
    const span = { region: TOKYO, nowEpochMs: 10 * MINUTE, minutes: 5, sinceEpochMs: 9 * MINUTE + 1 };
    expect(await recentTraffic(traffic, span)).toEqual({});
    expect(asked).toEqual([]);
  });

  it('is not measured where the Region does not answer', async () => {
    const { traffic } = metrics(() => Promise.reject(new Error('timeout')));
    expect(await recentTraffic(traffic, { region: TOKYO, nowEpochMs: 10 * MINUTE, minutes: 1 })).toEqual({});
  });
});
