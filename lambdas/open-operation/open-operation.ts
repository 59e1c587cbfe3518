import type { ResolvedConfig } from '../../core/config/types.ts';
import { formatProblem } from '../../core/errors.ts';
import { OperationError } from '../../core/operation/errors.ts';
import { settleLostFailback } from '../../core/operation/hand-over.ts';
import { createJournal } from '../../core/operation/journal.ts';
import { findEvent, type OperationRecord } from '../../core/operation/operation-record.ts';
import { type OperationRequest, parseRequest } from '../../core/operation/request.ts';
import type { StepContext } from '../../core/ports.ts';
import { type OpenedOperation, type OpenOperationInput, STEP_LIMITS } from '../../state-machines/contracts.ts';
import { takeOperation } from '../take-operation.ts';
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
    const limits = STEP_LIMITS['open-operation'];
    const record = await takeOperation(ports, {
      ...{ ...input, request, step: 'open-operation', limits },
      settle: (state, died) => settleLostFailback(config, state, died),
    });
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
