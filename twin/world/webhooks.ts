import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Channel } from '../../core/notification/channel.ts';
import { parameterNameOf } from '../../core/notification/secret-reference.ts';
import type { HttpAnswer, WebhookClient } from '../../core/ports.ts';
import type { Notification } from '../aws/sns.ts';
import { draw, type Random } from '../random.ts';
import type { TwinClock } from '../virtual-clock.ts';
import { LATENCIES } from './latencies.ts';
import type { Network } from './network.ts';

/** Channels outside AWS. */
export const WEBHOOKS = ['pagerduty', 'chat'] as const satisfies readonly Channel[];
export type Webhook = (typeof WEBHOOKS)[number];

/** The key and the URL that the world's secrets hold; nobody may ever see them anywhere else. */
export const TWIN_SECRETS: Readonly<Record<Webhook, string>> = {
  pagerduty: 'R0UT1NGKEY0FTHETW1N0000000000000',
  chat: 'https://chat.example/hooks/T0TW1N/S3CRET',
};

/** Services that are told by webhooks, somewhere on the internet. */
export interface Webhooks {
  /** As something in a Region reaches them. */
  from(region: string): WebhookClient;
  /** Lets one answer nobody. */
  setDown(webhook: Webhook, down: boolean): void;
}

/** What the services are reached through. */
export interface WebhookWorld {
  readonly config: ResolvedConfig;
  readonly clock: TwinClock;
  readonly network: Network;
  readonly random: Random;
  readonly onTaken: (notification: Notification) => void;
}

/** Values of the secrets that the config names, by the name of the parameter that gives them. */
export function secretValues({ notify: { pagerDuty, chat } }: ResolvedConfig): ReadonlyMap<string, string> {
  return new Map([
    ...(pagerDuty === undefined ? [] : [[parameterNameOf(pagerDuty.routingKey), TWIN_SECRETS.pagerduty] as const]),
    ...(chat === undefined ? [] : [[parameterNameOf(chat.webhookUrl), TWIN_SECRETS.chat] as const]),
  ]);
}

/** Services that take what comes with the right secret, and refuse anything else. */
export function createWebhooks({ config, clock, network, random, onTaken }: WebhookWorld): Webhooks {
  const down = new Set<Webhook>();
  const urls: Readonly<Record<Webhook, string | undefined>> = {
    pagerduty: config.notify.pagerDuty?.url,
    chat: TWIN_SECRETS.chat,
  };
  return {
    setDown: (webhook, isDown) => void (isDown ? down.add(webhook) : down.delete(webhook)),
    from: (region) => ({
      post: async (url, document, { timeoutMs }) => {
        const webhook = WEBHOOKS.find((name) => urls[name] === url);
        if (webhook === undefined || down.has(webhook) || network.isDark(region)) {
          await clock.sleep(timeoutMs);
          return { answered: false, reason: `no answer within ${timeoutMs} ms` };
        }
        await clock.sleep(draw(LATENCIES.httpOtherRegion.milliseconds, random));
        return answer(webhook, document, (told) =>
          onTaken({ atMs: clock.worldNow(), region, channel: webhook, ...told }),
        );
      },
    }),
  };
}

/** As the services answer: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ and Slack's incoming webhooks. */
function answer(
  webhook: Webhook,
  document: unknown,
  take: (told: Pick<Notification, 'subject' | 'body'>) => void,
): HttpAnswer {
  const { routing_key: key, ...event } = document as Readonly<Record<string, unknown>>;
  if (webhook === 'pagerduty' && key !== TWIN_SECRETS.pagerduty) return { answered: true, status: 400, body: '{}' };
  const { summary } = (event['payload'] ?? {}) as { readonly summary?: string };
  const text = summary ?? event['text'];
  take({ subject: String(event['event_action'] ?? 'message'), body: JSON.stringify({ ...event, text }) });
  return webhook === 'pagerduty'
    ? { answered: true, status: 202, body: '{"status":"success"}' }
    : { answered: true, status: 200, body: 'ok' };
}
