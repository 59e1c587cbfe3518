import { coordinationPort, machinesPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createOpenOperation } from './open-operation.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('open-operation', (environment, { clock }) =>
  createOpenOperation({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, machines: machinesPort(environment) },
  }),
);
