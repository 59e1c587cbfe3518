import { coordinationPort, recordsPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createCheckSwitch } from './check-switch.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('check-switch', (environment, { clock }) =>
  createCheckSwitch({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, records: recordsPort(environment) },
  }),
);
