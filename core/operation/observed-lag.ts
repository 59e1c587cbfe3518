import type { ObserverReport } from '../health/report.ts';
import type { LagReading } from '../ports.ts';
import type { Copy } from './replication-metric.ts';

/**
 * The replication lag from a Region as the observer beside the copy last saw it. Where a lag is published in the Region
 * that writes, this is what is left of it once that Region is dark.
 */
export function observedLag(reports: readonly ObserverReport[], { source, target }: Copy): LagReading | undefined {
  const report = reports.find(({ observer, subject }) => observer === target && subject === source);
  const newest = report?.metrics['replication-lag-seconds']?.at(-1);
  return newest === undefined ? undefined : { seconds: newest.value, measuredAtEpochMs: newest.atEpochMs };
}
