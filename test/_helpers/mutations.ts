import { vi } from 'vitest';
import type { Scenario } from '../../twin/scenarios/scenario.ts';

/** The texts of what does not hold of a scenario, rehearsed with modules as they are mocked by now. */
export async function brokenIn(
  scenario: string,
  change: (scenario: Scenario) => Scenario = (same) => same,
): Promise<readonly string[]> {
  vi.resetModules();
  const { broken, rehearse } = await import('./rehearse.ts');
  return broken(await rehearse({ scenario, change }));
}

/** The outage alone: what follows the failback is not needed. */
export const outageOnly = (scenario: Scenario): Scenario => ({ ...scenario, actions: [], untilSeconds: 1_200 });

/** A long scenario is cut short: nothing that it expects comes to pass by itself later. */
export const lastingAtMost =
  (seconds: number) =>
  ({ untilSeconds, ...scenario }: Scenario): Scenario =>
    untilSeconds === undefined ? scenario : { ...scenario, untilSeconds: Math.min(untilSeconds, seconds) };

/** A scenario that is looked at so soon that what a guard should have done is missing. */
export const endingAt =
  (untilSeconds: number) =>
  (scenario: Scenario): Scenario => ({ ...scenario, untilSeconds });
