import { coordinationPort, recordsPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createPrepareRecords } from './prepare-records.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('prepare-records', (environment, { clock }) =>
  createPrepareRecords({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, records: recordsPort(environment) },
  }),
);
