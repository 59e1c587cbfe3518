import * as z from 'zod';

/** By the first of the two PagerDuty service regions: https://support.pagerduty.com/main/docs/service-regions */
const PAGERDUTY_EVENTS_URL = 'https://events.pagerduty.com/v2/enqueue';

/** A secret by its name; never the secret itself. */
const secretReference = z.union([
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

/** Who is told. Names of secrets: API_CreateSecret; names of parameters: sysman-paramstore-su-create in the AWS guides. */
export const notifySchema = z.strictObject({
  emails: z.array(z.email()).default([]).describe('Subscribed to the topic at deployment.'),
  pagerDuty: z
    .strictObject({
      routingKey: secretReference.describe('Where the integration key of an Events API v2 integration is.'),
      url: z
        .url({ protocol: /^https?$/ })
        .default(PAGERDUTY_EVENTS_URL)
        .describe('Where events go; "https://events.eu.pagerduty.com/v2/enqueue" for an account in the EU.'),
    })
    .optional()
    .describe('Incidents on PagerDuty.'),
  chat: z
    .strictObject({
      webhookUrl: secretReference.describe('Where the URL of an incoming webhook is, which is itself a secret.'),
    })
    .optional()
    .describe('Messages in a chat that takes `{ "text": … }`, as Slack does.'),
  incidentChannel: z.string().max(200).optional().describe('Named in every message.'),
  statusPage: z.url().optional().describe('Named in the text for customers.'),
});
