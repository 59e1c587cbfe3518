import { coordinationPort, dataCopiesPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createReconcileData } from './reconcile-data.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('reconcile-data', (environment, { clock }) =>
  createReconcileData({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, dataTier: dataCopiesPort(environment, clock) },
  }),
);
