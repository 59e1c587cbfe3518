import { coordinationPort, recordsPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createWriteRecords } from './write-records.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('write-records', (environment, { clock }) =>
  createWriteRecords({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, records: recordsPort(environment) },
  }),
);
