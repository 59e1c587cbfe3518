import type { StepContext } from '../../core/ports.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { notScaled } from '../not-scaled.ts';
import { skip } from '../step-journal.ts';

/** Looks whether the scale-up has arrived. Nothing was scaled: the step says so, and what a person has to look at. */
export function createCheckCapacity(
  context: StepContext<'coordination' | 'clock'>,
): (input: StepInput) => Promise<PollOutput> {
  return async (input) => {
    await skip('check-capacity', context, { input, ...notScaled(context.config) });
    return { done: true, waitSeconds: 0 };
  };
}
