import { blobsPort, coordinationPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createFetchHttpClient } from '../../adapters/http/fetch-http-client.ts';
import { createCheckParity } from './check-parity.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('check-parity', (environment, { clock }) =>
  createCheckParity({
    ...environment,
    ports: {
      coordination: coordinationPort(environment),
      clock,
      http: createFetchHttpClient(),
      blobs: blobsPort(environment),
    },
  }),
);
