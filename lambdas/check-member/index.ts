import { memberCoordination } from '../../adapters/aws/create-fleet-ports.ts';
import { fleetHandler } from '../../adapters/aws/lambda-handler.ts';
import { createCheckMember } from './check-member.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = fleetHandler('check-member', (environment, { clock }) =>
  createCheckMember({
    ...environment,
    ports: { clock, members: memberCoordination(environment) },
  }),
);
