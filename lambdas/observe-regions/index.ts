import {
  coordinationPort,
  fleetPort,
  functionsPort,
  machinesPort,
  metricsPort,
  topicPort,
  trafficPort,
} from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createNameResolver } from '../../adapters/dns/name-resolver.ts';
import { createFetchHttpClient } from '../../adapters/http/fetch-http-client.ts';
import { createTcpClient } from '../../adapters/net/tcp-client.ts';
import { createTlsClient } from '../../adapters/net/tls-client.ts';
import { createObserveRegions } from './observe-regions.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('observe-regions', (environment, { clock, telemetry }) =>
  createObserveRegions({
    ...environment,
    ports: {
      coordination: coordinationPort(environment),
      clock,
      http: createFetchHttpClient(),
      tcp: createTcpClient(),
      tls: createTlsClient(),
      resolver: createNameResolver(),
      traffic: trafficPort(environment),
      metrics: metricsPort(environment, clock),
      functions: functionsPort(environment),
      machines: machinesPort(environment),
      fleet: fleetPort(environment, clock),
      notifier: topicPort(environment),
      telemetry,
    },
  }),
);
