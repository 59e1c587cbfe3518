import type { ResolvedConfig } from '../../core/config/types.ts';
import { formatProblem } from '../../core/errors.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import { OperationError } from '../../core/operation/errors.ts';
import { createJournal, leaseUntil } from '../../core/operation/journal.ts';
import { findEvent, type OperationRecord, type Snapshot } from '../../core/operation/operation-record.ts';
import { type OperationRequest, parseRequest } from '../../core/operation/request.ts';
import { type Opening, openOperation, type Refusal, type Transition } from '../../core/operation/transitions.ts';
import type { Coordination, StepContext } from '../../core/ports.ts';
import { type OpenedOperation, type OpenOperationInput, STEP_LIMITS } from '../../state-machines/contracts.ts';
import { refused } from './refused.ts';
import { type TakenUp, takeUp } from './take-up.ts';

type Context = StepContext<'coordination' | 'clock' | 'machines'>;

/**
 * Opens an operation: checks the input, takes the lease, raises the epoch, and keeps what an end put back would have to
 * restore. The execution's name is the operation's id, so a second try of the same execution finds its own operation; one
 * that is asked to goes on with, or ends, an operation whose execution is gone.
 *
 * @throws {OperationError} `InvalidInputError` naming every problem; `OperationRefusedError` naming the holder or what
 * does not fit.
 */
export function createOpenOperation(context: Context): (input: OpenOperationInput) => Promise<OpenedOperation> {
  const { config, ports } = context;
  return async (input) => {
    const request = readRequest(config, input.request);
    const operationId = request.resume ?? request.abort;
    if (operationId !== undefined) return opened(config, await takeUp(context, { input, request, operationId }), input);
    const state = await ports.coordination.readState();
    const record = await recordOf(context, { input, request, state });
    if (record.executionArn !== input.executionArn)
      throw refused(`${record.operationId} is the operation of ${record.executionArn}; start under another name`);
    if (record.endedAtEpochMs !== null)
      throw refused(`operation ${record.operationId} has ended with ${record.status}`);
    if (state.operationId !== record.operationId) await takeLease(context, { record, state });
    await noteOpening(context, record);
    return opened(config, { record, entry: 'start', abortReason: '' }, input);
  };
}

function readRequest(config: ResolvedConfig, input: unknown): OperationRequest {
  const parsed = parseRequest(config, input);
  if ('request' in parsed) return parsed.request;
  throw new OperationError(
    'InvalidInputError',
    `the input is refused:\n${parsed.problems.map(formatProblem).join('\n')}`,
    {
      source: 'operator',
      context: { problems: parsed.problems },
    },
  );
}

async function recordOf(
  { ports }: Context,
  { input, request, state }: { input: OpenOperationInput; request: OperationRequest; state: ApplicationState },
): Promise<OperationRecord> {
  const existing = await ports.coordination.readOperation(input.executionName);
  if (existing !== undefined) return existing;
  const record: OperationRecord = {
    operationId: input.executionName,
    application: state.application,
    kind: input.kind,
    epoch: state.epoch + 1,
    request,
    status: 'RUNNING',
    openedAtEpochMs: ports.clock.nowEpochMs(),
    endedAtEpochMs: null,
    executionArn: input.executionArn,
    before: await snapshot(ports.coordination, state),
    events: [],
  };
  await ports.coordination.createOperation(record);
  return record;
}

/**
 * What an end that puts everything back goes back to. An operation that died on the way has left the application between
 * two places: then it is what was there before that one, as far as it was not moved for good.
 */
async function snapshot(coordination: Coordination, state: ApplicationState): Promise<Snapshot> {
  const { phase, activeRegion, writerRegion, writerEpoch, weights, evacuated, heldOut } = state;
  const now = { phase, activeRegion, writerRegion, writerEpoch, weights, evacuated, heldOut };
  const died = state.operationId === null ? undefined : await coordination.readOperation(state.operationId);
  if (died === undefined) return now;
  return {
    ...now,
    phase: activeRegion === died.before.activeRegion ? died.before.phase : 'FAILED_OVER',
    writerRegion: writerRegion ?? died.before.writerRegion,
  };
}

/** A refused operation is kept with its reason: whoever asked is told who holds the application. */
async function takeLease(
  context: Context,
  { record, state }: { record: OperationRecord; state: ApplicationState },
): Promise<void> {
  const { coordination, clock } = context.ports;
  const journal = createJournal({ record, step: 'open-operation', coordination, clock });
  const opening: Opening = {
    kind: record.kind,
    request: record.request,
    operationId: record.operationId,
    leaseExpiresAtEpochMs: leaseUntil(STEP_LIMITS['open-operation'], clock.nowEpochMs()),
    nowEpochMs: clock.nowEpochMs(),
  };
  const outcome = state.epoch + 1 === record.epoch ? openOperation(state, opening) : overtaken(state);
  const refusal = isRefusal(outcome) ? outcome : await makeTransition(context, outcome, opening);
  if (refusal === undefined) return;
  await journal.add('refused', { code: refusal.code, reason: refusal.reason });
  await coordination.setStatus(record.operationId, 'ABORTED', clock.nowEpochMs());
  throw refused(refusal.reason);
}

/** Says that the operation was opened, and on which verdict; also for a run that took the lease and did not live to say so. */
async function noteOpening({ ports }: Context, record: OperationRecord): Promise<void> {
  if (findEvent(record, 'open-operation', 'done') !== undefined) return;
  const { decision } = await ports.coordination.readSituation();
  const journal = createJournal({ record, step: 'open-operation', ...ports });
  await journal.add('done', {
    ...(decision === undefined ? {} : { decision }),
    ...(skipsApproval(record.request) ? { skippedGates: ['approval'] } : {}),
  });
}

/** In an emergency nobody is asked, also where the input says so. */
function skipsApproval({ mode, approval }: OperationRequest): boolean {
  return mode === 'emergency' && approval === 'required';
}

/** Undefined where the lease was taken; whoever was faster is named. */
async function makeTransition(
  { ports }: Context,
  transition: Transition,
  opening: Opening,
): Promise<Refusal | undefined> {
  if ((await ports.coordination.transition(transition)) !== undefined) return undefined;
  const now = await ports.coordination.readState();
  if (now.operationId === opening.operationId) return undefined;
  const again = openOperation(now, opening);
  return isRefusal(again) ? again : overtaken(now);
}

function overtaken({ epoch }: ApplicationState): Refusal {
  return {
    code: 'stale-epoch',
    reason: `the application changed while the operation was opened; it is at epoch ${epoch}`,
  };
}

function isRefusal(outcome: Transition | Refusal): outcome is Refusal {
  return 'code' in outcome;
}

function opened(
  config: ResolvedConfig,
  { record, entry, abortReason }: TakenUp,
  { executionArn }: OpenOperationInput,
): OpenedOperation {
  const { operationId, epoch, kind, application, request } = record;
  return {
    operationId,
    epoch,
    kind,
    application,
    source: request.source,
    target: request.target,
    mode: request.mode,
    approval: skipsApproval(request) ? 'none' : request.approval,
    approvalTimeoutSeconds: config.failover.approvalMinutes * 60,
    shiftAfterPromotion: config.failover.shiftAfterPromotion,
    executionArn,
    entry,
    abortReason,
  };
}
