import { coordinationPort, dataCopiesPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createFetchHttpClient } from '../../adapters/http/fetch-http-client.ts';
import { createValidateTarget } from './validate-target.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('validate-target', (environment, { clock }) =>
  createValidateTarget({
    ...environment,
    ports: {
      coordination: coordinationPort(environment),
      clock,
      http: createFetchHttpClient(),
      dataTier: dataCopiesPort(environment, clock),
    },
  }),
);
