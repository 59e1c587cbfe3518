import { coordinationPort, trafficPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createValidateService } from './validate-service.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('validate-service', (environment, { clock }) =>
  createValidateService({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, traffic: trafficPort(environment) },
  }),
);
