import { applicationRegions, fleetOf, routingRegion } from '../../core/config/accessors.ts';
import { names } from '../../core/config/names.ts';
import { createFleet, NO_FLEET } from '../../core/fleet/call-fleet.ts';
import { initialFleetState } from '../../core/fleet/fleet-state.ts';
import type { Notifier } from '../../core/notification/channel.ts';
import type { SecretReference } from '../../core/notification/secret-reference.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import type {
  BlobListings,
  Clock,
  Coordination,
  DataCopies,
  DataTier,
  EvacuationSwitch,
  Fleet,
  FunctionCaller,
  LoadBalancers,
  MetricReader,
  Ports,
  RecordStore,
  Scaling,
  StateMachines,
  TrafficMetrics,
} from '../../core/ports.ts';
import type { ReconcileStore } from '../../core/reconcile/store.ts';
import { createNotifier, type NotificationChannel } from '../notification/channel.ts';
import { createChatChannel, createPagerDutyChannel, type WebhookSettings } from '../notification/webhook-channels.ts';
import { createArcEvacuation } from './arc-evacuation.ts';
import { createAuroraGlobal, createAuroraGlobalCopies } from './aurora-global.ts';
import { createAutoScalingGroups } from './auto-scaling-groups.ts';
import {
  autoScalingClient,
  cloudWatchClient,
  dynamoDbClient,
  ecsClient,
  elbClient,
  globalAcceleratorClient,
  lambdaClient,
  ROUTE53_CONTROL_PLANE,
  rdsClient,
  rdsPromotionClient,
  recoveryClusterClient,
  route53Client,
  s3Client,
  snsClient,
  ssmClient,
  stepFunctionsClient,
} from './clients.ts';
import { createCloudWatchEvacuation } from './cloudwatch-evacuation.ts';
import { createCloudWatchMetrics } from './cloudwatch-metrics.ts';
import { createCloudWatchTraffic } from './cloudwatch-traffic.ts';
import { createCustomDataTier } from './custom-data-tier.ts';
import { createCustomScaling } from './custom-scaling.ts';
import { createCoordination, createDynamoDbCoordination } from './dynamodb-coordination.ts';
import { createDynamoDbGlobal } from './dynamodb-global.ts';
import { createStateReader, type StateReader } from './dynamodb-state-reader.ts';
import { createEcsServices } from './ecs-services.ts';
import type { Environment, Surroundings } from './environment.ts';
import { createLambdaFunctions } from './lambda-functions.ts';
import { createLoadBalancers } from './load-balancers.ts';
import { replicaSender } from './nearest-replica.ts';
import type { LagReader } from './newest-lag.ts';
import { createNoDataTier } from './no-data-tier.ts';
import { perRegion } from './per-region.ts';
import { createRdsReplica, createRdsReplicaCopies } from './rds-replica.ts';
import { createRoute53Records } from './route53-records.ts';
import { createS3Evacuation } from './s3-evacuation.ts';
import { createS3Listings } from './s3-listings.ts';
import { createS3ReconcileStore } from './s3-reconcile-store.ts';
import { createScaling } from './scaling.ts';
import { createSecretParameter } from './secret-parameter.ts';
import { createSnsChannel } from './sns-channel.ts';
import { createStepFunctions } from './step-functions.ts';
import { createTableClock } from './table-clock.ts';

export type { Environment, Surroundings } from './environment.ts';

/**
 * Lets a function go by the clock of the coordination table: the environment whose clients set that clock, and the clock.
 * Every function is made so, as deployed and in a twin.
 */
export function onTableClock(
  environment: Environment,
  { clock: local, telemetry }: Pick<Surroundings, 'clock' | 'telemetry'>,
): { readonly environment: Environment; readonly clock: Clock } {
  const clock = createTableClock(local, telemetry);
  return { environment: { ...environment, clients: clock.setBy(environment.clients) }, clock };
}

/**
 * The composition root. A Lambda's index.ts calls the functions it needs, so that its bundle holds no other client; a
 * twin calls {@link createPorts} with clients whose calls its world answers.
 */
export function createPorts(environment: Environment, surroundings: Surroundings): Ports {
  return {
    ...surroundings,
    coordination: coordinationPort(environment),
    evacuation: evacuationPort(environment),
    records: recordsPort(environment),
    blobs: blobsPort(environment),
    traffic: trafficPort(environment),
    metrics: metricsPort(environment, surroundings.clock),
    functions: functionsPort(environment),
    scaling: scalingPort(environment),
    loadBalancers: loadBalancersPort(environment),
    dataTier: dataTierPort(environment, surroundings.clock),
    notifier: notifierPort(environment, surroundings),
    machines: machinesPort(environment),
    plans: plansPort(environment),
    fleet: fleetPort(environment, surroundings.clock),
  };
}

/** The coordination table by whichever replica answers, this Region's own first where it has one. */
export function coordinationPort(environment: Environment): Coordination {
  return createDynamoDbCoordination(environment.config, replicaSender(environment));
}

/** The state in that table, for a function that may read it and nothing else. */
export function statePort(environment: Environment): StateReader {
  return createStateReader(environment.config, replicaSender(environment));
}

/** The switch of the config's kind. `random` says in which order the endpoints of a cluster are tried. */
export function evacuationPort(
  { config, deployment, clients }: Environment,
  random: () => number = () => Math.random(),
): EvacuationSwitch {
  const { kind, routingControls } = config.evacuation;
  if (kind === 'cloudwatch') {
    return createCloudWatchEvacuation({ config, clientFor: perRegion((region) => cloudWatchClient(region, clients)) });
  }
  if (kind === 'arc' && routingControls !== undefined) {
    return createArcEvacuation({
      routingControls,
      random,
      clientFor: (endpoint) => recoveryClusterClient(endpoint, clients),
    });
  }
  return createS3Evacuation({ config, deployment, clientFor: perRegion((region) => s3Client(region, clients)) });
}

/** Listings of the application's own buckets. */
export function blobsPort({ clients }: Environment): BlobListings {
  return createS3Listings(perRegion((region) => s3Client(region, clients)));
}

export function recordsPort({ config, clients }: Environment): RecordStore {
  return createRoute53Records(config, {
    route53: route53Client(clients),
    cloudWatchUsEast1: cloudWatchClient(ROUTE53_CONTROL_PLANE, clients),
    ssm: ssmClient(routingRegion(config), clients),
  });
}

export function trafficPort({ config, clients }: Environment): TrafficMetrics {
  return createCloudWatchTraffic(
    config,
    perRegion((region) => cloudWatchClient(region, clients)),
  );
}

export function metricsPort({ clients }: Environment, clock: Clock): MetricReader {
  return createCloudWatchMetrics(
    perRegion((region) => cloudWatchClient(region, clients)),
    clock,
  );
}

export function functionsPort({ region, clients }: Environment): FunctionCaller {
  return createLambdaFunctions(lambdaClient(region, clients));
}

export function dataTierPort(environment: Environment, clock: Clock): DataTier {
  const { config, region, clients } = environment;
  const { data } = config;
  const lags = lagReader(environment, clock);
  const rds = () => ({ rds: rdsClient(region, clients), promotionRds: rdsPromotionClient(region, clients) });
  if (data.adapter === 'aurora-global') {
    return createAuroraGlobal({ ...lags, ...rds(), globalCluster: data.globalCluster });
  }
  if (data.adapter === 'rds-replica') return createRdsReplica({ ...lags, ...rds(), data, region });
  return otherDataTier(environment, clock);
}

/** The same for functions that look and promote nothing: their bundles do without what a promotion takes. */
export function dataCopiesPort(environment: Environment, clock: Clock): DataCopies {
  const { config, region, clients } = environment;
  const { data } = config;
  const lags = lagReader(environment, clock);
  if (data.adapter === 'aurora-global') {
    return createAuroraGlobalCopies({ ...lags, rds: rdsClient(region, clients), globalCluster: data.globalCluster });
  }
  if (data.adapter === 'rds-replica') {
    return createRdsReplicaCopies({ ...lags, rds: rdsClient(region, clients), data, region });
  }
  return otherDataTier(environment, clock);
}

function lagReader({ clients }: Environment, clock: Clock): LagReader {
  return { cloudWatchFor: perRegion((of) => cloudWatchClient(of, clients)), clock };
}

function otherDataTier(environment: Environment, clock: Clock): DataTier {
  const { config, region, clients } = environment;
  const { data } = config;
  switch (data.adapter) {
    case 'dynamodb-global': {
      const dynamoDb = dynamoDbClient(region, clients);
      return createDynamoDbGlobal({ ...lagReader(environment, clock), data, region, dynamoDb });
    }
    case 'custom':
      return createCustomDataTier({ config, data, functions: functionsPort(environment) });
    default:
      return createNoDataTier();
  }
}

export function scalingPort({ config, region, clients }: Environment): Scaling {
  return createScaling({
    'auto-scaling-group': createAutoScalingGroups(autoScalingClient(region, clients)),
    'ecs-service': createEcsServices(ecsClient(region, clients)),
    custom: createCustomScaling(config.application, createLambdaFunctions(lambdaClient(region, clients))),
  });
}

export function loadBalancersPort({ clients }: Environment): LoadBalancers {
  return createLoadBalancers({
    elbFor: perRegion((region) => elbClient(region, clients)),
    accelerator: globalAcceleratorClient(clients),
  });
}

/** People by every channel that the config names; secrets are read in the function's own Region. */
export function notifierPort(environment: Environment, reach: Pick<Surroundings, 'webhooks' | 'clock'>): Notifier {
  const { config, region, clients } = environment;
  const { pagerDuty, chat } = config.notify;
  const reachedBy = (reference: SecretReference): WebhookSettings => ({
    ...reach,
    secret: createSecretParameter(ssmClient(region, clients), reference),
  });
  return createNotifier([
    snsChannel(environment),
    ...(pagerDuty === undefined ? [] : [createPagerDutyChannel(pagerDuty.url, reachedBy(pagerDuty.routingKey))]),
    ...(chat === undefined ? [] : [createChatChannel(reachedBy(chat.webhookUrl))]),
  ]);
}

/** People by the topic alone, for a function that has no other channel. */
export function topicPort(environment: Environment): Notifier {
  return createNotifier([snsChannel(environment)]);
}

function snsChannel({ config, deployment, region, clients }: Environment): NotificationChannel {
  return createSnsChannel(snsClient(region, clients), names.notificationTopicArn(config, deployment, region));
}

export function machinesPort({ config, deployment, region, clients }: Environment): StateMachines {
  return createStepFunctions(stepFunctionsClient(region, clients), (machine) =>
    names.stateMachineArn(config, deployment, { region, machine }),
  );
}

/** The plans that machines of this Region make. */
export function plansPort({ config, deployment, region, clients }: Environment): ReconcileStore {
  return createS3ReconcileStore(s3Client(region, clients), names.planBucket(config, deployment, region));
}

/** The fleet that the application belongs to; where there is none, it moves nobody. */
export function fleetPort(environment: Environment, clock: Clock): Fleet {
  const { config, deployment, region, clients } = environment;
  const fleet = fleetOf(config);
  if (fleet === undefined) return NO_FLEET;
  const application = names.fleetApplication(fleet.name);
  const initial = (): ApplicationState => initialFleetState({ fleet: fleet.name, regions: applicationRegions(config) });
  return createFleet({
    application: config.application,
    fleet,
    clock,
    coordination: createCoordination({ application, initial }, replicaSender(environment)),
    machines: createStepFunctions(stepFunctionsClient(region, clients), (machine) =>
      names.stateMachineArn({ application }, deployment, { region, machine }),
    ),
  });
}
