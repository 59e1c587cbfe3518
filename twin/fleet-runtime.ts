import { createFleetPorts } from '../adapters/aws/create-fleet-ports.ts';
import type { WholeFleetContext } from '../core/fleet/fleet-ports.ts';
import type { ResolvedFleet } from '../core/fleet/fleet-types.ts';
import { createCheckMember } from '../lambdas/check-member/check-member.ts';
import { createCloseFleet } from '../lambdas/close-fleet/close-fleet.ts';
import { createFlipFleet } from '../lambdas/flip-fleet/flip-fleet.ts';
import { createJudgeFleet } from '../lambdas/judge-fleet/judge-fleet.ts';
import { createOpenFleet } from '../lambdas/open-fleet/open-fleet.ts';
import { createReleaseFleet } from '../lambdas/release-fleet/release-fleet.ts';
import { createStartMember } from '../lambdas/start-member/start-member.ts';
import { createTakeOverSwitch } from '../lambdas/take-over-switch/take-over-switch.ts';
import type { FleetStep } from '../state-machines/contracts.ts';
import { asLambdaError, type LambdaSettings, NO_TELEMETRY, startUp } from './lambda-runtime.ts';

type LambdaFunction = (input: never) => Promise<unknown>;

/** Every function of a fleet, by name: the real step code. */
const FUNCTIONS: Readonly<Record<FleetStep, (context: WholeFleetContext) => LambdaFunction>> = {
  'check-member': createCheckMember,
  'close-fleet': createCloseFleet,
  'flip-fleet': createFlipFleet,
  'judge-fleet': createJudgeFleet,
  'open-fleet': createOpenFleet,
  'release-fleet': createReleaseFleet,
  'start-member': createStartMember,
  'take-over-switch': createTakeOverSwitch,
};

/** What a fleet's functions run on. */
export interface FleetRuntimeSettings
  extends Pick<LambdaSettings, 'deployment' | 'clock' | 'clocks' | 'network' | 'random' | 'aws' | 'concurrency'> {
  readonly fleet: ResolvedFleet;
}

/** Runs the functions of a fleet's own stacks. */
export interface FleetRuntime {
  /** Rejects with the function's error under its own name. A dark Region never answers. */
  invoke(region: string, name: FleetStep, payload: unknown): Promise<unknown>;
}

/** Creates the runtime. */
export function createFleetRuntime(settings: FleetRuntimeSettings): FleetRuntime {
  const { fleet, deployment, network, aws, clocks, concurrency } = settings;
  const warm = new Map<string, LambdaFunction>();
  return {
    invoke: async (region, name, payload) => {
      if (network.isDark(region)) return new Promise(() => {});
      const leave = concurrency?.enter(region);
      try {
        const key = `${region}/${name}`;
        await startUp(settings, warm.has(key));
        const environment = { fleet, deployment, region, clients: aws.clientsIn(region) };
        const surroundings = { clock: clocks.of(region), telemetry: NO_TELEMETRY };
        const run =
          warm.get(key) ?? FUNCTIONS[name]({ fleet, region, ports: createFleetPorts(environment, surroundings) });
        warm.set(key, run);
        return await run(structuredClone(payload) as never);
      } catch (error) {
        throw asLambdaError(error);
      } finally {
        leave?.();
      }
    },
  };
}
