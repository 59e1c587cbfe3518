import { applicationRegions, coordinationMembers } from '../../core/config/accessors.ts';
import { parseEndpoint } from '../../core/config/endpoint.ts';
import { type Deployment, names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { initialState } from '../../core/operation/application-state.ts';
import type { DnsClient } from '../../core/ports.ts';
import { compileRecordTree } from '../../core/routing/compile/index.ts';
import { recordTypeOf } from '../../core/routing/compile/weighted-group.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';
import type { Step } from '../../state-machines/contracts.ts';
import { type AwsWorld, createAwsWorld, type ServiceHandlers } from '../aws/aws-world.ts';
import { createCloudWatchHandlers } from '../aws/cloudwatch.ts';
import { createDynamoDb } from '../aws/dynamodb.ts';
import { createUserFunctions } from '../aws/lambda.ts';
import { balancingServices } from '../aws/load-balancers.ts';
import { createRoute53Handlers } from '../aws/route53.ts';
import { createRoutingControls } from '../aws/routing-controls.ts';
import { createObjectStore, type ObjectStore } from '../aws/s3.ts';
import { scalingServices } from '../aws/scaling.ts';
import { createSns } from '../aws/sns.ts';
import { createSsm } from '../aws/ssm.ts';
import { createStepFunctionsTwin, type StepFunctionsTwin } from '../aws/states.ts';
import type { CloudWatchTwin } from '../cloudwatch/cloudwatch-twin.ts';
import { createLambdaRuntime, type LambdaRuntime } from '../lambda-runtime.ts';
import { createRandomStreams, draw, type RandomStreams } from '../random.ts';
import { createRoute53, type Route53 } from '../route53/route53.ts';
import type { TwinClock } from '../virtual-clock.ts';
import { createApplications, type RegionalApplication } from './application.ts';
import { type Blobs, createBlobs } from './blobs.ts';
import { createProbeClients } from './checks/probe-clients.ts';
import { withPrometheus } from './checks/prometheus.ts';
import { isInSight } from './checks/reach.ts';
import { createCloudWatches } from './cloud-watches.ts';
import { createDatabase, dataServices } from './data-tier.ts';
import { createDnsClient, DNS_LOCATIONS } from './dns.ts';
import { createFleetWorld, type FleetWorld, fleetChecks, installMembers, rdsOfFleet } from './fleet/fleet-world.ts';
import { concurrencyOf, limitsOfFleet, runtimeOf, worldOf } from './fleet/in-world.ts';
import { createConcurrency, createMachineLimits } from './fleet/limits.ts';
import type { FleetPlan } from './fleet/member-configs.ts';
import { createFleetSizes } from './fleet-sizes.ts';
import { createFrontDoors } from './front-doors.ts';
import type { GlobalDatabase } from './global-database.ts';
import { LATENCIES } from './latencies.ts';
import { createHabits, type Habits } from './load/habits.ts';
import { createRegionMeter, type RegionMeter } from './load/region-meter.ts';
import { createNetwork, type Network } from './network.ts';
import { createReconciling, type Reconciler, reconcile } from './reconciling.ts';
import { createRegionalClocks, type RegionalClocks } from './regional-clocks.ts';
import type { RegionalData } from './regional-data.ts';
import { createTelemetryOf } from './telemetry.ts';
import { createWebhooks, secretValues, type Webhooks } from './webhooks.ts';
import { createWorldEvents, type WorldEvents } from './world-events.ts';

/** Account and partition of the rehearsal; no real account is ever touched. */
export const TWIN_DEPLOYMENT: Deployment = { account: '111122223333', partition: 'aws' };

/** Everything there is: Regions, data, network, DNS, AWS. */
export interface World {
  readonly events: WorldEvents;
  readonly config: ResolvedConfig;
  readonly clock: TwinClock;
  readonly random: RandomStreams;
  readonly network: Network;
  readonly clocks: RegionalClocks;
  readonly applications: ReadonlyMap<string, RegionalApplication>;
  readonly meters: ReadonlyMap<string, RegionMeter>;
  readonly habits: Habits;
  readonly database: GlobalDatabase | undefined;
  readonly objects: ObjectStore;
  readonly blobs: Blobs;
  readonly route53: Route53;
  readonly aws: AwsWorld;
  readonly lambda: LambdaRuntime;
  readonly webhooks: Webhooks;
  readonly machines: StepFunctionsTwin;
  /** The application's tables; undefined where the config does not say what to reconcile. */
  readonly data: RegionalData | undefined;
  /** The other applications of a fleet; undefined where the application is alone. */
  readonly fleet: FleetWorld | undefined;
  cloudWatchIn(region: string): CloudWatchTwin;
  healthChecks(): readonly { readonly id: string; readonly healthy: boolean }[];
}

/** What a world is made from. */
export interface WorldSettings {
  readonly config: ResolvedConfig;
  readonly clock: TwinClock;
  readonly seed: number;
  /** How the zone's records and checks are made of the config. @default - as they are deployed */
  readonly compileTree?: typeof compileRecordTree;
  /** Where the application is one of a fleet; the config is its pilot's then. */
  readonly fleet?: FleetPlan | undefined;
}

/** Builds the world of a config as it stands before anything has happened. */
export function createWorld({
  config,
  clock,
  seed,
  compileTree = compileRecordTree,
  fleet: plan,
}: WorldSettings): World {
  const events = createWorldEvents();
  const random = createRandomStreams(seed);
  const now = clock.worldNow;
  const network = createNetwork(now, random.stream('probe-loss'));
  const applications = createApplications(config, now);
  const clocks = createRegionalClocks(clock);
  const objects = createObjectStore((change) => events.emit({ kind: 'objects', change }), now);
  const blobs = createBlobs(config, objects, now());
  const doors = createFrontDoors({
    config,
    deployment: TWIN_DEPLOYMENT,
    clock,
    network,
    random: random.stream('http'),
    applications,
    objects,
  });
  const controls = createRoutingControls(Object.values(config.evacuation.routingControls?.controls ?? {}), (key) =>
    events.emit({ kind: 'objects', change: { bucket: 'routing controls', key, is: 'put' } }),
  );
  const cloudWatchIn = createCloudWatches(clock, TWIN_DEPLOYMENT.account, (event) =>
    events.emit({ kind: 'alarm', event }),
  );
  const route53 = createRoute53({
    clock: { now, random: random.stream('route53'), at: clock.queue.at },
    randomForAnswers: random.stream('answers'),
    world: {
      probe: (check) => doors.probe(check),
      alarmDataState: ({ Region, Name }, nowMs) => {
        const stream = cloudWatchIn(Region).openDataStream(Name);
        return network.isDark(Region) || stream.kind === 'refused' ? 'INSUFFICIENT_DATA' : stream.read(nowMs);
      },
      routingControlState: controls.state,
    },
    locations: DNS_LOCATIONS,
    onAnswersChange: (location, nowMs) => events.emit({ kind: 'answers', location, nowMs }),
  });
  const healthCheckIds = installZone(route53, config, { compileTree, plan });
  const database = createDatabase({ events, config, clock, random, network, applications });
  const core = { events, config, clock, random, network, applications, objects, route53, database };
  const lambdaLater: { runtime?: LambdaRuntime } & Reconciler = {};
  // What one application never notices.
  const limits = plan && { machines: createMachineLimits(clock, now), concurrency: createConcurrency() };
  const awsLater: { aws?: AwsWorld } = {};
  const machines = createStepFunctionsTwin({
    now,
    invoke: (execution, step, payload, sandbox) =>
      reconcile(lambdaLater, { execution, step, payload, sandbox }) ??
      fleet?.invoke(execution, step as Step, payload) ??
      runtimeOf(lambdaLater).invoke(execution.region, step as Step, payload, sandbox),
    readObject: (bucket, key) => objects.read(bucket, key)?.body,
    transition: async (region) => {
      await limits?.machines.transition(region);
      await clock.sleep(draw(LATENCIES.stateTransition.milliseconds, random.stream('machines')));
    },
    ...(limits === undefined ? {} : { onStart: limits.machines.start }),
    onStateEntered: (execution, state) => events.emit({ kind: 'state-entered', execution, state }),
    onTaskDone: (execution, task) => events.emit({ kind: 'task-done', execution, ...task }),
    onEnded: (execution) => events.emit({ kind: 'execution-ended', execution }),
  });
  const probes = { config, clock, network, random: random.stream('probes'), applications };
  const webhooks = createWebhooks({
    ...{ config, clock, network },
    random: random.stream('webhooks'),
    onTaken: (notification) => events.emit({ kind: 'notification', notification }),
  });
  const probesFrom = createProbeClients(probes);
  const dnsFrom = (region: string): DnsClient =>
    createDnsClient({ clock, network, random: random.stream('dns'), route53 }, region);
  const fleet =
    plan &&
    createFleetWorld({
      ...{ clock, clocks, network, random, plan, probesFrom, dnsFrom, httpFrom: doors.httpFrom },
      ...concurrencyOf(limits),
      deployment: TWIN_DEPLOYMENT,
      webhooksFrom: webhooks.from,
      isUp: (region) => applications.get(region)?.isUp('database-writer') !== false,
      aws: () => worldOf(awsLater),
    });
  const services = {
    ...createServices({ ...core, cloudWatchIn, machines, fleet }),
    'route53-recovery-cluster': controls.handlers,
  };
  const aws = createAwsWorld({ clock, network, random: random.stream('aws'), services });
  awsLater.aws = aws;
  const lambda = createLambdaRuntime({
    ...concurrencyOf(limits),
    ...{ config, clock, clocks, network, aws },
    deployment: TWIN_DEPLOYMENT,
    random: random.stream('lambda'),
    httpFrom: withPrometheus({ ...probes, httpFrom: doors.httpFrom }),
    probesFrom,
    webhooksFrom: webhooks.from,
    dnsFrom,
    telemetryOf: createTelemetryOf({ config, clock, network, random: random.stream('telemetry'), cloudWatchIn }),
  });
  lambdaLater.runtime = lambda;
  const place = { config, deployment: TWIN_DEPLOYMENT, clock, clocks, network, aws };
  const data = createReconciling(lambdaLater, { ...place, random });
  return {
    ...core,
    blobs,
    clocks,
    aws,
    lambda,
    webhooks,
    machines,
    data,
    fleet,
    habits: createHabits(),
    meters: new Map(applicationRegions(config).map((region) => [region, createRegionMeter()])),
    cloudWatchIn,
    healthChecks: () => healthCheckIds.map((id) => ({ id, healthy: route53.isHealthy(DNS_LOCATIONS[0] ?? '', id) })),
  };
}

type Core = Pick<
  World,
  'events' | 'config' | 'clock' | 'random' | 'network' | 'applications' | 'objects' | 'route53' | 'database'
>;

function createServices(
  world: Core & Pick<World, 'cloudWatchIn' | 'machines' | 'fleet'>,
): Readonly<Record<string, ServiceHandlers>> {
  const { events, config, clock, random, network, applications, database, route53, objects, machines, cloudWatchIn } =
    world;
  const sizes = createFleetSizes({ config, queue: clock.queue, random: random.stream('fleet'), now: clock.worldNow });
  const ofData = dataServices(config.data, database, TWIN_DEPLOYMENT.account);
  const table = random.stream('coordination');
  return {
    dynamodb: {
      ...ofData.dynamodb,
      ...createDynamoDb({
        network,
        members: coordinationMembers(config),
        onWrite: (item) => events.emit({ kind: 'item', item }),
        waitForQuorum: () => clock.sleep(draw(LATENCIES.coordinationWrite.milliseconds, table)),
        ...(world.fleet === undefined ? {} : limitsOfFleet(world.fleet, clock)),
      }),
    },
    s3: objects.handlers,
    // What members tell their own people is theirs.
    sns: createSns(clock.worldNow, (notification, topicArn) => {
      if (topicArn.endsWith(`:${names.notificationTopic(config)}`)) events.emit({ kind: 'notification', notification });
    }),
    ssm: createSsm(secretValues(config)),
    states: machines.handlers,
    lambda: createUserFunctions({
      isInSight: (from, to) => isInSight({ network, applications }, from, to),
      database,
      sizes,
    }),
    cloudwatch: createCloudWatchHandlers(cloudWatchIn, clock.worldNow),
    route53: createRoute53Handlers(route53, clock, () => events.emit({ kind: 'route53-call' })),
    ...(world.fleet === undefined
      ? ofData.rds === undefined
        ? {}
        : { rds: ofData.rds }
      : { rds: rdsOfFleet(ofData.rds, config, world.fleet) }),
    ...scalingServices(config.scaling, sizes),
    ...balancingServices(config),
  };
}

/** The tree of the config, and the names of the front doors, which are the user's own records. */
function installZone(
  route53: Route53,
  config: ResolvedConfig,
  { compileTree, plan }: { compileTree: typeof compileRecordTree; plan: FleetPlan | undefined },
): readonly string[] {
  const tree = compileTree(config, TWIN_DEPLOYMENT, initialState(config).weights);
  route53.install({
    hostedZone: { Id: config.hostedZoneId, Name: config.hostedZoneName },
    recordSets: [...tree.records, ...frontDoorRecords(config)],
    healthChecks: [
      ...tree.healthChecks.map(({ id, config: HealthCheckConfig }) => ({ Id: id, HealthCheckConfig })),
      ...(plan === undefined ? [] : fleetChecks({ plan, deployment: TWIN_DEPLOYMENT })),
    ],
  });
  if (plan !== undefined) installMembers(route53, { plan, deployment: TWIN_DEPLOYMENT });
  return tree.healthChecks.map(({ id }) => id);
}

function frontDoorRecords(config: ResolvedConfig): readonly ResourceRecordSet[] {
  if (recordTypeOf(config) !== 'CNAME') return [];
  return config.regions.flatMap(({ endpoint }, index): readonly ResourceRecordSet[] => {
    const { host } = parseEndpoint(endpoint);
    if (!host.endsWith(`.${config.hostedZoneName}`)) return [];
    return [{ Name: host, Type: 'A', TTL: config.ttlSeconds, ResourceRecords: [{ Value: `203.0.113.${index + 1}` }] }];
  });
}
