import { fleetCoordinationPort, fleetSwitchPort } from '../../adapters/aws/create-fleet-ports.ts';
import { fleetHandler } from '../../adapters/aws/lambda-handler.ts';
import { createFlipFleet } from './flip-fleet.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = fleetHandler('flip-fleet', (environment, { clock }) =>
  createFlipFleet({
    ...environment,
    ports: { coordination: fleetCoordinationPort(environment), clock, fleetSwitch: fleetSwitchPort(environment) },
  }),
);
