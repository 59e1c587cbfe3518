import { functionsPort, plansPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { tablesPort } from '../../adapters/aws/tables-port.ts';
import { statementLimitMs } from '../statement-limit.ts';
import { createVerifyRange } from './verify-range.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('verify-range', (environment, { clock }) =>
  createVerifyRange({
    ...environment,
    ports: {
      clock,
      plans: plansPort(environment),
      tables: tablesPort(environment, statementLimitMs('verify-range')),
      functions: functionsPort(environment),
    },
  }),
);
