import { fleetCoordinationPort } from '../../adapters/aws/create-fleet-ports.ts';
import { fleetHandler } from '../../adapters/aws/lambda-handler.ts';
import { createJudgeFleet } from './judge-fleet.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = fleetHandler('judge-fleet', (environment, { clock }) =>
  createJudgeFleet({
    ...environment,
    ports: { coordination: fleetCoordinationPort(environment), clock },
  }),
);
