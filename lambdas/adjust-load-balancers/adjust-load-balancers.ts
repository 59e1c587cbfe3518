import type { StepContext } from '../../core/ports.ts';
import type { StepInput } from '../../state-machines/contracts.ts';
import { skip } from '../step-journal.ts';

/** What became of the load-balancer weights. */
export interface AdjustedLoadBalancers {
  readonly status: 'skipped';
}

/** Sets load-balancer weights where a config names them. None can be named yet: the step says so in the log. */
export function createAdjustLoadBalancers(
  context: StepContext<'coordination' | 'clock'>,
): (input: StepInput) => Promise<AdjustedLoadBalancers> {
  return async (input) => {
    await skip('adjust-load-balancers', context, { input, reason: 'no load-balancer weights are configured' });
    return { status: 'skipped' };
  };
}
