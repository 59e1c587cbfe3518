import type { Weights } from '../routing/weights.ts';
import type { ApplicationState } from './application-state.ts';
import type { OperationKind, OperationRequest } from './request.ts';

/**
 * How an operation ended. `SUCCEEDED`; `ABORTED`: nothing is left changed; `FAILED`: something was changed and was
 * rolled back; `NEEDS_OPERATOR`: held, and left as it stands.
 */
export type EndStatus = 'SUCCEEDED' | 'ABORTED' | 'FAILED' | 'NEEDS_OPERATOR';
export type OperationStatus = 'RUNNING' | EndStatus;

/** One line of the event log. Lines are only ever added. */
export interface OperationEvent {
  readonly atEpochMs: number;
  /** The step that wrote it, by the name of its folder. */
  readonly step: string;
  readonly outcome: EventOutcome;
  /** Facts of the step; what a later step or a person needs. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** `requested` and `done` differ where AWS works on after the call. */
export type EventOutcome = 'requested' | 'done' | 'waiting' | 'skipped' | 'refused' | 'failed' | 'compensated';

/** The record of one operation: its input, what it found, and everything it did. */
export interface OperationRecord {
  readonly operationId: string;
  readonly application: string;
  readonly kind: OperationKind;
  readonly epoch: number;
  readonly request: OperationRequest;
  readonly status: OperationStatus;
  readonly openedAtEpochMs: number;
  readonly endedAtEpochMs: number | null;
  readonly executionArn: string;
  /** What an end put back has to restore; read from the coordination item, never from Route 53. */
  readonly before: Snapshot;
  readonly events: readonly OperationEvent[];
}

/** The application as it was when the operation was opened. */
export interface Snapshot {
  readonly phase: ApplicationState['phase'];
  readonly activeRegion: string;
  readonly writerRegion: string | null;
  readonly writerEpoch: number;
  readonly weights: Weights;
  readonly evacuated: readonly string[];
  readonly heldOut: readonly string[];
  readonly partedAtEpochMs?: ApplicationState['partedAtEpochMs'];
}

/** What a roll back or a retreat can take back. */
export type Compensated = 'switch' | 'records' | 'fence' | 'ttl';

/** What a compensation records that found nothing to take back. */
export const NOTHING_TO_DO = 'nothing to do';

/** Whether a line says that something was taken back. */
export function hasUndone({ outcome, detail }: OperationEvent): boolean {
  return outcome === 'compensated' && detail['did'] !== NOTHING_TO_DO;
}

/** The last `done` of a step, undefined where a later compensation has taken it back: then it has to be done again. */
export function findStanding(
  { events }: Pick<OperationRecord, 'events'>,
  step: string,
  what: Compensated,
): OperationEvent | undefined {
  const done = events.findLastIndex((event) => event.step === step && event.outcome === 'done');
  const undone = events.findLastIndex((event) => hasUndone(event) && event.detail['what'] === what);
  return done > undone ? events[done] : undefined;
}

/** The last event of a step with that outcome. */
export function findEvent(
  { events }: Pick<OperationRecord, 'events'>,
  step: string,
  outcome: EventOutcome,
): OperationEvent | undefined {
  return events.findLast((event) => event.step === step && event.outcome === outcome);
}

/** Rungs of a failback that were baked to their end in this climb, percent; a look that was tried twice counts once. */
export function bakedRungs(record: Pick<OperationRecord, 'events'>): readonly number[] {
  const baked = climbOf(record).filter(({ step, outcome }) => step === 'check-rung' && outcome === 'done');
  return [...new Set(baked.map(({ detail }) => Number(detail['percent'])))];
}

/** What `climb-ladder` records where traffic was put back and the ladder begins at its first rung again. */
export const CLIMBS_ANEW = 'climbsAnew';

/** Lines of a failback since the ladder was begun, or begun anew. */
export function climbOf({ events }: Pick<OperationRecord, 'events'>): readonly OperationEvent[] {
  return events.slice(events.findLastIndex(({ detail }) => detail[CLIMBS_ANEW] !== undefined) + 1);
}

/**
 * Rungs of this climb whose weight no longer stands, percent: a retreat that was held has taken it back, and what was
 * seen of them says nothing about the Region that is sent users again.
 */
export function lostRungs(record: Pick<OperationRecord, 'events'>, weightNow: number): readonly number[] {
  const begun = climbOf(record)
    .filter(({ step, detail }) => step === 'check-rung' && detail['percent'] !== undefined)
    .map(({ detail }) => Number(detail['percent']));
  return [...new Set(begun)].filter((percent) => percent > weightNow);
}
