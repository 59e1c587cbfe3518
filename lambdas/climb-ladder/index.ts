import { coordinationPort, dataCopiesPort, trafficPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createClimbLadder } from './climb-ladder.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('climb-ladder', (environment, { clock }) =>
  createClimbLadder({
    ...environment,
    ports: {
      coordination: coordinationPort(environment),
      clock,
      traffic: trafficPort(environment),
      dataTier: dataCopiesPort(environment, clock),
    },
  }),
);
