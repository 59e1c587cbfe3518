import { coordinationPort, dataCopiesPort, functionsPort, plansPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { tablesPort } from '../../adapters/aws/tables-port.ts';
import { statementLimitMs } from '../statement-limit.ts';
import { createApplyRepairs } from './apply-repairs.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('apply-repairs', (environment, { clock }) =>
  createApplyRepairs({
    ...environment,
    ports: {
      clock,
      coordination: coordinationPort(environment),
      plans: plansPort(environment),
      tables: tablesPort(environment, statementLimitMs('apply-repairs')),
      functions: functionsPort(environment),
      dataTier: dataCopiesPort(environment, clock),
    },
  }),
);
