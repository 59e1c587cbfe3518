import { fleetCoordinationPort } from '../../adapters/aws/create-fleet-ports.ts';
import { fleetHandler } from '../../adapters/aws/lambda-handler.ts';
import { createCloseFleet } from './close-fleet.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = fleetHandler('close-fleet', (environment, { clock }) =>
  createCloseFleet({
    ...environment,
    ports: { coordination: fleetCoordinationPort(environment), clock },
  }),
);
