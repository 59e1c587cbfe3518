import { coordinationPort, notifierPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createFetchHttpClient } from '../../adapters/http/fetch-http-client.ts';
import { createRecordEnd } from './record-end.ts';

/** Lambda entry of the recorder of ends; wiring and nothing else. */
export const handler = lambdaHandler('record-end', (environment, { clock }) =>
  createRecordEnd({
    ...environment,
    ports: {
      coordination: coordinationPort(environment),
      clock,
      notifier: notifierPort(environment, { clock, webhooks: createFetchHttpClient() }),
    },
  }),
);
