import type { Clock, Coordination } from '../ports.ts';
import { isSameContent } from '../same-content.ts';
import type { ApplicationState } from './application-state.ts';
import { OperationError } from './errors.ts';
import { type EventOutcome, findEvent, type OperationEvent, type OperationRecord } from './operation-record.ts';
import { extendLease, type Holder, type Transition } from './transitions.ts';

/** Slack between the end of a lease and the moment its holder must have been heard of again, ms. */
const LEASE_SLACK_MS = 60_000;

/** Until when an operation that has just been heard of keeps the application. */
export function leaseUntil({ timeoutSeconds, longestWaitSeconds }: StepLimits, nowEpochMs: number): number {
  return nowEpochMs + (timeoutSeconds + longestWaitSeconds) * 1000 + LEASE_SLACK_MS;
}

/** The step that holds an operation for a person. */
const HOLD = 'hold-operation';

/** How long a step may take and how long the machine may wait before the next one. */
export interface StepLimits {
  readonly timeoutSeconds: number;
  readonly longestWaitSeconds: number;
}

/** The operation's event log, as one step sees and extends it. */
export interface Journal {
  readonly record: OperationRecord;
  /** Its epoch rises with a fence of the operation's own writer. */
  readonly holder: Holder;
  /** What this step has already recorded with that outcome: a step that runs again finds its own end here. */
  find(outcome: EventOutcome): OperationEvent | undefined;
  /** When this step first looked since a person last resumed the operation, epoch ms; put on record where it is now. */
  firstLook(detail: Readonly<Record<string, unknown>>): Promise<number>;
  /** How often this step has recorded that outcome since a person last resumed the operation. */
  count(outcome: EventOutcome): number;
  /** Adds a line. */
  add(outcome: EventOutcome, detail?: Readonly<Record<string, unknown>>): Promise<void>;
  /** The application's state. @throws {OperationError} `OperationLostError` where this operation no longer holds it. */
  readState(): Promise<ApplicationState>;
  /** Makes a transition of the holder's. @throws {OperationError} `OperationLostError` where it is the holder no more. */
  change(transition: Transition): Promise<ApplicationState>;
}

/** What opening a journal needs. */
export interface JournalRequest {
  readonly coordination: Coordination;
  readonly clock: Clock;
  /** Executions that a deployment of an older release began do not carry who leads them. */
  readonly operation: Holder & { readonly executionArn?: string | undefined };
  readonly step: string;
  readonly limits: StepLimits;
}

/**
 * Opens the log for a step and extends the operation's lease over the step and the wait that may follow it.
 *
 * @throws {OperationError} `OperationLostError` where another operation holds the application by now, or another execution
 * leads this one: then the one that asks must not change anything any more.
 */
export async function openJournal(request: JournalRequest): Promise<Journal> {
  const { coordination, clock, operation, step } = request;
  const state = await keepLease(request);
  const record = await coordination.readOperation(operation.operationId);
  if (state === undefined || record === undefined) throw operationLost(operation);
  const { executionArn = record.executionArn } = operation;
  if (record.executionArn !== executionArn) throw takenUp(operation, record);
  return createJournal({ record, step, coordination, clock, epoch: state.epoch });
}

/** Extends the lease under the epoch that the step was given, or the one that the operation itself has taken since then. */
async function keepLease(request: JournalRequest): Promise<ApplicationState | undefined> {
  const { coordination, clock, operation, limits } = request;
  const { operationId } = operation;
  const extend = (epoch: number): Promise<ApplicationState | undefined> =>
    coordination.transition(extendLease({ operationId, epoch }, leaseUntil(limits, clock.nowEpochMs())));
  const kept = await extend(operation.epoch);
  if (kept !== undefined) return kept;
  const now = await coordination.readState();
  return now.operationId === operationId && now.epoch > operation.epoch ? extend(now.epoch) : undefined;
}

/** A journal on a record already read, without touching the lease. */
export function createJournal({
  record,
  step,
  coordination,
  clock,
  epoch = record.epoch,
}: {
  record: OperationRecord;
  step: string;
  coordination: Coordination;
  clock: Clock;
  /** @default - the one that the operation was opened under */
  epoch?: number;
}): Journal {
  let events = record.events;
  let holder: Holder = { epoch, operationId: record.operationId };
  const sinceHeld = (outcome: EventOutcome): readonly OperationEvent[] =>
    events
      .slice(events.findLastIndex((event) => event.step === HOLD) + 1)
      .filter((event) => event.step === step && event.outcome === outcome);
  const add: Journal['add'] = async (outcome, detail = {}) => {
    const event: OperationEvent = { atEpochMs: clock.nowEpochMs(), step, outcome, detail };
    const added =
      (await coordination.appendEvent(record.operationId, events.length, event)) ||
      (await isWritten({ coordination, record }, events.length, event));
    if (!added) {
      throw new OperationError(
        'TransientPlatformError',
        `line ${events.length} of the log of ${record.operationId} is taken`,
        { retryable: true },
      );
    }
    events = [...events, event];
  };
  return {
    get holder() {
      return holder;
    },
    get record() {
      return { ...record, events };
    },
    find: (outcome) => findEvent({ events }, step, outcome),
    firstLook: async (detail) => {
      if (sinceHeld('waiting').length === 0) await add('waiting', detail);
      return sinceHeld('waiting')[0]?.atEpochMs ?? clock.nowEpochMs();
    },
    count: (outcome) => sinceHeld(outcome).length,
    add,
    readState: async () => {
      const state = await coordination.readState();
      if (state.epoch !== holder.epoch || state.operationId !== holder.operationId) throw operationLost(holder);
      return state;
    },
    change: async (transition) => {
      const state = await coordination.transition(transition);
      if (state === undefined) throw operationLost(holder);
      holder = { ...holder, epoch: state.epoch };
      return state;
    },
  };
}

/** Whether the line is there all the same: its answer may have been lost on the way, and the call been tried again. */
async function isWritten(
  { coordination, record }: { coordination: Coordination; record: OperationRecord },
  position: number,
  event: OperationEvent,
): Promise<boolean> {
  const found = (await coordination.readOperation(record.operationId))?.events[position];
  return isSameContent(found, event);
}

function operationLost({ operationId }: Holder): OperationError {
  return new OperationError('OperationLostError', `operation ${operationId} no longer holds the application`);
}

function takenUp({ operationId }: Holder, { executionArn }: OperationRecord): OperationError {
  return new OperationError('OperationLostError', `operation ${operationId} has been taken up by ${executionArn}`);
}
