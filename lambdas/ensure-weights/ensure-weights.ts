import type { ResourceChange } from '../../adapters/aws/custom-resource-handler.ts';
import type { ParameterCreation } from '../../adapters/aws/ssm-parameters.ts';
import { traitsOf } from '../../core/config/accessors.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { initialState } from '../../core/operation/application-state.ts';
import { desiredWeights } from '../../core/routing/weights.ts';

/** What the function is made of. */
export interface EnsureWeightsContext {
  readonly config: ResolvedConfig;
  readonly parameters: ParameterCreation;
}

/** Which live weights came into being, and which were there and were left alone. */
export interface EnsuredWeights {
  readonly created: readonly string[];
  readonly kept: readonly string[];
}

/**
 * Creates the live weight of every weighted record that has none. At the first deployment that is the weight of an
 * application that has never moved. One that exists says where traffic is now and is never touched: a deployment moves no
 * traffic. For the same reason a Region that is added later begins at 0 where one Region serves, even as the new primary;
 * where all serve, it answers for itself at once, which is what it is added for.
 */
export function createEnsureWeights({
  config,
  parameters,
}: EnsureWeightsContext): (change: Pick<ResourceChange, 'before'>) => Promise<EnsuredWeights> {
  return async ({ before }) => {
    const created: string[] = [];
    const kept: string[] = [];
    const isAdded = before !== undefined && traitsOf(config).roles === 'one-primary';
    // One after the other: Parameter Store's write throughput is low, and nobody waits for this.
    for (const desired of desiredWeights(config, initialState(config).weights)) {
      const name = names.weightParameter(config, desired);
      const isNew = await parameters.create({ name, value: String(isAdded ? 0 : desired.weight) });
      (isNew ? created : kept).push(name);
    }
    return { created, kept };
  };
}
