import { endMessage } from '../../core/notification/end-message.ts';
import { progressMessage } from '../../core/notification/messages.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import { createJournal } from '../../core/operation/journal.ts';
import { findEvent, type OperationRecord } from '../../core/operation/operation-record.ts';
import { REQUESTED_AUTOMATICALLY } from '../../core/operation/requested-automatically.ts';
import type { StepContext } from '../../core/ports.ts';
import type { ExecutionEndedEvent } from '../../state-machines/contracts.ts';
import { assertTold, tellPeople } from '../tell-people.ts';

type Context = StepContext<'coordination' | 'clock' | 'notifier'>;
type Ended = ExecutionEndedEvent['detail'];

/** What became of the event: `ended` where the operation had come to an end of its own before, and people were told. */
export type RecordedEnd = 'recorded' | 'recorded before' | 'ended' | 'nothing was opened';

/** Errors by which Step Functions itself gives an execution up; every other one comes from a Fail state. */
const OF_THE_SERVICE = /^States\./;

/**
 * Records the end of an execution that no Catch saw: it was stopped, it timed out, or Step Functions gave it up, and its
 * operation has not ended. Says so in the record and tells people how to go on. An event that comes twice is recorded
 * once; what can be done does not depend on one that never comes. A person whose operation was refused is told why.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function createRecordEnd(context: Context): (event: ExecutionEndedEvent) => Promise<RecordedEnd> {
  const { coordination } = context.ports;
  return async ({ detail: ended }) => {
    const state = await coordination.readState();
    const { operationId } = state;
    const record = await findOperation(context, [ended.name, operationId], ended);
    if (record === undefined) return 'nothing was opened';
    if (wasRefused(record)) return tellRefusal(context, record);
    if (record.endedAtEpochMs !== null && operationId !== record.operationId && wasTold(record, ended)) return 'ended';
    if (record.events.some(({ step, detail }) => step === 'record-end' && detail['stopDate'] === ended.stopDate))
      return 'recorded before';
    await keepAndTell(context, { record, ended, state });
    return 'recorded';
  };
}

/** It never held the application: nobody but the history of its execution says so. */
function wasRefused(record: OperationRecord): boolean {
  return findEvent(record, 'open-operation', 'refused') !== undefined;
}

/** Whoever asked for it is told who holds the application. Observers that were not the first are none of anybody's concern. */
async function tellRefusal(context: Context, record: OperationRecord): Promise<RecordedEnd> {
  const { config, ports, region } = context;
  if (record.request.requestedBy === REQUESTED_AUTOMATICALLY) return 'ended';
  if (findEvent(record, 'record-end', 'done') !== undefined) return 'recorded before';
  const cause = String(findEvent(record, 'open-operation', 'refused')?.detail['reason']);
  const nowEpochMs = ports.clock.nowEpochMs();
  const journal = createJournal({ ...ports, record, step: 'record-end' });
  const message = progressMessage({ config, region, record, nowEpochMs, event: 'aborted', cause });
  const { failed } = await tellPeople(context, journal, { message });
  assertTold(failed);
  await journal.add('done', { event: 'aborted' });
  return 'recorded';
}

/** A Fail state comes after the message, or where there is none to be sent. */
function wasTold({ events }: OperationRecord, ended: Ended): boolean {
  const told = events.some(({ step, outcome, detail }) => {
    return step === 'send-notification' && outcome === 'done' && detail['event'] !== 'started';
  });
  return told || !mayGoOn(ended);
}

/** A redrive would only come by the same Fail state again. */
function mayGoOn({ status, error }: Ended): boolean {
  return status !== 'FAILED' || OF_THE_SERVICE.test(error ?? '');
}

/** The operation that the execution led: named after it, or taken up by it. */
async function findOperation(
  { ports }: Context,
  operationIds: readonly (string | null)[],
  { executionArn }: Ended,
): Promise<OperationRecord | undefined> {
  for (const operationId of operationIds) {
    const record = operationId === null ? undefined : await ports.coordination.readOperation(operationId);
    if (record?.executionArn === executionArn) return record;
  }
  return undefined;
}

interface Finding {
  readonly record: OperationRecord;
  readonly ended: Ended;
  /** The application by now: which operation holds it, and how traffic and writer stand. */
  readonly state: ApplicationState;
}

/** An operation that another one has overtaken has nothing left that is its own; every other one needs somebody. */
async function keepAndTell(context: Context, { record, ended, state }: Finding): Promise<void> {
  const { config, ports, region } = context;
  const { operationId } = record;
  const holder = state.operationId;
  const hasEnded = record.endedAtEpochMs !== null;
  const overtakenBy = hasEnded || holder === operationId ? undefined : (holder ?? 'nobody');
  const mayRedrive = mayGoOn(ended);
  const journal = createJournal({ ...ports, record, step: 'record-end' });
  const standing = overtakenBy === undefined ? 'NEEDS_OPERATOR' : 'ABORTED';
  const endedAt = overtakenBy === undefined ? null : ports.clock.nowEpochMs();
  if (!hasEnded) await ports.coordination.setStatus(operationId, standing, endedAt);
  const { status, stopDate, error = null, cause = null } = ended;
  await journal.add('failed', {
    status,
    stopDate,
    error,
    cause,
    executionArn: ended.executionArn,
    ...(overtakenBy === undefined ? { mayRedrive } : { overtakenBy }),
  });
  const message = endMessage({
    config,
    region,
    record: { ...journal.record, status: hasEnded ? record.status : standing },
    nowEpochMs: ports.clock.nowEpochMs(),
    end: { status, error, mayRedrive, overtakenBy },
    state,
  });
  // The end is on record whatever becomes of the message.
  await tellPeople(context, journal, { message, about: { stopDate } });
}
