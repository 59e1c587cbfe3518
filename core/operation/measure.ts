import type { TrafficMetrics, TrafficReading } from '../ports.ts';

const MINUTE_MS = 60_000;

/**
 * The newest full minutes of a Region's traffic. A Region whose metrics do not answer is not measured, which is neither
 * nothing nor well.
 */
export async function recentTraffic(
  traffic: TrafficMetrics,
  { region, nowEpochMs, minutes = 2 }: { region: string; nowEpochMs: number; minutes?: number },
): Promise<TrafficReading> {
  const toEpochMs = Math.floor(nowEpochMs / MINUTE_MS) * MINUTE_MS;
  try {
    return await traffic.read(region, { fromEpochMs: toEpochMs - minutes * MINUTE_MS, toEpochMs });
  } catch {
    return {};
  }
}

/** A Region's part of a sum of rates, percent; undefined where either is not measured or nothing flows. */
export function sharePercent(own: number | undefined, others: number | undefined): number | undefined {
  if (own === undefined || others === undefined || own + others === 0) return undefined;
  return (100 * own) / (own + others);
}
