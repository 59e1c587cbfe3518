import { coordinationPort, dataTierPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createStartPromotion } from './start-promotion.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('start-promotion', (environment, { clock }) =>
  createStartPromotion({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, dataTier: dataTierPort(environment, clock) },
  }),
);
