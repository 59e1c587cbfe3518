import { coordinationPort, dataCopiesPort, machinesPort, plansPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createReconcileData } from './reconcile-data.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('reconcile-data', (environment, { clock, telemetry }) =>
  createReconcileData({
    ...environment,
    ports: {
      coordination: coordinationPort(environment),
      clock,
      telemetry,
      dataTier: dataCopiesPort(environment, clock),
      machines: machinesPort(environment),
      plans: plansPort(environment),
    },
  }),
);
