import { applicationRegions, homeRegion } from '../../../core/config/accessors.ts';
import { names } from '../../../core/config/names.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { isTurn } from '../../../core/fleet/reconcile-turn.ts';
import { initialState } from '../../../core/operation/application-state.ts';
import { nextLeaseAction, WRITE_LEASE } from '../../../core/operation/write-lease.ts';
import { fleetHealthChecks } from '../../../core/routing/compile/health-checks.ts';
import { compileRecordTree } from '../../../core/routing/compile/index.ts';
import type { HealthCheck } from '../../../core/routing/health-check.ts';
import type { RecordTree } from '../../../core/routing/record-tree.ts';
import { FLEET_STEPS, type FleetStep, type Step } from '../../../state-machines/contracts.ts';
import type { AwsWorld, ServiceHandlers } from '../../aws/aws-world.ts';
import { createRds, createRdsOfMany } from '../../aws/rds.ts';
import type { Execution } from '../../aws/states.ts';
import type { CloudWatchTwin } from '../../cloudwatch/cloudwatch-twin.ts';
import { createFleetRuntime } from '../../fleet-runtime.ts';
import { createLambdaRuntime, type LambdaRuntime, type LambdaSettings, NO_TELEMETRY } from '../../lambda-runtime.ts';
import { draw, type RandomStreams } from '../../random.ts';
import type { Route53 } from '../../route53/route53.ts';
import { createGlobalDatabase, type GlobalDatabase } from '../global-database.ts';
import { LATENCIES } from '../latencies.ts';
import { createConcurrency } from './limits.ts';
import type { FleetPlan } from './member-configs.ts';
import { startPublishingMembers } from './publish-members.ts';

const MINUTE_MS = 60_000;

/** What the members of a fleet are, besides the one whose whole world there is. */
export interface FleetWorld {
  readonly plan: FleetPlan;
  /** Runs a step of a member's machine, or of the fleet's own; undefined where the machine is the pilot's. */
  invoke(execution: Execution, step: Step | FleetStep, payload: unknown): Promise<unknown> | undefined;
  /** Members' data tiers, as the API of Amazon RDS shows them. */
  readonly rds: ReadonlyMap<string, ServiceHandlers>;
  /** Wakes the members: their writers hold their leases, their lag is published, their reconcilers take turns. */
  wake(world: { readonly cloudWatchIn: (region: string) => CloudWatchTwin; readonly route53: Route53 }): void;
}

/** What the members run on; most of it is what the pilot runs on too. */
export interface FleetWorldSettings extends Omit<LambdaSettings, 'config' | 'telemetryOf' | 'random' | 'aws'> {
  readonly plan: FleetPlan;
  readonly random: RandomStreams;
  readonly aws: () => AwsWorld;
  readonly isUp: (region: string) => boolean;
}

interface Member {
  readonly config: ResolvedConfig;
  readonly database: GlobalDatabase;
}

/**
 * Members with their own tables, leases, data tiers, records and machines, by the same step code as the pilot. Lighter is
 * what is outside of them: no clients, no switches of their own that are ever probed, and what the pilot's observers see
 * stands for theirs, since they share its front doors.
 */
export function createFleetWorld(settings: FleetWorldSettings): FleetWorld {
  const { plan } = settings;
  const members = plan.members.map((config) => ({ config, database: databaseOf(settings, config) }));
  const runtimes = createRuntimes(settings);
  return {
    plan,
    invoke: (execution, step, payload) => {
      if (execution.application === plan.pilot.application) return undefined;
      return isFleetStep(step)
        ? runtimes.fleet().invoke(execution.region, step, payload)
        : runtimes.of(execution.application).invoke(execution.region, step, payload);
    },
    rds: new Map(members.flatMap((member) => rdsOf(settings, member))),
    wake: ({ cloudWatchIn, route53 }) => {
      for (const member of members) void keepLease(settings, runtimes.of(member.config.application), member);
      const { clock, network } = settings;
      startPublishingMembers({
        members,
        network,
        route53,
        cloudWatchIn,
        queue: clock.queue,
        startMs: clock.worldNow(),
      });
      takeTurns(settings, (application) => runtimes.of(application));
    },
  };
}

function isFleetStep(step: Step | FleetStep): step is FleetStep {
  return FLEET_STEPS.some((candidate) => candidate === step);
}

/** Each member has functions of its own; clients are shared, since a thousand times ten of them fill a process. */
function createRuntimes(settings: FleetWorldSettings): {
  readonly of: (application: string) => LambdaRuntime;
  readonly fleet: () => ReturnType<typeof createFleetRuntime>;
} {
  const { plan, random } = settings;
  const byName = new Map(plan.members.map((config) => [config.application, config]));
  const runtimes = new Map<string, LambdaRuntime>();
  const concurrency = settings.concurrency ?? createConcurrency();
  let fleet: ReturnType<typeof createFleetRuntime> | undefined;
  return {
    of: (application) => {
      const config = byName.get(application);
      if (config === undefined) throw new RangeError(`${application} is no member of the fleet`);
      const known =
        runtimes.get(application) ??
        createLambdaRuntime({
          ...settings,
          config,
          aws: settings.aws(),
          clientsIn: settings.aws().sharedClientsIn,
          concurrency,
          random: random.stream('fleet-members'),
          telemetryOf: () => NO_TELEMETRY,
        });
      runtimes.set(application, known);
      return known;
    },
    fleet: () => {
      const common = { ...settings, aws: settings.aws(), concurrency };
      fleet ??= createFleetRuntime({ ...common, fleet: plan.fleet, random: random.stream('fleet-functions') });
      return fleet;
    },
  };
}

function databaseOf({ random, network, isUp, clock }: FleetWorldSettings, config: ResolvedConfig): GlobalDatabase {
  return createGlobalDatabase({
    members: applicationRegions(config),
    writer: homeRegion(config).id,
    network,
    isUp,
    queue: clock.queue,
    random: random.stream('fleet-databases'),
    now: clock.worldNow,
  });
}

function rdsOf(
  { deployment }: FleetWorldSettings,
  { config, database }: Member,
): readonly (readonly [string, ServiceHandlers])[] {
  const { data } = config;
  if (data.adapter !== 'aurora-global') return [];
  return [[data.globalCluster, createRds({ data, account: deployment.account, database })]];
}

/** One writer in the home Region that renews its lease as long as the Region lives. */
async function keepLease(
  { clock, network, random }: FleetWorldSettings,
  runtime: LambdaRuntime,
  { config }: Member,
): Promise<void> {
  const region = homeRegion(config).id;
  const { coordination } = runtime.portsIn(region);
  let heldEpoch: number | null = null;
  // Not all in one moment: each began when it was deployed.
  await clock.sleep(random.stream('fleet-leases')() * WRITE_LEASE.renewEveryMs);
  while (!network.isDark(region)) {
    const state = await coordination.readState().catch(() => undefined);
    if (state === undefined) return;
    const asker = { region, holder: `writer in ${region}`, heldEpoch, nowEpochMs: clock.nowEpochMs() };
    const action = nextLeaseAction(state, asker);
    if (action.kind === 'stand-by') return;
    await coordination.transition(action.transition).catch(() => undefined);
    if (action.kind === 'renew') heldEpoch = action.writerEpoch;
    await clock.sleep(WRITE_LEASE.renewEveryMs);
  }
}

/** A member's reconciler runs in the minutes of its turn; in the others it would ask nobody for anything. */
function takeTurns(
  { clock, plan, network, random }: FleetWorldSettings,
  runtimeOf: (application: string) => LambdaRuntime,
): void {
  const jitter = random.stream('fleet-reconcilers');
  const minute = (atMs: number): void => {
    for (const config of plan.members) {
      if (!isTurn(config, atMs)) continue;
      const delay = draw(LATENCIES.scheduleJitter.milliseconds, jitter);
      setTimeout(() => void runEverywhere(config), atMs + delay - clock.nowEpochMs());
    }
    clock.queue.at(atMs + MINUTE_MS, minute);
  };
  const runEverywhere = async (config: ResolvedConfig): Promise<void> => {
    for (const region of applicationRegions(config)) {
      if (network.isDark(region)) continue;
      await runtimeOf(config.application)
        .invoke(region, 'reconcile-records', {})
        .catch(() => undefined);
    }
  };
  clock.queue.at(Math.ceil(clock.worldNow() / MINUTE_MS) * MINUTE_MS, minute);
}

/** The API of the pilot's data tier and of every member's. */
export function rdsOfFleet(
  pilot: ServiceHandlers | undefined,
  config: ResolvedConfig,
  fleet: FleetWorld,
): ServiceHandlers {
  const own =
    config.data.adapter === 'aurora-global' && pilot !== undefined ? [[config.data.globalCluster, pilot] as const] : [];
  return createRdsOfMany(new Map([...own, ...fleet.rds]));
}

/** Puts the members' zones in force; their checks are there by then. */
export function installMembers(
  route53: Route53,
  { plan, deployment }: Pick<FleetWorldSettings, 'plan' | 'deployment'>,
): void {
  const zones = Map.groupBy(plan.members, ({ hostedZoneId }) => hostedZoneId);
  for (const [Id, members] of zones) {
    const trees = members.map((config) => memberTree(config, deployment));
    route53.install({
      hostedZone: { Id, Name: members[0]?.hostedZoneName ?? '' },
      recordSets: trees.flatMap(({ records }) => records),
    });
  }
}

/**
 * The checks of the fleet's switch, once for all, and of the members those that can ever say something else: the serving
 * checks, with the fleet's switches as children. Their own switches stay unset.
 */
export function fleetChecks({
  plan,
  deployment,
}: Pick<FleetWorldSettings, 'plan' | 'deployment'>): readonly HealthCheck[] {
  const serving = plan.members.flatMap((config) => memberTree(config, deployment).healthChecks);
  const checks = [...fleetHealthChecks(plan.fleet, deployment), ...serving];
  return checks.map(({ id, config }) => ({ Id: id, HealthCheckConfig: config }));
}

function memberTree(config: ResolvedConfig, deployment: FleetWorldSettings['deployment']): RecordTree {
  const { lastResort: _, ...withoutLastResort } = config;
  const tree = compileRecordTree(withoutLastResort as ResolvedConfig, deployment, initialState(config).weights);
  const serving = tree.healthChecks.filter(({ config: check }) => check.Type === 'CALCULATED');
  const own = (name: string): string => `${names.stack(config, name)}`.slice('switchyard-'.length);
  return {
    ...tree,
    records: tree.records.map((record) =>
      record.HealthCheckId === undefined ? record : { ...record, HealthCheckId: own(record.HealthCheckId) },
    ),
    healthChecks: serving.map(({ id, config: check }) => {
      const children = (check.ChildHealthChecks ?? []).filter((child) => child.startsWith('fleet-'));
      return { id: own(id), config: { ...check, HealthThreshold: children.length, ChildHealthChecks: children } };
    }),
  };
}
