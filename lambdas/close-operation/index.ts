import { coordinationPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createCloseOperation } from './close-operation.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('close-operation', (environment, { clock, telemetry }) =>
  createCloseOperation({ ...environment, ports: { coordination: coordinationPort(environment), clock, telemetry } }),
);
