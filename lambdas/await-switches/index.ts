import { cloudWatchClient, ROUTE53_CONTROL_PLANE } from '../../adapters/aws/clients.ts';
import { customResourceHandler } from '../../adapters/aws/custom-resource-handler.ts';
import { createHealthCheckObservations } from '../../adapters/aws/health-check-observations.ts';
import { createAwaitSwitches } from './await-switches.ts';

/** Lambda entry of the custom resource; wiring and nothing else. */
export const handler = customResourceHandler('await-switches', ({ clients }, { clock }) =>
  createAwaitSwitches({
    clock,
    observations: createHealthCheckObservations(cloudWatchClient(ROUTE53_CONTROL_PLANE, clients), clock),
  }),
);
