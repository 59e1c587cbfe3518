import { chatDocument } from '../../core/notification/chat-document.ts';
import { pagerDutyEvent } from '../../core/notification/pagerduty-event.ts';
import type { Clock, HttpAnswer, WebhookClient } from '../../core/ports.ts';
import type { NotificationChannel } from './channel.ts';

/** How long one request may take, ms; two of them fit into the channel's deadline, with what comes before. */
const REQUEST_TIMEOUT_MS = 1_500;
/** Before the one further try, ms. */
const PAUSE_MS = 500;
const TOO_MANY_REQUESTS = 429;

/** Reads a secret; gives the newest value again after `forget`. */
export interface Secret {
  read(): Promise<string>;
  forget(): void;
}

/** What a webhook is reached by. */
export interface WebhookSettings {
  readonly webhooks: WebhookClient;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly secret: Secret;
}

/**
 * Incidents on PagerDuty by its Events API v2. A message that speaks of no operation is not for whoever is on call.
 *
 * @see https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
 */
export function createPagerDutyChannel(url: string, settings: WebhookSettings): NotificationChannel {
  return {
    name: 'pagerduty',
    send: async (message) => {
      const { incident } = message;
      if (incident === undefined) return;
      await post(settings, (routingKey) => ({ url, document: pagerDutyEvent(message, incident, routingKey) }));
    },
  };
}

/**
 * A chat that takes `{ "text": … }` at a secret URL, as Slack's incoming webhooks do.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/
 */
export function createChatChannel(settings: WebhookSettings): NotificationChannel {
  return {
    name: 'chat',
    send: (message) => post(settings, (url) => ({ url, document: chatDocument(message) })),
  };
}

/** Tries once more where that may help. A secret that was refused is read anew the next time: it may have been rotated. */
async function post(
  { webhooks, clock, secret }: WebhookSettings,
  requestOf: (secret: string) => { readonly url: string; readonly document: unknown },
): Promise<void> {
  const value = await secret.read();
  const { url, document } = requestOf(value);
  const send = (): Promise<HttpAnswer> => webhooks.post(url, document, { timeoutMs: REQUEST_TIMEOUT_MS });
  const first = await send();
  if (isTaken(first)) return;
  if (!mayPass(first)) {
    secret.forget();
    throw new Error(withoutSecret(describe(first), value));
  }
  await clock.sleep(PAUSE_MS);
  const second = await send();
  if (!isTaken(second)) throw new Error(withoutSecret(`${describe(second)}, tried twice`, value));
}

function isTaken(answer: HttpAnswer): boolean {
  return answer.answered && answer.status >= 200 && answer.status < 300;
}

function mayPass(answer: HttpAnswer): boolean {
  return !answer.answered || answer.status === TOO_MANY_REQUESTS || answer.status >= 500;
}

/** The body is left out: whoever answers may repeat what it was sent. */
function describe(answer: HttpAnswer): string {
  return answer.answered ? `HTTP status ${answer.status}` : answer.reason;
}

function withoutSecret(reason: string, secret: string): string {
  return reason.replaceAll(secret, '[secret]');
}
