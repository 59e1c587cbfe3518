import { describe, expect, it } from 'vitest';
import { scenarioNames } from '../../cli/find-scenario.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { lastingAtMost, outageOnly } from '../_helpers/mutations.ts';
import { broken, rehearse } from '../_helpers/rehearse.ts';

/*
 * A rehearsal that passes proves something only if it can fail. Here each scenario loses its fault, or one of them; an
 * expectation or an invariant must break every time. The guards are taken away in mutation.test.ts.
 */

async function brokenIn(scenario: string, change: (scenario: Scenario) => Scenario): Promise<readonly string[]> {
  return broken(await rehearse({ scenario, change }));
}

describe('without its fault', () => {
  it.each(scenarioNames())('%s does not pass', async (name) => {
    // Where people are the fault, the last of them stays away.
    const withoutFaults = (scenario: Scenario): Scenario => ({
      ...lastingAtMost(3_600)(scenario),
      faults: [],
      ...(scenario.faults.length === 0 ? { actions: scenario.actions.slice(0, -1) } : {}),
    });
    expect(await brokenIn(name, withoutFaults)).not.toEqual([]);
  });
});

describe('without one of its faults', () => {
  it.each([0, 1, 2, 3])('dependency-lies does not pass: %i', async (left) => {
    const withoutOne = (scenario: Scenario): Scenario => ({
      ...scenario,
      faults: scenario.faults.filter((_, index) => index !== left),
    });
    expect(await brokenIn('dependency-lies', withoutOne)).toContainEqual(expect.stringMatching(/are both unknown$/));
  });

  it('coordination-unreachable does not pass: the dark witness', async () => {
    const withoutWitness = (scenario: Scenario): Scenario => ({
      ...scenario,
      faults: scenario.faults.filter((fault) => !('region' in fault && fault.region === 'witness')),
    });
    expect(await brokenIn('coordination-unreachable', withoutWitness)).toEqual([
      'while two members of the table hold together',
    ]);
  });
});

describe('without the quorum of the coordination table', () => {
  it('coordination-unreachable moves nobody', async () => {
    const alsoTheVantage = (scenario: Scenario): Scenario => ({
      ...outageOnly(scenario),
      faults: [...scenario.faults, { kind: 'region-dark', region: 'vantage', atSeconds: 600 }],
    });
    expect(await brokenIn('coordination-unreachable', alsoTheVantage)).toContain('an automatic failover succeeds');
  });
});
