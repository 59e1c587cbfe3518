import type { MeterReading } from './load/region-meter.ts';

/** How published metrics lie: numbers that cannot be, or true numbers under the time of an hour ago. */
export const METRICS_LIES = ['wrong', 'old'] as const;
/** One of these lies. */
export type MetricsLie = (typeof METRICS_LIES)[number];

const HOUR_MS = 3_600_000;

/** A period as it is published. */
export interface PublishedPeriod {
  readonly reading: MeterReading;
  /** Beginning of the period, epoch ms. */
  readonly atMs: number;
}

/** The period with the lie in it: more errors than requests and latencies below zero, or a beginning long ago. */
export function falsifiedPeriod(period: PublishedPeriod, lie: MetricsLie | undefined): PublishedPeriod {
  const { reading, atMs } = period;
  switch (lie) {
    case undefined:
      return period;
    case 'wrong':
      return {
        atMs,
        reading: {
          ...reading,
          errors: 2 * reading.requests,
          latencies: { milliseconds: [-1], counts: [reading.requests] },
        },
      };
    case 'old':
      return { reading, atMs: atMs - HOUR_MS };
  }
}
