import type { StepContext } from '../../core/ports.ts';
import type { StepInput } from '../../state-machines/contracts.ts';
import { skip } from '../step-journal.ts';

/** How scaling was started. */
export interface StartedScaling {
  readonly status: 'skipped';
}

/** Starts the target's scale-up. No scaling adapter can be configured yet: the step says so in the log. */
export function createScaleTarget(
  context: StepContext<'coordination' | 'clock'>,
): (input: StepInput) => Promise<StartedScaling> {
  return async (input) => {
    await skip('scale-target', context, { input, reason: 'no scaling adapter is configured' });
    return { status: 'skipped' };
  };
}
