import { coordinationPort, plansPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { tablesPort } from '../../adapters/aws/tables-port.ts';
import { statementLimitMs } from '../statement-limit.ts';
import { createCloseReconciliation } from './close-reconciliation.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('close-reconciliation', (environment, { clock }) =>
  createCloseReconciliation({
    ...environment,
    ports: {
      clock,
      coordination: coordinationPort(environment),
      plans: plansPort(environment),
      tables: tablesPort(environment, statementLimitMs('close-reconciliation')),
    },
  }),
);
