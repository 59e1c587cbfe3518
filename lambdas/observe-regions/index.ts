import { coordinationPort, machinesPort, notifierPort, trafficPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createTableClock } from '../../adapters/aws/table-clock.ts';
import { createFetchHttpClient } from '../../adapters/http/fetch-http-client.ts';
import { createObserveRegions } from './observe-regions.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('observe-regions', (environment, { clock: localClock, telemetry }) => {
  const clock = createTableClock(localClock, telemetry);
  return createObserveRegions({
    ...environment,
    ports: {
      coordination: coordinationPort(environment, clock),
      clock,
      http: createFetchHttpClient(),
      traffic: trafficPort(environment),
      machines: machinesPort(environment),
      notifier: notifierPort(environment),
      telemetry,
    },
  });
});
