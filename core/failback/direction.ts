import type { OperationRecord } from '../operation/operation-record.ts';

/**
 * Whether a failback was on its way back when it was held, or when its execution ended: a rung was breached, or the data writer
 * was to be moved back, and nothing of a rung has come since. A step that failed before either may be gone on with.
 */
export function isRetreating({ kind, events }: Pick<OperationRecord, 'kind' | 'events'>): boolean {
  if (kind !== 'failback') return false;
  const last = events.findLast(
    ({ step, outcome }) => step === 'check-rung' || (step === 'retreat-failback' && outcome === 'requested'),
  );
  if (last?.step === 'retreat-failback') return true;
  // A rung that ended because the serving Region had failed was not breached.
  return last?.outcome === 'refused' && last.detail['currentRegionFailed'] !== true;
}
