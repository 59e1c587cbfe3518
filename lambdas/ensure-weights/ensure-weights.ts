import type { ParameterCreation } from '../../adapters/aws/ssm-parameters.ts';
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
 * Creates the live weight of every weighted record that has none, with the weight of an application that has never
 * moved. One that exists says where traffic is now and is never touched: a deployment moves no traffic.
 */
export function createEnsureWeights({ config, parameters }: EnsureWeightsContext): () => Promise<EnsuredWeights> {
  return async () => {
    const created: string[] = [];
    const kept: string[] = [];
    // One after the other: Parameter Store's write throughput is low, and nobody waits for this.
    for (const desired of desiredWeights(config, initialState(config).weights)) {
      const name = names.weightParameter(config, desired);
      const isNew = await parameters.create({ name, value: String(desired.weight) });
      (isNew ? created : kept).push(name);
    }
    return { created, kept };
  };
}
