import { regionOfForwarder } from '../../core/config/forwarder.ts';
import type { LoadBalancer } from '../../core/config/load-balancers.ts';
import type { StepContext } from '../../core/ports.ts';
import type { AdjustLoadBalancersInput } from '../../state-machines/contracts.ts';
import { journalFor, skip } from '../step-journal.ts';

/** What became of the load balancers. */
export interface AdjustedLoadBalancers {
  readonly status: 'skipped' | 'adjusted' | 'failed-in-part';
}

type Context = StepContext<'coordination' | 'clock' | 'loadBalancers'>;

/** What became of one of them. */
interface Adjusted {
  readonly what: string;
  readonly outcome: 'changed' | 'unchanged' | 'failed';
  /** Why, where it could not be set. */
  readonly reason?: string;
}

/**
 * Sets weights and dials for the Region that takes over: all of them once it has, and before a failback lets anybody in
 * the listeners of that Region alone. Best effort: what cannot be set is on record and is a person's to see to; it fails
 * no operation.
 */
export function createAdjustLoadBalancers(
  context: Context,
): (input: AdjustLoadBalancersInput) => Promise<AdjustedLoadBalancers> {
  const { loadBalancers } = context.config;
  return async (input) => {
    const { only = 'all', operation } = input;
    const settings = loadBalancers.flatMap((balancer) => settingsFor(context, { balancer, only, operation }));
    if (settings.length === 0) {
      await skip('adjust-load-balancers', context, { input, reason: 'no load-balancer weights are configured' });
      return { status: 'skipped' };
    }
    const journal = await journalFor('adjust-load-balancers', context, input);
    const adjusted = await Promise.all(settings.map(attempt));
    const failed = adjusted.some(({ outcome }) => outcome === 'failed');
    await journal.add(failed ? 'failed' : 'done', { only, serving: operation.target, adjusted });
    return { status: failed ? 'failed-in-part' : 'adjusted' };
  };
}

interface Setting {
  readonly what: string;
  readonly set: () => Promise<'changed' | 'unchanged'>;
}

/** What has to be set of one of them; nothing where the config says nothing of the Region that serves. */
function settingsFor(
  { ports }: Context,
  { balancer, only, operation }: { readonly balancer: LoadBalancer } & Required<AdjustLoadBalancersInput>,
): readonly Setting[] {
  const { source, target } = operation;
  if (balancer.kind === 'accelerator') {
    if (only === 'listeners-of-target') return [];
    // The one that takes over first: with both at 0 nobody would be served.
    const dials = [
      { region: target, percent: 100 },
      { region: source, percent: 0 },
    ];
    return [{ what: 'accelerator', set: () => turnDials(ports, balancer.endpointGroups, dials) }];
  }
  const weights = balancer.weights[target];
  if (weights === undefined) return [];
  if (only === 'listeners-of-target' && regionOfForwarder(balancer) !== target) return [];
  return [{ what: balancer.arn, set: () => ports.loadBalancers.setWeights(balancer, weights) }];
}

async function turnDials(
  { loadBalancers }: Context['ports'],
  groups: Readonly<Record<string, string>>,
  dials: readonly { readonly region: string; readonly percent: number }[],
): Promise<'changed' | 'unchanged'> {
  let changed = false;
  for (const { region, percent } of dials) {
    const group = groups[region];
    if (group !== undefined) changed = (await loadBalancers.setDial(group, percent)) === 'changed' || changed;
  }
  return changed ? 'changed' : 'unchanged';
}

async function attempt({ what, set }: Setting): Promise<Adjusted> {
  try {
    return { what, outcome: await set() };
  } catch (error) {
    return { what, outcome: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}
