import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  CHANNEL_DEADLINE_MS,
  createNotifier,
  type NotificationChannel,
} from '../../../adapters/notification/channel.ts';
import type { Message } from '../../../core/notification/channel.ts';
import { chatDocument } from '../../../core/notification/chat-document.ts';
import { incidentOf } from '../../../core/notification/incident.ts';
import { approvalMessage, holdMessage, progressMessage } from '../../../core/notification/messages.ts';
import { pagerDutyEvent } from '../../../core/notification/pagerduty-event.ts';
import type { OperationRequest } from '../../../core/operation/request.ts';
import { STEP_LIMITS } from '../../../state-machines/contracts.ts';
import { SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';
import { NOW } from '../../_helpers/observations.ts';
import { recordOf, requestOf, stateOf } from '../../_helpers/operations.ts';

const KEY = 'K'.repeat(32);
const TOKEN = 'AQCEAAAAKgAAAAMAAAAAAAAAAT';

function factsOf(request: Partial<OperationRequest> = {}) {
  const config = testConfig({ notify: { incidentChannel: '#incident' } });
  return { config, region: TOKYO, record: recordOf({ request: requestOf(request) }), nowEpochMs: NOW };
}

function eventOf({ incident, ...message }: Message) {
  if (incident === undefined) throw new Error('speaks of no operation');
  return pagerDutyEvent(message, incident, KEY);
}

describe('an operation as an incident', () => {
  it.each([
    ['started', 'automatic', 'open', 'critical'],
    ['started', 'emergency', 'open', 'critical'],
    ['started', 'manual', 'open', 'warning'],
    ['started', 'planned', 'open', 'info'],
    ['approval-requested', 'manual', 'open', 'warning'],
    ['held', 'planned', 'open', 'critical'],
    ['failed', 'planned', 'open', 'error'],
    ['succeeded', 'automatic', 'over', 'critical'],
    ['aborted', 'manual', 'over', 'warning'],
  ] as const)('that is %s, in mode %s, is %s and %s', (event, mode, state, severity) => {
    expect(incidentOf(recordOf({ request: requestOf({ mode }) }), event)).toEqual({
      key: 'storefront-1-manual',
      state,
      severity,
    });
  });
});

describe('an event for PagerDuty', () => {
  it('opens an incident under the id of the operation, with every fact', () => {
    const message = progressMessage({ ...factsOf({ mode: 'automatic' }), event: 'started' });
    const event = eventOf(message);
    expect(event).toMatchObject({
      routing_key: KEY,
      event_action: 'trigger',
      dedup_key: 'storefront-1-manual',
      client: 'Switchyard',
      payload: {
        source: SINGAPORE,
        severity: 'critical',
        component: 'storefront',
        class: 'failover',
        custom_details: { event: 'started', status: 'STARTED', target: TOKYO, incidentChannel: '#incident' },
      },
    });
    expect(event.payload.summary).toBe(`${message.subject}: ${message.text}`);
    expect(event.client_url).toContain(`https://${TOKYO}.console.aws.amazon.com/`);
  });

  it('resolves the incident at the end, under the same key', () => {
    expect(eventOf(progressMessage({ ...factsOf(), event: 'succeeded' }))).toMatchObject({
      event_action: 'resolve',
      dedup_key: 'storefront-1-manual',
    });
  });

  it('keeps to the lengths that PagerDuty takes', () => {
    const event = eventOf(progressMessage({ ...factsOf(), event: 'failed', cause: 'x'.repeat(5_000) }));
    expect(event.payload.summary).toHaveLength(1_024);
  });
});

describe('a message for a chat', () => {
  it('says what happened and where to look, in plain text', () => {
    const { text } = chatDocument(progressMessage({ ...factsOf({ reason: 'a <b> & c' }), event: 'started' }));
    expect(text.split('\n')).toEqual([
      `*[FAILOVER][STARTED] storefront: ${SINGAPORE} -&gt; ${TOKYO}*`,
      expect.stringContaining('Reason: a &lt;b&gt; &amp; c, requested by alice.'),
      expect.stringMatching(/^console: https:/),
      'runbook: docs/runbooks/failover.md',
      'incidentChannel: #incident',
    ]);
  });
});

describe('what leaves the account', () => {
  it.each([
    ['an approval that is asked for', approvalMessage({ ...factsOf(), taskToken: TOKEN })],
    [
      'an operation that is held',
      holdMessage({ ...factsOf(), taskToken: TOKEN, cause: 'no answer', state: stateOf() }),
    ],
  ])('cannot answer %s', (_, message) => {
    expect(message.body).toContain(TOKEN);
    expect(JSON.stringify([eventOf(message), chatDocument(message)])).not.toContain(TOKEN);
  });
});

describe('telling by several channels', () => {
  afterEach(() => vi.useRealTimers());
  const message = progressMessage({ ...factsOf(), event: 'started' });
  const channel = (name: NotificationChannel['name'], send: NotificationChannel['send']): NotificationChannel => ({
    name,
    send,
  });

  it('gives up on one that says nothing, and holds up no other', async () => {
    vi.useFakeTimers();
    const taken: string[] = [];
    const notifier = createNotifier([
      channel('sns', async () => void taken.push('sns')),
      channel('pagerduty', () => new Promise(() => undefined)),
      channel('chat', () => Promise.reject(new Error('HTTP status 404'))),
    ]);
    const telling = notifier.send(message);
    await vi.advanceTimersByTimeAsync(0);
    expect(taken).toEqual(['sns']);
    await vi.advanceTimersByTimeAsync(CHANNEL_DEADLINE_MS);
    expect(await telling).toMatchObject([
      { channel: 'sns', sent: true },
      { channel: 'pagerduty', sent: false, reason: `no answer within ${CHANNEL_DEADLINE_MS} ms` },
      { channel: 'chat', sent: false, reason: 'HTTP status 404' },
    ]);
  });

  it('asks those alone that are named', async () => {
    const notifier = createNotifier([channel('sns', async () => undefined), channel('chat', async () => undefined)]);
    expect(await notifier.send(message, ['chat', 'pagerduty'])).toEqual([{ channel: 'chat', sent: true }]);
  });

  it('is over within half of the time that its step has', () => {
    expect(CHANNEL_DEADLINE_MS).toBeLessThanOrEqual((STEP_LIMITS['send-notification'].timeoutSeconds * 1000) / 2);
  });
});
