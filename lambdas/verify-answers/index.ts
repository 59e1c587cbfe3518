import { coordinationPort } from '../../adapters/aws/create-ports.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { createAuthoritativeDnsClient } from '../../adapters/dns/authoritative-dns-client.ts';
import { createVerifyAnswers } from './verify-answers.ts';

/** Lambda entry of the step; wiring and nothing else. */
export const handler = lambdaHandler('verify-answers', (environment, { clock }) =>
  createVerifyAnswers({
    ...environment,
    ports: { coordination: coordinationPort(environment), clock, dns: createAuthoritativeDnsClient() },
  }),
);
