import * as z from 'zod';

/**
 * A secret by its name; never the secret itself. Names of secrets: API_CreateSecret; names of parameters:
 * sysman-paramstore-su-create in the AWS guides.
 */
export const secretReference = z.union([
  z.strictObject({
    secret: z
      .string()
      .regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/, {
        error: 'is not the name of a secret; allowed: 1–512 characters of A–Z, a–z, 0–9 and "/_+=.@-", and no ARN',
      })
      .describe('Name of a secret in Secrets Manager, replicated to every application Region.'),
  }),
  z.strictObject({
    parameter: z
      .string()
      .regex(/^(\/(?!aws|ssm)[A-Za-z0-9_.-]+){1,15}$/i, {
        error:
          'is not the full name of a parameter; allowed: a path such as "/storefront/pagerduty" that begins with neither "/aws" nor "/ssm"',
      })
      .describe('Name of a SecureString parameter, one in every application Region.'),
  }),
]);
