import type { TrafficMetrics, TrafficReading } from '../ports.ts';
import { findEvent, type OperationRecord } from './operation-record.ts';

/** How far back a measurement of the replication lag is looked for: its age is told, and a Region may be gone for long. */
export const LAG_LOOKBACK_HOURS = 24;

/** Which minutes of a Region's traffic to look at. */
export interface RecentTraffic {
  readonly region: string;
  readonly nowEpochMs: number;
  /** Length of the periods that the application publishes in: `traffic.periodSeconds` of the config. */
  readonly periodSeconds: number;
  /** Full periods back from now. */
  readonly periods: number;
  /** Periods further back to look where those hold no data yet, since a publisher may be late. @default 0 */
  readonly latePeriods?: number;
  /** Only periods that began after this count, epoch ms. */
  readonly sinceEpochMs?: number;
}

/** Periods that a publisher may be late for its traffic to be judged all the same (assumed). */
export const LATE_PERIODS = 3;

/**
 * The newest full periods of a Region's traffic that are published: empty where the Region answered and has none, since
 * many applications publish nothing while nobody asks them anything; undefined where it did not answer, or where no
 * whole period has passed, which says neither nothing nor well.
 */
export async function recentTraffic(
  traffic: TrafficMetrics,
  { region, nowEpochMs, periodSeconds, periods, latePeriods = 0, sinceEpochMs = 0 }: RecentTraffic,
): Promise<TrafficReading | undefined> {
  const periodMs = periodSeconds * 1000;
  const newest = Math.floor(nowEpochMs / periodMs) * periodMs;
  const earliest = Math.ceil(sinceEpochMs / periodMs) * periodMs;
  let answered: TrafficReading | undefined;
  for (let late = 0; late <= latePeriods && answered?.requestsPerSecond === undefined; late++) {
    const toEpochMs = newest - late * periodMs;
    const fromEpochMs = Math.max(toEpochMs - periods * periodMs, earliest);
    if (fromEpochMs >= toEpochMs) break;
    answered = await traffic.read(region, { fromEpochMs, toEpochMs }).catch(() => undefined);
    if (answered === undefined) break;
  }
  return answered;
}

/** When an operation moved traffic by the switch, epoch ms: no minute from before says how it went. 0 where it did not. */
export function shiftedAtEpochMs(record: Pick<OperationRecord, 'events'>): number {
  return findEvent(record, 'shift-traffic', 'done')?.atEpochMs ?? 0;
}

/** A rate of the Region that traffic leaves: a Region that answered without data carries nothing, one that is silent may. */
export function rateLeft(
  reading: TrafficReading | undefined,
  rate: 'requestsPerSecond' | 'connectionsPerSecond',
): number | undefined {
  return reading !== undefined && (reading.requestsPerSecond ?? 0) === 0 ? 0 : reading?.[rate];
}

/**
 * Attempts that clients make per request of a user. All but the first of them repeat one; a Region that gets nothing but
 * repetitions gives infinity. Undefined where either is not measured or nobody asks.
 */
export function attemptsPerRequest({
  requestsPerSecond: all,
  retriesPerSecond: repeated,
}: TrafficReading = {}): number | undefined {
  return all === undefined || repeated === undefined || all === 0 ? undefined : all / (all - repeated);
}

/** A Region's part of a sum of rates, percent; undefined where either is not measured or nothing flows. */
export function sharePercent(own: number | undefined, others: number | undefined): number | undefined {
  if (own === undefined || others === undefined || own + others === 0) return undefined;
  return (100 * own) / (own + others);
}
