import { coordinationPort, plansPort, topicPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { tablesPort } from '../../adapters/aws/tables-port.ts';
import { statementLimitMs } from '../statement-limit.ts';
import { createApprovePlan } from './approve-plan.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('approve-plan', (environment, { clock }) =>
  createApprovePlan({
    ...environment,
    ports: {
      clock,
      coordination: coordinationPort(environment),
      plans: plansPort(environment),
      tables: tablesPort(environment, statementLimitMs('approve-plan')),
      notifier: topicPort(environment),
    },
  }),
);
