import { coordinationPort, scalingPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createScaleTarget } from './scale-target.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('scale-target', (environment, { clock }) =>
  createScaleTarget({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, scaling: scalingPort(environment) },
  }),
);
