import { describe, expect, it } from 'vitest';
import { fleet } from '../../scripts/bench/rto/fleet.ts';
import exampleConfig from '../../switchyard.config.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { rehearse } from '../_helpers/rehearse.ts';

const sized =
  (applications: number, change: Partial<Scenario> = {}) =>
  (scenario: Scenario): Scenario => ({ ...scenario, untilSeconds: 1_500, fleet: { applications }, ...change });

describe('a fleet in the twin', () => {
  it('is evacuated by as many writes as one application, in the same time', async () => {
    const one = await fleet(1, 3, exampleConfig);
    const forty = await fleet(40, 3, exampleConfig);
    expect(forty.switchCalls).toBe(one.switchCalls);
    expect(forty.switchSeconds).toBeLessThanOrEqual(one.switchSeconds * 1.1 + 5);
    expect(forty.apiCalls).toBeGreaterThan(one.apiCalls);
  });

  it("moves nobody by its switch where one member's fence cannot be proven, and says who", async () => {
    // The promotion of every member is refused: each puts back what it changed, and writes where it wrote.
    const refused = {
      ...{ atSeconds: 500, kind: 'api-refused' as const, service: 'rds', operation: 'FailoverGlobalCluster' },
      ...{ error: 'InvalidGlobalClusterStateFault', message: 'not now' },
    };
    const change = (scenario: Scenario): Scenario =>
      sized(5, { faults: [...scenario.faults, refused as Scenario['faults'][number]] })(scenario);
    const { world, answers } = await rehearse({ scenario: 'fleet-evacuation', change });
    expect(world.fleet).toMatchObject({ status: 'NEEDS_OPERATOR', switchWrites: 0, moved: 0 });
    expect(answers.atEnd).toEqual(answers.before);
  });

  it('goes on with one guardian', async () => {
    const refused = {
      ...{ atSeconds: 500, kind: 'api-refused' as const, service: 's3', operation: 'PutObject', region: 'vantage' },
      ...{ error: 'AccessDenied', message: 'no' },
    };
    const change = (scenario: Scenario): Scenario =>
      sized(5, { faults: [...scenario.faults, refused as Scenario['faults'][number]] })(scenario);
    const { world } = await rehearse({ scenario: 'fleet-evacuation', change });
    expect(world.fleet).toMatchObject({ switchWrites: 1, moved: 5, fencedBeforeFlip: 5 });
  });
});
