import type { Journal } from '../../core/operation/journal.ts';
import { grantWriter } from '../../core/operation/transitions.ts';
import type { StepContext } from '../../core/ports.ts';
import type { StepInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'dataTier'>;

/** How the promotion was asked for; `none` where there is nothing to promote. */
export interface StartedPromotion {
  readonly mode: 'switchover' | 'failover' | 'none';
}

/**
 * Asks the data tier to make the target the writer. Once it has accepted there is no way back. What has been asked for
 * already, by a run that did not live to record it, is not asked for again.
 *
 * @throws {OperationError} `PromotionRefusedError` where the data tier refuses and nothing was promoted.
 */
export function createStartPromotion(context: Context): (input: StepInput) => Promise<StartedPromotion> {
  return async (input) => {
    const journal = await journalFor('start-promotion', context, input);
    const { target, kind, mode: requestMode } = input.operation;
    if (journal.find('requested') !== undefined || journal.find('skipped') !== undefined) return startedBefore(journal);
    if (context.config.data.adapter === 'none') {
      await journal.change(grantWriter(journal.holder, target));
      await journal.add('skipped', { reason: 'the config names nothing to promote' });
      return { mode: 'none' };
    }
    const mode = kind === 'failback' || requestMode === 'planned' ? 'switchover' : 'failover';
    const { writerRegion, movingTo } = await context.ports.dataTier.status();
    const under = writerRegion === target || movingTo === target;
    if (!under) await context.ports.dataTier.promote({ target, mode });
    await journal.add('requested', { mode, target, alreadyUnderWay: under });
    return { mode };
  };
}

function startedBefore(journal: Journal): StartedPromotion {
  const mode = journal.find('requested')?.detail['mode'];
  return { mode: mode === 'switchover' || mode === 'failover' ? mode : 'none' };
}
