import { functionsPort, plansPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { tablesPort } from '../../adapters/aws/tables-port.ts';
import { statementLimitMs } from '../statement-limit.ts';
import { createFindDifferences } from './find-differences.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('find-differences', (environment, { clock }) =>
  createFindDifferences({
    ...environment,
    ports: {
      clock,
      plans: plansPort(environment),
      tables: tablesPort(environment, statementLimitMs('find-differences')),
      functions: functionsPort(environment),
    },
  }),
);
