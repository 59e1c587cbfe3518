import { ssmClient } from '../../adapters/aws/clients.ts';
import { customResourceHandler } from '../../adapters/aws/custom-resource-handler.ts';
import { createSsmParameters } from '../../adapters/aws/ssm-parameters.ts';
import { createEnsureWeights } from './ensure-weights.ts';

/** Lambda entry of the custom resource; wiring and nothing else. */
export const handler = customResourceHandler('ensure-weights', ({ config, region, clients }) =>
  createEnsureWeights({ config, parameters: createSsmParameters(ssmClient(region, clients)) }),
);
