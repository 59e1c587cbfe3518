import { coordinationPort, dataCopiesPort, evacuationPort, recordsPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createRetreatFailback } from './retreat-failback.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('retreat-failback', (environment, { clock }) =>
  createRetreatFailback({
    ...environment,
    ports: {
      coordination: coordinationPort(environment),
      clock,
      evacuation: evacuationPort(environment),
      records: recordsPort(environment),
      dataTier: dataCopiesPort(environment, clock),
    },
  }),
);
