import { nextLadderStep } from '../../core/failback/ladder.ts';
import { bakedRungs } from '../../core/operation/operation-record.ts';
import type { Mode } from '../../core/operation/request.ts';
import type { StepContext } from '../../core/ports.ts';
import type { LadderOutput, StepInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

/**
 * Says what comes next on the way back, from what the log holds: rungs baked so far, and whether the writer has moved.
 * Emergency mode goes straight to the last rung.
 */
export function createClimbLadder(
  context: StepContext<'coordination' | 'clock'>,
): (input: StepInput) => Promise<LadderOutput> {
  const { config } = context;
  return async (input) => {
    const journal = await journalFor('climb-ladder', context, input);
    const { source, target, mode } = input.operation;
    const { skipped, rungs } = rungsIn(mode, config.failback.rungs);
    if (skipped.length > 0 && journal.find('skipped') === undefined)
      await journal.add('skipped', { skippedGates: skipped.map((percent) => `rung ${percent} %`) });
    const failback = { ...config.failback, rungs };
    const next = nextLadderStep(
      { ...config, failback },
      {
        original: target,
        current: source,
        rungsBaked: bakedRungs(journal.record).length,
        writerMoved: (await journal.readState()).writerRegion === target,
        weights: journal.record.before.weights,
      },
    );
    if (next.kind !== 'rung') return { next: next.kind };
    return { next: 'rung', percent: next.percent, weights: next.weights };
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
