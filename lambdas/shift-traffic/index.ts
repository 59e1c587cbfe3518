import { coordinationPort, evacuationPort, fleetPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createShiftTraffic } from './shift-traffic.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('shift-traffic', (environment, { clock }) =>
  createShiftTraffic({
    ...environment,
    ports: {
      coordination: coordinationPort(environment),
      clock,
      evacuation: evacuationPort(environment),
      fleet: fleetPort(environment, clock),
    },
  }),
);
