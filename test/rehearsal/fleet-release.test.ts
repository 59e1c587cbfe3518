import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { stepFunctionsClient } from '../../adapters/aws/clients.ts';
import { findScenario } from '../../cli/find-scenario.ts';
import { names } from '../../core/config/names.ts';
import exampleConfig from '../../switchyard.config.ts';
import { readScenario } from '../../twin/scenarios/references.ts';
import { runOnce } from '../../twin/scenarios/run-once.ts';
import { TWIN_DEPLOYMENT, type World } from '../../twin/world/world.ts';
import { SINGAPORE, TOKYO } from '../_helpers/coordination-samples.ts';

const APPLICATIONS = 5;
/** Every member's operation has ended by then. */
const RELEASED_AT_SECONDS = 1_400;
const FLEET = 'rehearsal';

/** A switch that was put or taken away, `<key> in <bucket>`. */
interface SwitchChange {
  readonly is: string;
  readonly key: string;
  readonly bucket: string;
}

/** Starts the release as a person would, and gives what it started. */
async function startRelease(world: World): Promise<void> {
  const application = names.fleetApplication(FLEET);
  const stateMachineArn = names.stateMachineArn({ application }, TWIN_DEPLOYMENT, {
    region: TOKYO,
    machine: 'fleet-release',
  });
  const request = { fleet: FLEET, source: TOKYO, target: SINGAPORE, reason: 'it is back', mode: 'manual' };
  const input = JSON.stringify({ ...request, requestedBy: 'tester' });
  const client = stepFunctionsClient(TOKYO, world.aws.clientsIn('operator'));
  await client.send(new StartExecutionCommand({ stateMachineArn, name: 'release-1', input }));
}

async function evacuateAndRelease() {
  const found = readScenario(findScenario('fleet-evacuation'));
  const scenario = { ...found, untilSeconds: 1_700, fleet: { applications: APPLICATIONS }, expectations: [] };
  const changes: SwitchChange[] = [];
  let release: { readonly status: string } | undefined;
  const { result } = await runOnce({
    scenario,
    config: exampleConfig,
    seed: 1,
    onWorld: (world, faultAtMs = 0) => {
      world.events.listen((event) => {
        if (event.kind === 'objects') changes.push({ ...event.change });
        if (event.kind === 'item' && String(event.item['operationId']) === 'release-1' && 'status' in event.item)
          release = { status: String(event.item['status']) };
      });
      const [fault] = scenario.faults;
      const releaseAtMs = faultAtMs + (RELEASED_AT_SECONDS - (fault?.atSeconds ?? 0)) * 1000;
      setTimeout(() => void startRelease(world), releaseAtMs - Date.now());
    },
  });
  return { result, changes, release };
}

describe('the release of a fleet in the twin', () => {
  it("sets every member's own switch before the fleet's is taken away, and moves nobody", async () => {
    const { result, changes, release } = await evacuateAndRelease();
    expect(result.world.fleet).toMatchObject({
      status: 'SUCCEEDED',
      moved: APPLICATIONS,
      ownSwitchWrites: 2 * APPLICATIONS,
    });
    expect(release).toEqual({ status: 'SUCCEEDED' });
    const ofFleet = changes.filter(({ key }) => key === names.fleetKey(SINGAPORE));
    expect(ofFleet.map(({ is }) => is)).toEqual(['put', 'put', 'deleted', 'deleted']);
    const firstGone = changes.findIndex(({ is, key }) => is === 'deleted' && key === names.fleetKey(SINGAPORE));
    const own = changes.slice(0, firstGone).filter(({ is, key }) => is === 'put' && key.startsWith('evacuate/'));
    expect(new Set(own.map(({ key }) => key)).size).toBe(APPLICATIONS);
    expect(result.answers.atEnd).toEqual(result.answers.afterFailover);
  });
});
