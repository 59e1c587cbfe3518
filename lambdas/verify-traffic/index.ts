import { coordinationPort, trafficPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createVerifyTraffic } from './verify-traffic.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('verify-traffic', (environment, { clock }) =>
  createVerifyTraffic({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, traffic: trafficPort(environment) },
  }),
);
