import { createMemoryCoordination } from '../../adapters/memory/memory-coordination.ts';
import { resolveFleet } from '../../core/fleet/fleet-config.ts';
import type { WholeFleetContext } from '../../core/fleet/fleet-ports.ts';
import { initialFleetState } from '../../core/fleet/fleet-state.ts';
import type { ResolvedFleet } from '../../core/fleet/fleet-types.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import type { OperationEvent } from '../../core/operation/operation-record.ts';
import type { Coordination, EvacuationSwitch, GuardianOutcome, StateMachines } from '../../core/ports.ts';
import { createOpenFleet } from '../../lambdas/open-fleet/open-fleet.ts';
import type { FleetInput } from '../../state-machines/contracts-fleet.ts';
import exampleConfig from '../../switchyard.config.ts';
import { SINGAPORE, TOKYO } from './coordination-samples.ts';
import { fakeTelemetry } from './steps/fake-ports.ts';
import { type ManualClock, manualClock } from './steps/step-world.ts';

/** A fleet as a person writes it. */
export const FLEET_INPUT = {
  fleet: 'shop',
  regions: [SINGAPORE, TOKYO],
  vantages: ['ap-northeast-2'],
  coordination: { replicas: ['ap-northeast-1', 'ap-northeast-2'], witness: 'ap-northeast-3' },
  members: ['storefront', 'search', 'checkout'],
  sentinels: ['storefront', 'checkout'],
};

/** A switch that remembers, and fails where the test says so. */
export interface FakeFleetSwitch extends EvacuationSwitch {
  readonly set: Set<string>;
  failing: readonly string[];
}

function fakeFleetSwitch(label: string, set: Set<string>): FakeFleetSwitch {
  const fake: FakeFleetSwitch = {
    set,
    failing: [],
    evacuate: async (region) => outcomes(fake.failing, () => set.add(`${label} ${region}`)),
    admit: async (region) => outcomes(fake.failing, () => set.delete(`${label} ${region}`)),
    tidy: async () => [],
  };
  return fake;
}

function outcomes(failing: readonly string[], act: () => unknown): readonly GuardianOutcome[] {
  if (failing.length < 2) act();
  return ['ap-northeast-1', 'ap-northeast-2'].map((guardian) =>
    failing.includes(guardian) ? { guardian, done: false, reason: 'TimeoutError' } : { guardian, done: true },
  );
}

/** A fleet and its members, in memory. */
export interface FleetTestWorld {
  readonly fleet: ResolvedFleet;
  readonly clock: ManualClock;
  readonly context: WholeFleetContext;
  readonly coordination: Coordination;
  readonly fleetSwitch: FakeFleetSwitch;
  readonly started: { readonly application: string; readonly name: string; readonly input: unknown }[];
  /** Switches that are set, `fleet <region>` or `<member> <region>`. */
  readonly switches: Set<string>;
  member(application: string): Coordination;
  memberSwitch(application: string): FakeFleetSwitch;
  setMember(application: string, set: Partial<ApplicationState>): Promise<void>;
  open(kind?: 'failover' | 'failback', request?: Readonly<Record<string, unknown>>): Promise<FleetInput>;
  lines(input: FleetInput, step: string): Promise<readonly OperationEvent[]>;
}

export function fleetWorld(): FleetTestWorld {
  const fleet = resolveFleet(FLEET_INPUT);
  const clock = manualClock();
  const coordination = createMemoryCoordination(exampleConfig, initialFleetState(fleet));
  const switches = new Set<string>();
  const fleetSwitch = fakeFleetSwitch('fleet', switches);
  const members = new Map(
    fleet.members.map((application) => [application, createMemoryCoordination({ ...exampleConfig, application })]),
  );
  const memberSwitches = new Map(fleet.members.map((name) => [name, fakeFleetSwitch(name, switches)]));
  const started: FleetTestWorld['started'] = [];
  const ports: WholeFleetContext['ports'] = {
    clock,
    coordination,
    fleetSwitch,
    telemetry: fakeTelemetry(),
    members: {
      coordinationOf: (application) => found(members, application),
      evacuationOf: (application) => found(memberSwitches, application),
      startFailover: async (application, execution) => {
        started.push({ application, ...execution });
        return { kind: 'started', executionArn: 'arn' };
      },
    },
  };
  const context: WholeFleetContext = { fleet, region: TOKYO, ports };
  return {
    ...{ fleet, clock, context, coordination, fleetSwitch, started, switches },
    member: (application) => found(members, application),
    memberSwitch: (application) => found(memberSwitches, application),
    setMember: async (application, set) => {
      await found(members, application).readState();
      await found(members, application).transition({ expect: {}, set });
    },
    open: async (kind = 'failover', request = {}) => {
      const ways = kind === 'failover' ? { source: SINGAPORE, target: TOKYO } : { source: TOKYO, target: SINGAPORE };
      const common = { fleet: 'shop', ...ways, reason: 'a test', mode: 'manual', requestedBy: 'tester' };
      const execution = { executionName: `${kind}-1`, executionArn: `arn:${kind}-1` };
      const { operation } = await createOpenFleet(context)({ kind, request: { ...common, ...request }, ...execution });
      return { operation };
    },
    lines: async ({ operation }, step) =>
      (await coordination.readOperation(operation.operationId))?.events.filter((event) => event.step === step) ?? [],
  };
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new RangeError(`no member ${name}`);
  return value;
}

/** Machines that remember what was started. */
export function rememberingMachines(): StateMachines & { readonly names: string[] } {
  const names: string[] = [];
  return {
    names,
    endedAt: async () => undefined,
    start: async ({ name }) => {
      names.push(name);
      return { kind: 'started', executionArn: 'arn' };
    },
  };
}
