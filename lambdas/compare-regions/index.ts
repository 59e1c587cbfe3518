import { blobsPort, coordinationPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createFetchHttpClient } from '../../adapters/http/fetch-http-client.ts';
import { createCompareRegions } from './compare-regions.ts';

/** Lambda entry; wiring and nothing else. */
export const handler = lambdaHandler('compare-regions', (environment, { clock, telemetry }) =>
  createCompareRegions({
    ...environment,
    ports: {
      coordination: coordinationPort(environment),
      clock,
      telemetry,
      http: createFetchHttpClient(),
      blobs: blobsPort(environment),
    },
  }),
);
