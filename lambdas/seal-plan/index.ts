import { coordinationPort, plansPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { tablesPort } from '../../adapters/aws/tables-port.ts';
import { statementLimitMs } from '../statement-limit.ts';
import { createSealPlan } from './seal-plan.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('seal-plan', (environment, { clock }) =>
  createSealPlan({
    ...environment,
    ports: {
      clock,
      coordination: coordinationPort(environment),
      plans: plansPort(environment),
      tables: tablesPort(environment, statementLimitMs('seal-plan')),
    },
  }),
);
