import { coordinationPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createProveRecovery } from './prove-recovery.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('prove-recovery', (environment, { clock }) =>
  createProveRecovery({ ...environment, ports: { coordination: coordinationPort(environment), clock } }),
);
