import { coordinationPort, dataCopiesPort, evacuationPort, recordsPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createRollBack } from './roll-back.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('roll-back', (environment, { clock, telemetry }) =>
  createRollBack({
    ...environment,
    ports: {
      coordination: coordinationPort(environment),
      clock,
      telemetry,
      evacuation: evacuationPort(environment),
      records: recordsPort(environment),
      dataTier: dataCopiesPort(environment, clock),
    },
  }),
);
