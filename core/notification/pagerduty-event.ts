import type { Incident, Message } from './channel.ts';

/** Characters of a summary that PagerDuty keeps: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ */
const LONGEST_SUMMARY = 1024;
/** Characters of a deduplication key, by the same page. */
const LONGEST_DEDUP_KEY = 255;

/** An event of PagerDuty's Events API v2. */
export interface PagerDutyEvent {
  readonly routing_key: string;
  readonly event_action: 'trigger' | 'resolve';
  readonly dedup_key: string;
  readonly client: string;
  readonly client_url?: string;
  readonly payload: {
    readonly summary: string;
    readonly source: string;
    readonly severity: Incident['severity'];
    readonly component: string;
    readonly group: string;
    readonly class: string;
    readonly custom_details: Readonly<Record<string, unknown>>;
  };
}

/**
 * An operation's message as an event. All events of an operation have its id as their key, so that they are one incident:
 * what opens it again while it is open adds to it, and what ends it resolves it.
 */
export function pagerDutyEvent(
  { subject, text, facts }: Message,
  { key, state, severity }: Incident,
  routingKey: string,
): PagerDutyEvent {
  const { console, application, kind, source } = facts;
  return {
    routing_key: routingKey,
    event_action: state === 'open' ? 'trigger' : 'resolve',
    dedup_key: key.slice(0, LONGEST_DEDUP_KEY),
    client: 'Switchyard',
    ...(typeof console === 'string' ? { client_url: console } : {}),
    payload: {
      summary: `${subject}: ${text}`.slice(0, LONGEST_SUMMARY),
      source: String(source),
      severity,
      component: String(application),
      group: 'switchyard',
      class: String(kind),
      custom_details: facts,
    },
  };
}
