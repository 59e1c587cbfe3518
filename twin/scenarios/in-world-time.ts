import type { OperationRecord } from '../../core/operation/operation-record.ts';

/** An operation by the true time. Its record is dated by the clock of the Region where its machine runs, which may be off. */
export function inWorldTime(record: OperationRecord, aheadMs: number): OperationRecord {
  if (aheadMs === 0) return record;
  const { openedAtEpochMs, endedAtEpochMs, events } = record;
  return {
    ...record,
    openedAtEpochMs: openedAtEpochMs - aheadMs,
    endedAtEpochMs: endedAtEpochMs === null ? null : endedAtEpochMs - aheadMs,
    events: events.map((event) => ({ ...event, atEpochMs: event.atEpochMs - aheadMs })),
  };
}
