import { nextLadderStep } from '../../core/failback/ladder.ts';
import { bakedRungs, CLIMBS_ANEW, lostRungs } from '../../core/operation/operation-record.ts';
import type { Mode } from '../../core/operation/request.ts';
import type { LookingContext } from '../../core/ports.ts';
import type { LadderOutput, StepInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';
import { awaitCopy } from './await-copy.ts';
import { awaitWarmth } from './await-warmth.ts';

/**
 * Says what comes next on the way back, from what the log holds: rungs baked so far, and whether the writer has moved.
 * Emergency mode goes straight to the last rung. Where a retreat has taken weights back, the ladder begins anew. A rung for
 * which the returning Region is not warm enough is waited for, and so is a copy that is too far behind to become the writer.
 *
 * @throws {OperationError} `RegionNotWarmError` or `DataNotCaughtUpError` where it does not become so in time.
 */
export function createClimbLadder(
  context: LookingContext<'coordination' | 'clock' | 'traffic'>,
): (input: StepInput) => Promise<LadderOutput> {
  const { config } = context;
  return async (input) => {
    const journal = await journalFor('climb-ladder', context, input);
    const { source, target, mode } = input.operation;
    const { skipped, rungs } = rungsIn(mode, config.failback.rungs);
    if (skipped.length > 0 && journal.find('skipped') === undefined)
      await journal.add('skipped', { skippedGates: skipped.map((percent) => `rung ${percent} %`) });
    const failback = { ...config.failback, rungs };
    const state = await journal.readState();
    const weightNow = state.weights[target] ?? 0;
    const lost = lostRungs(journal.record, weightNow);
    if (lost.length > 0) await journal.add('done', { [CLIMBS_ANEW]: lost, weightNow });
    const next = nextLadderStep(
      { ...config, failback },
      {
        original: target,
        current: source,
        rungsBaked: bakedRungs(journal.record).length,
        writerMoved: state.writerRegion === target,
        weights: journal.record.before.weights,
        weightNow,
      },
    );
    if (next.kind === 'complete') return { next: next.kind };
    const waitSeconds =
      next.kind === 'move-writer' ? await awaitCopy(context, journal) : await awaitWarmth(context, journal, next.rung);
    if (waitSeconds !== undefined) return { next: 'wait', waitSeconds };
    if (next.kind === 'move-writer') return { next: next.kind };
    const { percent, weights, ramp } = next;
    return { next: 'rung', percent, weights, ...(ramp ? { ramp } : {}) };
  };
}

/** An emergency goes straight to the last rung; those before it are named on record. */
function rungsIn(
  mode: Mode,
  rungs: readonly number[],
): { readonly skipped: readonly number[]; readonly rungs: readonly number[] } {
  if (mode !== 'emergency') return { skipped: [], rungs };
  return { skipped: rungs.slice(0, -1), rungs: rungs.slice(-1) };
}
