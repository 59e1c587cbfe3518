import { findEvent, type OperationRecord } from './operation-record.ts';

/**
 * Up to when the target of a failover is known to hold every write of its source, epoch ms: what was written later may be
 * on one side alone. In planned work that is the fence, before which the lag was waited down; otherwise the lag that was
 * measured last, counted back from its measurement. `null` where nothing was measured.
 */
export function partedAt(record: Pick<OperationRecord, 'request' | 'events'>, fencedAtEpochMs: number): number | null {
  if (record.request.mode === 'planned') return fencedAtEpochMs;
  const { lagSeconds, lagMeasuredAtEpochMs } = findEvent(record, 'validate-target', 'done')?.detail ?? {};
  if (typeof lagSeconds !== 'number' || typeof lagMeasuredAtEpochMs !== 'number') return null;
  return Math.min(fencedAtEpochMs, Math.floor(lagMeasuredAtEpochMs - lagSeconds * 1000));
}
