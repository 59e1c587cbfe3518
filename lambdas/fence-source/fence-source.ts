import type { ApplicationState } from '../../core/operation/application-state.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { earliestParting, partedAt } from '../../core/operation/parting.ts';
import { FENCE_POLL_SECONDS } from '../../core/operation/polling.ts';
import { raiseWriterEpoch, type Transition } from '../../core/operation/transitions.ts';
import { type FenceProof, proveFence, WRITE_LEASE } from '../../core/operation/write-lease.ts';
import { standingFence } from '../../core/operation/writer-move.ts';
import type { StepContext } from '../../core/ports.ts';
import { type MoveWriterInput, type PollOutput, writerMove } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';
import { callFenceHooks } from './call-fence-hooks.ts';

/**
 * Takes the right to commit from the writer Region and proves that it is gone: acknowledged, or its last lease and the
 * clock margin over. Hooks of the user's are called meanwhile. Nothing is promoted and no answer changes before that
 * proof is on record, with who acknowledged or could not be reached.
 *
 * @throws {OperationError} `FenceHookFailedError` where a required hook failed.
 */
export function createFenceSource(
  context: StepContext<'coordination' | 'clock' | 'functions'>,
): (input: MoveWriterInput) => Promise<PollOutput> {
  return async (input) => {
    const journal = await journalFor('fence-source', context, input);
    const before = await journal.readState();
    const { from, to } = writerMove(input);
    const isFree = before.writerRegion === null || before.writerRegion === to;
    if (isFree && standingFence(journal.record, journal.holder) !== undefined) return { done: true, waitSeconds: 0 };
    const usedEpoch = before.writerRegion === null ? 0 : before.writerEpoch;
    const raised = before.writerEpoch === journal.holder.epoch && before.writerRegion === null;
    const nowEpochMs = context.ports.clock.nowEpochMs();
    const state = raised ? before : await journal.change(raise(journal, usedEpoch, nowEpochMs));
    const hooks = await callFenceHooks(context, journal, input);
    const proof = proveFence(hooks.length === 0 ? state : await journal.readState(), context.ports.clock.nowEpochMs());
    if (!proof.fenced) {
      return { done: false, waitSeconds: Math.min(FENCE_POLL_SECONDS, Math.ceil(proof.waitMs / 1000)) };
    }
    const formerWriter = input.back === true ? from : journal.record.before.writerRegion;
    await journal.add('done', {
      ...describeProof(state, proof),
      formerWriter,
      ...(hooks.length === 0 ? {} : { hooks }),
    });
    return { done: true, waitSeconds: 0 };
  };
}

function raise({ holder, record }: Journal, usedEpoch: number, nowEpochMs: number): Transition {
  const isFailover = record.kind === 'failover';
  const parted = isFailover ? earliestParting(record.before, partedAt(record, nowEpochMs)) : undefined;
  return raiseWriterEpoch(holder, usedEpoch, parted);
}

/** Who gave the right up, or who could not be reached and why it is gone all the same. */
function describeProof(
  { writerEpoch, writeLeaseRegion, writeLeaseHolder, writeLeaseExpiresAtEpochMs }: ApplicationState,
  { by }: Extract<FenceProof, { fenced: true }>,
): Readonly<Record<string, unknown>> {
  const holder = { region: writeLeaseRegion, process: writeLeaseHolder };
  return {
    writerEpoch,
    by,
    ...(by === 'acknowledged' ? { acknowledgedBy: holder } : {}),
    ...(by === 'lease-expired'
      ? {
          notReached: holder,
          leaseEndedAtEpochMs: writeLeaseExpiresAtEpochMs,
          clockMarginMs: WRITE_LEASE.clockMarginMs,
        }
      : {}),
  };
}
