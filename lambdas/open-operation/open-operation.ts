import type { ResolvedConfig } from '../../core/config/types.ts';
import { formatProblem } from '../../core/errors.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import { type OperationRequest, parseRequest } from '../../core/operation/request.ts';
import type { StepContext } from '../../core/ports.ts';
import { type OpenedOperation, type OpenOperationInput, STEP_LIMITS } from '../../state-machines/contracts.ts';
import { takeOperation } from '../take-operation.ts';

type Context = StepContext<'coordination' | 'clock'>;

/**
 * Opens an operation: checks the input, takes the lease, raises the epoch, and keeps what an end put back would have to
 * restore. The execution's name is the operation's id, so a second try of the same execution finds its own operation.
 *
 * @throws {OperationError} `InvalidInputError` naming every problem; `OperationRefusedError` naming the holder or what
 * does not fit.
 */
export function createOpenOperation(context: Context): (input: OpenOperationInput) => Promise<OpenedOperation> {
  const { config, ports } = context;
  return async (input) => {
    const request = readRequest(config, input.request);
    const limits = STEP_LIMITS['open-operation'];
    return opened(config, await takeOperation(ports, { ...input, request, step: 'open-operation', limits }));
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

function opened(config: ResolvedConfig, record: OperationRecord): OpenedOperation {
  const { operationId, epoch, kind, application, request } = record;
  return {
    operationId,
    epoch,
    kind,
    application,
    source: request.source,
    target: request.target,
    mode: request.mode,
    approval: request.mode === 'emergency' ? 'none' : request.approval,
    approvalTimeoutSeconds: config.failover.approvalMinutes * 60,
    shiftAfterPromotion: config.failover.shiftAfterPromotion,
  };
}
