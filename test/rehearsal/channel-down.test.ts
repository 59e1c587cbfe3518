import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import exampleConfig from '../../switchyard.config.ts';
import type { RehearsalResult } from '../../twin/scenarios/result-document.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { TWIN_SECRETS, type Webhook } from '../../twin/world/webhooks.ts';
import { broken, rehearse } from '../_helpers/rehearse.ts';

const config = resolveConfig({
  ...exampleConfig,
  notify: {
    ...exampleConfig.notify,
    pagerDuty: { routingKey: { secret: 'storefront/pagerduty' } },
    chat: { webhookUrl: { parameter: '/storefront/chat' } },
  },
});

/** The primary dies while some channels answer nobody. */
function outage(down: readonly Webhook[]): Scenario {
  return {
    name: 'outage',
    about: 'the primary dies, and channels with it',
    untilSeconds: 1_200,
    faults: [
      ...down.map((channel) => ({ kind: 'channel-down' as const, channel, atSeconds: 0 })),
      { kind: 'region-dark', region: 'primary', atSeconds: 600 },
    ],
    actions: [],
    expectations: [{ text: 'the failover succeeds', path: 'failover.status', op: 'equals', value: 'SUCCEEDED' }],
  };
}

/** Outcomes of the lines about telling people, by event and channel. */
function told({ operations }: RehearsalResult): Readonly<Record<string, readonly string[]>> {
  const lines = operations[0]?.events.filter(({ step }) => step === 'send-notification') ?? [];
  const by: Record<string, string[]> = {};
  for (const { outcome, detail } of lines) {
    const key = `${detail['event']} by ${detail['channel']}`;
    by[key] = [...(by[key] ?? []), outcome];
  }
  return by;
}

describe('an operation whose people are told by three channels', () => {
  it('opens an incident and resolves it, and puts every channel on record', async () => {
    const result = await rehearse({ scenario: outage([]), config });
    expect(broken(result)).toEqual([]);
    expect(told(result)).toEqual({
      'started by sns': ['done'],
      'started by pagerduty': ['done'],
      'started by chat': ['done'],
      'succeeded by sns': ['done'],
      'succeeded by pagerduty': ['done'],
      'succeeded by chat': ['done'],
    });
    const incidents = result.notifications.filter(({ channel }) => channel === 'pagerduty');
    expect(incidents.map(({ subject }) => subject)).toEqual(['trigger', 'resolve']);
  });

  it('moves traffic no more than 5 s later where both services are dead, and says who was not told', async () => {
    const well = await rehearse({ scenario: outage([]), config });
    const dead = await rehearse({ scenario: outage(['pagerduty', 'chat']), config });
    expect(broken(dead)).toEqual([]);
    const delay = (dead.failover.firstChangedAnswerSeconds ?? 1e9) - (well.failover.firstChangedAnswerSeconds ?? 0);
    expect(delay).toBeLessThanOrEqual(5.5);
    expect(told(dead)).toMatchObject({
      'started by sns': ['done'],
      'started by pagerduty': ['failed'],
      'started by chat': ['failed'],
      'succeeded by sns': ['done'],
      // The first try and the machine's three.
      'succeeded by chat': ['failed', 'failed', 'failed', 'failed'],
    });
  });

  it('tells no secret to anybody', async () => {
    for (const down of [[], ['pagerduty', 'chat']] as const) {
      const text = JSON.stringify(await rehearse({ scenario: outage(down), config }));
      for (const secret of Object.values(TWIN_SECRETS)) expect(text).not.toContain(secret);
    }
  });
});
