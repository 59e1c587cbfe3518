import type { TrafficMetrics, TrafficReading } from '../ports.ts';

const MINUTE_MS = 60_000;

/** Which minutes of a Region's traffic to look at. */
export interface RecentTraffic {
  readonly region: string;
  readonly nowEpochMs: number;
  /** Full minutes back from now; the newest may not be published yet. */
  readonly minutes: number;
  /** Only minutes that began after this count, epoch ms. */
  readonly sinceEpochMs?: number;
}

/**
 * The newest full minutes of a Region's traffic. A Region whose metrics do not answer is not measured, which is neither
 * nothing nor well.
 */
export async function recentTraffic(
  traffic: TrafficMetrics,
  { region, nowEpochMs, minutes, sinceEpochMs = 0 }: RecentTraffic,
): Promise<TrafficReading> {
  const toEpochMs = Math.floor(nowEpochMs / MINUTE_MS) * MINUTE_MS;
  const fromEpochMs = Math.max(toEpochMs - minutes * MINUTE_MS, Math.ceil(sinceEpochMs / MINUTE_MS) * MINUTE_MS);
  if (fromEpochMs >= toEpochMs) return {};
  try {
    return await traffic.read(region, { fromEpochMs, toEpochMs });
  } catch {
    return {};
  }
}

/** A Region's part of a sum of rates, percent; undefined where either is not measured or nothing flows. */
export function sharePercent(own: number | undefined, others: number | undefined): number | undefined {
  if (own === undefined || others === undefined || own + others === 0) return undefined;
  return (100 * own) / (own + others);
}
