import { isPromoted } from '../../core/config/data-tier.ts';
import { acceptedLoss } from '../../core/operation/accepted-loss.ts';
import type { Journal } from '../../core/operation/journal.ts';
import type { OperationEvent } from '../../core/operation/operation-record.ts';
import { grantWriter } from '../../core/operation/transitions.ts';
import { assertFenced, requestedMove } from '../../core/operation/writer-move.ts';
import type { StepContext } from '../../core/ports.ts';
import { type MoveWriterInput, writerMove } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'dataTier'>;

/** How the promotion was asked for; `none` where there is nothing to promote. */
export interface StartedPromotion {
  readonly mode: 'switchover' | 'failover' | 'none';
}

/**
 * Asks the data tier to make the target the writer. Once it has accepted there is no way back. What has been asked for
 * already, by a run that did not live to record it, is not asked for again. A loss is allowed only where one is accepted:
 * by the loss budget of the config, by the request, or by the gates that an emergency skips; the record says which.
 *
 * @throws {OperationError} `PromotionRefusedError` where the data tier refuses and nothing was promoted;
 * `DataNotCaughtUpError` where a move without loss has to wait for the copy; `FenceMissingError` where nobody was fenced.
 */
export function createStartPromotion(context: Context): (input: MoveWriterInput) => Promise<StartedPromotion> {
  return async (input) => {
    const journal = await journalFor('start-promotion', context, input);
    const { to: target } = writerMove(input);
    const requested = requestedMove(journal.record, target);
    if (requested !== undefined) return startedBefore(requested);
    const { atEpochMs: fencedAtEpochMs } = assertFenced(journal.record, journal.holder);
    const { data } = context.config;
    if (!isPromoted(data)) {
      await journal.change(grantWriter(journal.holder, target));
      await journal.add('skipped', { target, reason: WITHOUT_PROMOTION[data.adapter] });
      return { mode: 'none' };
    }
    const loss = acceptedLoss(data, journal.record);
    const mode = loss === undefined ? 'switchover' : 'failover';
    const { writerRegion, movingTo } = await context.ports.dataTier.status();
    const under = writerRegion === target || movingTo === target;
    if (!under) {
      await context.ports.dataTier.promote({ target, mode, operationId: requestId(journal), fencedAtEpochMs });
    }
    await journal.add('requested', { mode, target, alreadyUnderWay: under, acceptedLoss: loss ?? null });
    return { mode };
  };
}

/** Why the right to commit is all that moves. */
const WITHOUT_PROMOTION: Readonly<Record<'none' | 'dynamodb-global', string>> = {
  none: 'the config names nothing to promote',
  'dynamodb-global': 'every replica takes writes; the right to commit is all that moves',
};

/** The operation's id, and for a move under an epoch that it took later another one: no tier takes it for the first. */
function requestId({ holder, record }: Journal): string {
  return holder.epoch === record.epoch ? holder.operationId : `${holder.operationId}-${holder.epoch}`;
}

function startedBefore({ detail }: OperationEvent): StartedPromotion {
  const mode = detail['mode'];
  return { mode: mode === 'switchover' || mode === 'failover' ? mode : 'none' };
}
