import { findScenario } from '../../../cli/find-scenario.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { readScenario } from '../../../twin/scenarios/references.ts';
import { runScenario } from '../../../twin/scenarios/run-scenario.ts';
import type { Scenario } from '../../../twin/scenarios/scenario.ts';
import { clientFigures, MEASURED_AT_SECONDS, meterOf, type OurFigures } from './seed-figures.ts';

/**
 * Rehearses the failover of `region-outage` by the step code and the machine that are deployed, and stops after it.
 * `npm run rehearse -- region-outage --seed <n>` plays the same failover, and the failback after it.
 */
export async function measureOurs(config: ResolvedConfig, seed: number): Promise<OurFigures> {
  let clients: (() => readonly number[]) | undefined;
  const { failover, expectations } = await runScenario({
    scenario: failoverOnly(),
    config,
    seed,
    onWorld: (world, faultAtMs) => {
      if (faultAtMs === undefined) throw new TypeError('the scenario region-outage hurts nobody');
      const meter = meterOf(world, faultAtMs);
      clients = () => clientFigures(meter, world.clock.nowEpochMs()).clientRtoSeconds;
    },
  });
  return {
    status: failover.status,
    firstChangedAnswerSeconds: failover.firstChangedAnswerSeconds,
    phases: failover.phases,
    clientRtoSeconds: clients?.() ?? [],
    broken: expectations.filter(({ held }) => !held).map(({ text }) => text),
  };
}

/** No person acts and nothing is expected but the twin's invariants, which every run is judged by. */
function failoverOnly(): Scenario {
  const scenario = readScenario(findScenario('region-outage'));
  return { ...scenario, actions: [], expectations: [], untilSeconds: MEASURED_AT_SECONDS };
}
