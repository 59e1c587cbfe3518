import { coordinationPort, evacuationPort, fleetPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createOpenSwitch } from './open-switch.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('open-switch', (environment, { clock }) =>
  createOpenSwitch({
    ...environment,
    ports: {
      coordination: coordinationPort(environment),
      clock,
      evacuation: evacuationPort(environment),
      fleet: fleetPort(environment, clock),
    },
  }),
);
