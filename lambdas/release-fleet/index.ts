import { fleetCoordinationPort, fleetSwitchPort } from '../../adapters/aws/create-fleet-ports.ts';
import { fleetHandler } from '../../adapters/aws/lambda-handler.ts';
import { createReleaseFleet } from './release-fleet.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = fleetHandler('release-fleet', (environment, { clock }) =>
  createReleaseFleet({
    ...environment,
    ports: { coordination: fleetCoordinationPort(environment), clock, fleetSwitch: fleetSwitchPort(environment) },
  }),
);
