import * as z from 'zod';
import { secretReference } from './secret-field.ts';

/** By the first of the two PagerDuty service regions: https://support.pagerduty.com/main/docs/service-regions */
const PAGERDUTY_EVENTS_URL = 'https://events.pagerduty.com/v2/enqueue';

/** Who is told. */
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
