import type { LagReading } from '../move-ports.ts';

/** The metric of a replication comes once a minute; three missed ones are no measurement, seconds. */
export const LARGEST_LAG_AGE_SECONDS = 180;

/** How old a measurement is, whole seconds. */
export function ageOf({ measuredAtEpochMs }: LagReading, nowEpochMs: number): number {
  return Math.round((nowEpochMs - measuredAtEpochMs) / 1000);
}
