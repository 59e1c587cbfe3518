import type { StepContext } from '../../core/ports.ts';
import type { StepInput } from '../../state-machines/contracts.ts';
import { notScaled } from '../not-scaled.ts';
import { skip } from '../step-journal.ts';

/** How scaling was started. */
export interface StartedScaling {
  readonly status: 'skipped';
}

/** Starts the target's scale-up. Nothing is scaled yet: the step says so in the log, and what a person has to scale. */
export function createScaleTarget(
  context: StepContext<'coordination' | 'clock'>,
): (input: StepInput) => Promise<StartedScaling> {
  return async (input) => {
    await skip('scale-target', context, { input, ...notScaled(context.config) });
    return { status: 'skipped' };
  };
}
