import { coordinationPort, notifierPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createFetchHttpClient } from '../../adapters/http/fetch-http-client.ts';
import { createHoldOperation } from './hold-operation.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('hold-operation', (environment, { clock }) =>
  createHoldOperation({
    ...environment,
    ports: {
      coordination: coordinationPort(environment),
      clock,
      notifier: notifierPort(environment, { clock, webhooks: createFetchHttpClient() }),
    },
  }),
);
