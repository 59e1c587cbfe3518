import type { OperationRecord } from '../../core/operation/operation-record.ts';

/** An operation by the true time, given how far the clock that it is dated by is ahead when it is seen, ms. */
export type InWorldTime = (record: OperationRecord, aheadMs: number) => OperationRecord;

/**
 * Reads records by the true time. A record is dated by the clock of the Region where its machine runs, which may be off
 * for a while; so each date is put right once, by how far the clock was ahead when the date was first seen.
 */
export function createInWorldTime(): InWorldTime {
  const seen = new Map<string, number>();
  return (record, aheadMs) => {
    const truly = (date: string, atEpochMs: number): number => {
      const key = `${record.operationId}/${date}`;
      const ahead = seen.get(key) ?? aheadMs;
      seen.set(key, ahead);
      return atEpochMs - ahead;
    };
    const { openedAtEpochMs, endedAtEpochMs, events } = record;
    return {
      ...record,
      openedAtEpochMs: truly('opened', openedAtEpochMs),
      endedAtEpochMs: endedAtEpochMs === null ? null : truly('ended', endedAtEpochMs),
      // Events are only ever added at the end of the log.
      events: events.map((event, index) => ({ ...event, atEpochMs: truly(`event ${index}`, event.atEpochMs) })),
    };
  };
}
