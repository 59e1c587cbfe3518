import { coordinationPort, recordsPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createCheckRecords } from './check-records.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('check-records', (environment, { clock }) =>
  createCheckRecords({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, records: recordsPort(environment) },
  }),
);
