import { coordinationPort, functionsPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createFenceSource } from './fence-source.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('fence-source', (environment, { clock }) =>
  createFenceSource({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, functions: functionsPort(environment) },
  }),
);
