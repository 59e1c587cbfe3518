import { fleetCoordinationPort } from '../../adapters/aws/create-fleet-ports.ts';
import { fleetHandler } from '../../adapters/aws/lambda-handler.ts';
import { createOpenFleet } from './open-fleet.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = fleetHandler('open-fleet', (environment, { clock }) =>
  createOpenFleet({
    ...environment,
    ports: { coordination: fleetCoordinationPort(environment), clock },
  }),
);
