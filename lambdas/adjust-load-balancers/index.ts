import { coordinationPort, loadBalancersPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createAdjustLoadBalancers } from './adjust-load-balancers.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('adjust-load-balancers', (environment, { clock }) =>
  createAdjustLoadBalancers({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, loadBalancers: loadBalancersPort(environment) },
  }),
);
