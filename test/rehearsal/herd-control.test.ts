import { describe, expect, it } from 'vitest';
import exampleConfig from '../../switchyard.config.ts';
import type { RehearsalResult } from '../../twin/scenarios/result-document.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { broken, rehearse } from '../_helpers/rehearse.ts';

/** Everything that keeps a herd away, with a short ladder. */
const CONFIG = {
  ...exampleConfig,
  traffic: { ...exampleConfig.traffic, retries: 'service.retries', cacheHits: 'cache.hits' },
  failback: {
    ...exampleConfig.failback,
    rungs: [50, 100],
    bakeMinutes: 10,
    slowStartPercent: 25,
    minimumCacheHitPercent: 80,
    requestCaps: { '50': 150 },
  },
};

const WARM_AT = 4_900;
const STORM_AT = 5_700;

/** A Region that comes back cold, and once half of the traffic is there is asked again and again. */
const asHerd = (scenario: Scenario): Scenario => ({
  ...scenario,
  untilSeconds: 6_400,
  faults: [
    ...scenario.faults.slice(0, 1),
    { kind: 'cold-cache', region: 'primary', hitPercent: 20, atSeconds: 600, untilSeconds: WARM_AT },
    { kind: 'retry-storm', region: 'primary', attempts: 2, atSeconds: STORM_AT },
  ],
  expectations: scenario.expectations.slice(0, 1),
});

const eventsOf = ({ operations }: RehearsalResult) => operations[1]?.events ?? [];
const weightsOf = (result: RehearsalResult) =>
  eventsOf(result)
    .filter(({ step }) => step === 'write-records')
    .map(({ atSeconds, detail }) => ({ atSeconds, weights: detail['weights'] as Record<string, number> }));

describe('a Region that is just back', () => {
  it('gets its share once it is warm, by small steps, and gives it back in a retry storm', async () => {
    const result = await rehearse({ scenario: 'failback-canary-breach', change: asHerd, config: CONFIG });
    expect(broken(result)).toEqual([]);
    const [first, step, rung] = weightsOf(result).map(({ atSeconds, weights }) => ({
      atSeconds,
      weight: weights['ap-southeast-1'],
    }));
    expect([first?.weight, step?.weight, rung?.weight]).toEqual([0, 25, 50]);
    expect(step?.atSeconds).toBeGreaterThan(WARM_AT);
    expect((rung?.atSeconds ?? 0) - (step?.atSeconds ?? 0)).toBeGreaterThan(exampleConfig.ttlSeconds);
    expect(eventsOf(result)).toContainEqual(
      expect.objectContaining({
        step: 'climb-ladder',
        outcome: 'waiting',
        detail: expect.objectContaining({ warmFor: 50 }),
      }),
    );
    expect(result.notifications.at(-1)?.text).toMatch(
      /a retry storm: (1\.[5-9]|2\.0)\d attempts per request in ap-southeast-1/,
    );
    expect(result.answers.atEnd).toEqual([{ value: 'tokyo.storefront.example', share: 1 }]);
  });
});
