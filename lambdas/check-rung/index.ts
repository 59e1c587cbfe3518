import { coordinationPort, trafficPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createCheckRung } from './check-rung.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('check-rung', (environment, { clock }) =>
  createCheckRung({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, traffic: trafficPort(environment) },
  }),
);
