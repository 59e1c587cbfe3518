import { coordinationPort, trafficPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createDrainConnections } from './drain-connections.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('drain-connections', (environment, { clock }) =>
  createDrainConnections({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, traffic: trafficPort(environment) },
  }),
);
