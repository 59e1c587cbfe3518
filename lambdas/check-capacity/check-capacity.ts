import type { StepContext } from '../../core/ports.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { skip } from '../step-journal.ts';

/** Looks whether the scale-up has arrived. Nothing was scaled where no adapter is configured: the step says so. */
export function createCheckCapacity(
  context: StepContext<'coordination' | 'clock'>,
): (input: StepInput) => Promise<PollOutput> {
  return async (input) => {
    await skip('check-capacity', context, { input, reason: 'no scaling adapter is configured' });
    return { done: true, waitSeconds: 0 };
  };
}
