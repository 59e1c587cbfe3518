import { isPromoted } from '../../core/config/data-tier.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { findEvent, type OperationRecord } from '../../core/operation/operation-record.ts';
import { PROMOTION_POLL_SECONDS } from '../../core/operation/polling.ts';
import { grantWriter } from '../../core/operation/transitions.ts';
import { sinceFence } from '../../core/operation/writer-move.ts';
import type { LookingContext } from '../../core/ports.ts';
import { type MoveWriterInput, type PollOutput, writerMove } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

type Context = LookingContext<'coordination' | 'clock'>;

/**
 * Looks whether the target has become the writer, and then gives it the right to commit under the operation's epoch. Whether
 * the Region that serves a failback still does is not asked meanwhile: nobody may write, so an end here would leave nobody.
 *
 * @throws {OperationError} `PromotionTimedOutError` after the deadline of the config.
 */
export function createCheckPromotion(context: Context): (input: MoveWriterInput) => Promise<PollOutput> {
  const { clock, dataTier } = context.ports;
  return async (input) => {
    const journal = await journalFor('check-promotion', context, input);
    if (wasSeen(journal.record) || nothingToPromote(context)) return { done: true, waitSeconds: 0 };
    const { to: target } = writerMove(input);
    const { writerRegion } = await dataTier.status();
    if (writerRegion !== target) {
      await refuseAfterDeadline(context, journal, target);
      return { done: false, waitSeconds: PROMOTION_POLL_SECONDS };
    }
    await journal.change(grantWriter(journal.holder, target));
    await journal.add('done', { writerRegion: target, promotedAtEpochMs: clock.nowEpochMs() });
    return { done: true, waitSeconds: 0 };
  };
}

/** Whether the move that the last fence was for has come to its end. */
function wasSeen(record: OperationRecord): boolean {
  return sinceFence(record).some(({ step, outcome }) => step === 'check-promotion' && outcome === 'done');
}

function nothingToPromote({ config }: Context): boolean {
  return !isPromoted(config.data);
}

/** Counted from the request, and after a hold from the first look: whoever resumes gives it time again. */
async function refuseAfterDeadline({ config, ports }: Context, journal: Journal, target: string): Promise<void> {
  const { record } = journal;
  const requestedAt = findEvent(record, 'start-promotion', 'requested')?.atEpochMs ?? record.openedAtEpochMs;
  const wasHeld = findEvent(record, 'hold-operation', 'waiting') !== undefined;
  const since = wasHeld ? await journal.firstLook({ requestedAtEpochMs: requestedAt }) : requestedAt;
  const deadlineSeconds = isPromoted(config.data) ? config.data.promotionDeadlineSeconds : 0;
  const waitedSeconds = (ports.clock.nowEpochMs() - since) / 1000;
  if (waitedSeconds <= deadlineSeconds) return;
  throw new OperationError(
    'PromotionTimedOutError',
    `the promotion of ${target} was awaited for ${Math.round(waitedSeconds)} s and is not finished; ${deadlineSeconds} s are allowed; look at the data tier and resume once it has its writer there`,
  );
}
