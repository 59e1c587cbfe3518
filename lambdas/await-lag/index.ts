import { coordinationPort, dataCopiesPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createAwaitLag } from './await-lag.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('await-lag', (environment, { clock }) =>
  createAwaitLag({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, dataTier: dataCopiesPort(environment, clock) },
  }),
);
