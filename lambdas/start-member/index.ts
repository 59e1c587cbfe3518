import { fleetCoordinationPort, memberMachines } from '../../adapters/aws/create-fleet-ports.ts';
import { fleetHandler } from '../../adapters/aws/lambda-handler.ts';
import { createStartMember } from './start-member.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = fleetHandler('start-member', (environment) =>
  createStartMember({
    ...environment,
    ports: { coordination: fleetCoordinationPort(environment), members: memberMachines(environment) },
  }),
);
