import { findScenario } from '../../../cli/find-scenario.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { readScenario } from '../../../twin/scenarios/references.ts';
import { runScenario } from '../../../twin/scenarios/run-scenario.ts';
import type { Scenario } from '../../../twin/scenarios/scenario.ts';

/** What evacuating a fleet took. */
export interface FleetFigures {
  /** From the fault until the last application's answers had moved everywhere. */
  readonly virtualSeconds: number;
  /** From the first write of the switch until then. */
  readonly switchSeconds: number;
  /** Writes of evacuation switches, of whatever kind. */
  readonly switchCalls: number;
  /** Calls of all AWS APIs over the whole rehearsal. */
  readonly apiCalls: number;
}

/** Everything that the figures speak of is over by then; the records, which follow in turns, are not. */
const UNTIL_SECONDS = 1_200;

/**
 * Evacuates a fleet of so many applications in the twin, by the scenario `fleet-evacuation`.
 *
 * @throws where an application was not moved, or moved without its fence: then there is nothing to measure.
 */
export async function fleet(applications: number, seed: number, config: ResolvedConfig): Promise<FleetFigures> {
  const scenario = sized(readScenario(findScenario('fleet-evacuation')), applications);
  const { world, failover } = await runScenario({ scenario, config, seed });
  const facts = world.fleet;
  const whole = facts?.moved === applications && facts.fencedBeforeFlip === applications;
  if (facts === null || !whole || facts.allMovedAtSeconds === null || facts.switchSeconds === null) {
    throw new Error(
      `seed ${seed}: the fleet of ${applications} was not evacuated: ${JSON.stringify({ facts, failover })}`,
    );
  }
  const [{ atSeconds: faultAtSeconds } = { atSeconds: 0 }] = scenario.faults;
  return {
    virtualSeconds: Math.round((facts.allMovedAtSeconds - faultAtSeconds) * 1000) / 1000,
    switchSeconds: facts.switchSeconds,
    switchCalls: facts.switchWrites + facts.ownSwitchWrites,
    apiCalls: Object.values(world.apiCalls).reduce((sum, calls) => sum + calls, 0),
  };
}

function sized(scenario: Scenario, applications: number): Scenario {
  return { ...scenario, fleet: { applications }, untilSeconds: UNTIL_SECONDS };
}
