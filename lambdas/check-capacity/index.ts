import { coordinationPort, scalingPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createCheckCapacity } from './check-capacity.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('check-capacity', (environment, { clock }) =>
  createCheckCapacity({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, scaling: scalingPort(environment) },
  }),
);
