import { isRetreating } from '../../core/failback/direction.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import { createJournal } from '../../core/operation/journal.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import type { OperationRequest } from '../../core/operation/request.ts';
import type { StepContext } from '../../core/ports.ts';
import { isSameContent } from '../../core/same-content.ts';
import { type Entry, type OpenOperationInput, STEP_LIMITS } from '../../state-machines/contracts.ts';
import { refused } from './refused.ts';

type Context = StepContext<'coordination' | 'clock' | 'machines'>;

/** Steps that leave the application as it was, and may come before anything is changed. */
const CHANGING_NOTHING: ReadonlySet<string> = new Set([
  'open-operation',
  'send-notification',
  'validate-target',
  'reconcile-data',
  'prove-recovery',
  'check-parity',
  'request-approval',
  'record-end',
]);

/**
 * How long a function that changes something may work on after the execution that called it has ended: until its own
 * timeout. An execution that is stopped does not stop the function that it waits for (assumed: no page says that it does).
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html (stopDate)
 */
const OUTLIVES_MS =
  1000 *
  Math.max(
    ...Object.entries(STEP_LIMITS).map(([step, { timeoutSeconds }]) =>
      CHANGING_NOTHING.has(step) ? 0 : timeoutSeconds,
    ),
  );

/** An operation that was taken up, and where its new execution begins. */
export interface TakenUp {
  readonly record: OperationRecord;
  readonly entry: Entry;
  readonly abortReason: string;
}

/**
 * Lets an execution lead an operation whose own execution is gone: to go on with it, or to end it. From here on the former
 * one, redriven, changes nothing more. Run again it finds that it leads.
 *
 * @throws {OperationError} `OperationRefusedError` where there is no such operation, where it has ended or does not hold
 * the application, where the request is about something else, or where its execution, or a function of it, may still run.
 */
export async function takeUp(
  context: Context,
  { input, request, operationId }: { input: OpenOperationInput; request: OperationRequest; operationId: string },
): Promise<TakenUp> {
  const { coordination } = context.ports;
  const [record, state] = await Promise.all([coordination.readOperation(operationId), coordination.readState()]);
  const reason =
    record === undefined ? `there is no operation ${operationId}` : misfit(record, { input, request, state });
  if (record === undefined || reason !== undefined) throw refused(reason ?? '');
  if (record.executionArn !== input.executionArn) await lead(context, record, input);
  const entry = request.abort === undefined ? entryOf(record, state) : 'abort';
  const what = request.abort === undefined ? 'put back, as it was under way, on the word of' : 'ended by';
  const abortReason = entry === 'abort' ? `${what} ${request.requestedBy}: ${request.reason}` : '';
  await note(context, { record, input, detail: { takenUpFrom: record.executionArn, by: request.requestedBy, entry } });
  return { record, entry, abortReason };
}

/** Why the operation cannot be taken up by this execution; undefined where it can. */
function misfit(
  { operationId, kind, request, endedAtEpochMs, status }: OperationRecord,
  asked: { readonly input: OpenOperationInput; readonly request: OperationRequest; readonly state: ApplicationState },
): string | undefined {
  const { source, target } = asked.request;
  if (kind !== asked.input.kind || request.source !== source || request.target !== target)
    return `operation ${operationId} is a ${kind} from ${request.source} to ${request.target}; the input asks for a ${asked.input.kind} from ${source} to ${target}`;
  if (endedAtEpochMs !== null) return `operation ${operationId} has ended with ${status}`;
  if (asked.state.operationId === operationId) return undefined;
  return `operation ${operationId} does not hold ${asked.state.application}; ${asked.state.operationId ?? 'nobody'} does; start a new one`;
}

async function lead({ ports }: Context, record: OperationRecord, { executionArn }: OpenOperationInput): Promise<void> {
  const { operationId, executionArn: former } = record;
  const endedAt = await ports.machines.endedAt(former);
  if (endedAt === undefined) {
    throw refused(`${former} still runs and leads operation ${operationId}; stop it first, then start this again`);
  }
  const waitSeconds = Math.ceil((endedAt + OUTLIVES_MS - ports.clock.nowEpochMs()) / 1000);
  if (waitSeconds > 0) {
    throw refused(
      `${former} has just ended, and a function that it called may still work for operation ${operationId}; start this again in ${waitSeconds} s`,
    );
  }
  const leads = await ports.coordination.changeExecution(operationId, { from: former, to: executionArn });
  if (!leads) throw refused(`operation ${operationId} was taken up by another execution, or ended, at this moment`);
}

/**
 * Once anything may have been changed, no gate and no approval is asked for again: either could only stop half-way. A failback
 * that was putting traffic back goes on with that.
 */
function entryOf(record: OperationRecord, { writerEpoch, weights }: ApplicationState): Entry {
  if (isRetreating(record)) return 'abort';
  const { events, epoch, before } = record;
  const hasChanged =
    writerEpoch >= epoch ||
    !isSameContent(weights, before.weights) ||
    events.some(({ step }) => !CHANGING_NOTHING.has(step));
  return hasChanged ? 'resume' : 'start';
}

/** One line per execution. */
async function note(
  { ports }: Context,
  {
    record,
    input,
    detail,
  }: { record: OperationRecord; input: OpenOperationInput; detail: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { executionArn } = input;
  const noted = record.events.some(({ detail: found }) => found['executionArn'] === executionArn);
  const journal = createJournal({ ...ports, record, step: 'open-operation' });
  if (!noted) await journal.add('done', { executionArn, ...detail });
}
