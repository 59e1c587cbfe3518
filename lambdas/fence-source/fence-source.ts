import { findStanding } from '../../core/operation/operation-record.ts';
import { FENCE_POLL_SECONDS } from '../../core/operation/polling.ts';
import { raiseWriterEpoch } from '../../core/operation/transitions.ts';
import { proveFence } from '../../core/operation/write-lease.ts';
import type { StepContext } from '../../core/ports.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

/**
 * Takes the right to commit from the writer Region and proves that it is gone: acknowledged, or its last lease and the
 * clock margin over. Nothing is promoted and no answer changes before that proof is on record.
 */
export function createFenceSource(
  context: StepContext<'coordination' | 'clock'>,
): (input: StepInput) => Promise<PollOutput> {
  return async (input) => {
    const journal = await journalFor('fence-source', context, input);
    if (findStanding(journal.record, 'fence-source', 'fence') !== undefined) return { done: true, waitSeconds: 0 };
    const before = await journal.readState();
    const raised = before.writerEpoch === journal.holder.epoch && before.writerRegion === null;
    const state = raised ? before : await journal.change(raiseWriterEpoch(journal.holder));
    const proof = proveFence(state, context.ports.clock.nowEpochMs());
    if (!proof.fenced) {
      return { done: false, waitSeconds: Math.min(FENCE_POLL_SECONDS, Math.ceil(proof.waitMs / 1000)) };
    }
    await journal.add('done', {
      writerEpoch: state.writerEpoch,
      by: proof.by,
      formerWriter: journal.record.before.writerRegion,
    });
    return { done: true, waitSeconds: 0 };
  };
}
