import { OperationError } from './errors.ts';
import { findStanding, hasUndone, type OperationEvent, type OperationRecord } from './operation-record.ts';
import type { Holder } from './transitions.ts';

type Log = Pick<OperationRecord, 'events'>;

/** Lines since the right to commit was last taken from somebody: what belongs to the move of the writer that followed. */
export function sinceFence({ events }: Log): readonly OperationEvent[] {
  return events.slice(events.findLastIndex(({ step, outcome }) => step === 'fence-source' && outcome === 'done') + 1);
}

/**
 * The request of the present move of the writer: accepted by the data tier, or needless where nothing is promoted.
 *
 * @param to only a move to that Region; lines of older versions name none where nothing is promoted
 */
export function requestedMove(record: Log, to?: string): OperationEvent | undefined {
  return sinceFence(record).findLast(
    ({ step, outcome, detail }) =>
      step === 'start-promotion' &&
      (outcome === 'requested' || outcome === 'skipped') &&
      (to === undefined || (detail['target'] ?? to) === to),
  );
}

/**
 * Until when an operation's own fence kept everybody from writing, epoch ms: now while it stands, else when the right was given
 * to somebody again. Undefined where the operation has fenced nobody.
 */
export function nobodyWroteUntil(record: Log, nowEpochMs: number): number | undefined {
  if (!record.events.some(({ step, outcome }) => step === 'fence-source' && outcome === 'done')) return undefined;
  return sinceFence(record).find(givesRight)?.atEpochMs ?? nowEpochMs;
}

function givesRight(event: OperationEvent): boolean {
  const { step, outcome, detail } = event;
  if (step === 'check-promotion') return outcome === 'done';
  if (step === 'start-promotion') return outcome === 'skipped';
  return hasUndone(event) && detail['what'] === 'fence';
}

/** The fence that stands and is that of the present epoch; lines of older versions name none. */
export function standingFence(record: Log, { epoch }: Pick<Holder, 'epoch'>): OperationEvent | undefined {
  const fence = findStanding(record, 'fence-source', 'fence');
  return (fence?.detail['writerEpoch'] ?? epoch) === epoch ? fence : undefined;
}

/**
 * The fence without which nothing is promoted and no answer changes, whatever a machine asks for.
 *
 * @throws {OperationError} `FenceMissingError` where it is not on record.
 */
export function assertFenced(record: Log, holder: Holder): OperationEvent {
  const fence = standingFence(record, holder);
  if (fence !== undefined) return fence;
  throw new OperationError(
    'FenceMissingError',
    `the record of ${holder.operationId} holds no fence under epoch ${holder.epoch}; nothing is promoted and no answer changes before the former writer is fenced`,
    { source: 'defect' },
  );
}
