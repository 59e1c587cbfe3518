import { coordinationPort, dataCopiesPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createCheckPromotion } from './check-promotion.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('check-promotion', (environment, { clock }) =>
  createCheckPromotion({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, dataTier: dataCopiesPort(environment, clock) },
  }),
);
