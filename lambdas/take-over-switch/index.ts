import { memberCoordination, memberSwitches } from '../../adapters/aws/create-fleet-ports.ts';
import { fleetHandler } from '../../adapters/aws/lambda-handler.ts';
import { createTakeOverSwitch } from './take-over-switch.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = fleetHandler('take-over-switch', (environment, { clock }) =>
  createTakeOverSwitch({
    ...environment,
    ports: { clock, members: { ...memberCoordination(environment), ...memberSwitches(environment) } },
  }),
);
