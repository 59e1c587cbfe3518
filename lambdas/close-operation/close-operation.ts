import { leftForFailover } from '../../core/notification/standing.ts';
import type { Phase } from '../../core/operation/application-state.ts';
import { type ErrorName, OperationError } from '../../core/operation/errors.ts';
import { activeAfterHeldFailback } from '../../core/operation/hand-over.ts';
import type { Journal } from '../../core/operation/journal.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import { hasSettledParting, withParting } from '../../core/operation/parting.ts';
import { closeOperation, restoreTtl } from '../../core/operation/transitions.ts';
import type { StepContext } from '../../core/ports.ts';
import { type CloseOperationInput, causeText } from '../../state-machines/contracts.ts';
import { publishEnd } from '../publish-end.ts';
import { hasEnded, journalFor } from '../step-journal.ts';

const CURRENT_REGION_FAILED: ErrorName = 'CurrentRegionFailedError';

/** How the operation ended, for the machine's output. */
export interface ClosedOperation {
  readonly status: CloseOperationInput['status'];
  readonly reason: string;
}

/**
 * Ends an operation: the outcome goes into its record, the phase into the state, and the lease is given back.
 *
 * @throws {OperationError} `NobodyWritesError` where it would end ABORTED and nobody may write.
 */
export function createCloseOperation(
  context: StepContext<'coordination' | 'clock' | 'telemetry'>,
): (input: CloseOperationInput) => Promise<ClosedOperation> {
  const { coordination, clock } = context.ports;
  return async (input) => {
    const cause = reasonOf(input);
    if (await hasEnded(context, input)) return { status: input.status, reason: cause };
    const journal = await journalFor('close-operation', context, input);
    const reason = getsOutOfTheWay(input)
      ? `${cause}; ${leftForFailover(journal.record, await journal.readState())}`
      : cause;
    if (input.status === 'ABORTED') await assertSomebodyWrites(journal, reason);
    if (journal.find('done') === undefined) {
      await journal.add('done', { status: input.status, reason });
      publishEnd(context, journal.record);
    }
    if (input.operation.mode === 'planned') await giveTtlBack(journal);
    const nowEpochMs = clock.nowEpochMs();
    await coordination.setStatus(journal.holder.operationId, input.status, nowEpochMs);
    const closing = {
      phase: phaseAfter(journal.record, input.status),
      nowEpochMs,
      coolDown: !getsOutOfTheWay(input),
      failedOver: input.operation.kind === 'failover' && input.status !== 'ABORTED',
      ...(await activeRegionAfter(journal, input)),
    };
    const closed = closeOperation(journal.holder, closing);
    const agreed = cameBack(input) && (await hasAgreed(journal));
    await coordination.transition(agreed ? withParting(closed, 'agreed') : closed);
    return { status: input.status, reason };
  };
}

/**
 * An end that changes nothing must not leave the application without a writer, whether this operation took the right to write
 * or another one that died: it is given back first, or a person is asked.
 */
async function assertSomebodyWrites(journal: Journal, reason: string): Promise<void> {
  const { kind, before } = journal.record;
  if ((await journal.readState()).writerRegion !== null) return;
  const who = kind === 'failback' ? 'this operation, or one before it,' : 'an operation that died';
  const whom = before.writerRegion === null ? '' : ` from ${before.writerRegion}`;
  throw new OperationError(
    'NobodyWritesError',
    `${reason}; nobody may write, since ${who} had taken that right${whom}`,
  );
}

/** The reconciler brings it to the records, so that no end has to wait for Route 53. */
async function giveTtlBack(journal: Journal): Promise<void> {
  if ((await journal.readState()).loweredTtlSeconds !== null) await journal.change(restoreTtl(journal.holder));
}

/**
 * A failover makes its target the active Region when traffic leaves; a failback only when all of it is back, or where it is
 * left to a person, by where the writer is.
 */
async function activeRegionAfter(
  journal: Journal,
  { operation, status }: CloseOperationInput,
): Promise<{ readonly activeRegion?: string }> {
  if (operation.kind !== 'failback' || status === 'ABORTED') return {};
  const held = status === 'NEEDS_OPERATOR';
  return { activeRegion: held ? activeAfterHeldFailback(await journal.readState()) : operation.target };
}

/** Until then the next comparison has to know since when Regions may differ. */
async function hasAgreed(journal: Journal): Promise<boolean> {
  return hasSettledParting(journal.record, await journal.readState());
}

/** A failover makes its target the active Region when traffic leaves; a failback only when all of it is back. */
function cameBack({ operation, status }: CloseOperationInput): boolean {
  return operation.kind === 'failback' && status === 'SUCCEEDED';
}

function phaseAfter({ kind, before }: OperationRecord, status: CloseOperationInput['status']): Phase {
  if (status === 'NEEDS_OPERATOR') return 'NEEDS_OPERATOR';
  if (status === 'ABORTED') return before.phase;
  return kind === 'failover' ? 'FAILED_OVER' : 'STEADY';
}

/** A failback that the current Region's own failure ended must not keep the failover waiting. */
function getsOutOfTheWay({ operation, status, error }: CloseOperationInput): boolean {
  return operation.kind === 'failback' && status === 'ABORTED' && error?.Error === CURRENT_REGION_FAILED;
}

function reasonOf({ reason, error, gate }: CloseOperationInput): string {
  if (gate !== undefined && !gate.passed) return gate.reasons.join('; ');
  return reason ?? (error === undefined ? '' : causeText(error));
}
