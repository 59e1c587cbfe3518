import type { HealthView } from './health-view.ts';
import type { ZoneEntry, ZoneIndex } from './zone-index.ts';

/** Says whether a record set counts as healthy. */
export type IsEntryHealthy = (entry: ZoneEntry) => boolean;

/**
 * The health of record sets under one view of one zone version. A record set without a health check is healthy; an
 * alias that evaluates its target inherits the target's health, and a health check of its own must pass besides; a
 * target group is healthy if at least one member is. Results are kept, so ask a fresh one when either version changes.
 *
 * Sources: health-checks-how-route-53-chooses-records; dns-failover-complex-configs.
 */
export function createRecordHealth(zone: ZoneIndex, view: HealthView): IsEntryHealthy {
  const known = new Map<ZoneEntry, boolean>();
  const isHealthy: IsEntryHealthy = (entry) => {
    const before = known.get(entry);
    if (before !== undefined) return before;
    // A loop of aliases, which the API refuses, has no healthy end.
    known.set(entry, false);
    const healthy = passesOwnCheck(entry, view) && passesTarget(entry);
    known.set(entry, healthy);
    return healthy;
  };
  const passesTarget = (entry: ZoneEntry): boolean => {
    const { aliasTarget: target, targetInside, recordSet } = entry;
    if (target === undefined || recordSet.AliasTarget?.EvaluateTargetHealth !== true) return true;
    if (!targetInside) return view.isTargetHealthy(target);
    return zone.group(target, recordSet.Type)?.some(isHealthy) ?? false;
  };
  return isHealthy;
}

function passesOwnCheck({ recordSet }: ZoneEntry, view: HealthView): boolean {
  return recordSet.HealthCheckId === undefined || view.isHealthy(recordSet.HealthCheckId);
}
