import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { broken, rehearse } from '../_helpers/rehearse.ts';

/** The scenario with the death of the serving Region at another moment of the failback. */
function dyingAt(atSeconds: number): (scenario: Scenario) => Scenario {
  return (scenario) => ({
    ...scenario,
    untilSeconds: atSeconds + 900,
    faults: scenario.faults.map((fault, index) => (index === 1 ? { ...fault, atSeconds } : fault)),
  });
}

describe('a serving Region that dies during a failback', () => {
  it.each([
    { when: 'while the records settle', atSeconds: 4212 },
    { when: 'while the switch opens', atSeconds: 4300 },
    { when: 'while the writer moves', atSeconds: 8262 },
  ])('is left for the other one, $when', async ({ atSeconds }) => {
    const result = await rehearse({ scenario: 'serving-region-dies', change: dyingAt(atSeconds), seed: 1 });
    expect(broken(result)).toEqual([]);
  });
});
