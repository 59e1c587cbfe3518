import type { StepContext } from '../../core/ports.ts';
import type { StepInput } from '../../state-machines/contracts.ts';
import { raiseIfBelow } from '../raise-if-below.ts';
import { journalFor, skip } from '../step-journal.ts';

/** How scaling was started. */
export interface StartedScaling {
  readonly status: 'skipped' | 'started';
}

/**
 * Asks for the target's full size, early, and waits for nothing. What cannot be asked for now is on record and is asked for
 * again while capacity is awaited. Nothing is ever made smaller, also not by a roll back: too much costs money, too little
 * an outage.
 */
export function createScaleTarget(
  context: StepContext<'coordination' | 'clock' | 'scaling'>,
): (input: StepInput) => Promise<StartedScaling> {
  const { scaling } = context.config;
  return async (input) => {
    if (scaling === undefined) {
      await skip('scale-target', context, { input, reason: 'the config names nothing to scale' });
      return { status: 'skipped' };
    }
    const journal = await journalFor('scale-target', context, input);
    if (journal.find('requested') !== undefined) return { status: 'started' };
    const { operationId } = input.operation;
    const targets = await Promise.all(scaling.targets.map((target) => raiseIfBelow(context, target, operationId)));
    await journal.add('requested', { targets });
    return { status: 'started' };
  };
}
