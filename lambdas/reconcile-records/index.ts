import { coordinationPort, evacuationPort, recordsPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createReconcileRecords } from './reconcile-records.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('reconcile-records', (environment, { clock, telemetry }) =>
  createReconcileRecords({
    ...environment,
    ports: {
      coordination: coordinationPort(environment),
      clock,
      telemetry,
      records: recordsPort(environment),
      evacuation: evacuationPort(environment),
    },
  }),
);
