import { applicationRegions, fleetOf, routingRegion } from '../../core/config/accessors.ts';
import { type Deployment, names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { createFleet, NO_FLEET } from '../../core/fleet/call-fleet.ts';
import { initialFleetState } from '../../core/fleet/fleet-state.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import type {
  Clock,
  Coordination,
  DataTier,
  DnsClient,
  EvacuationSwitch,
  Fleet,
  FunctionCaller,
  HttpClient,
  MetricReader,
  NameResolver,
  Notifier,
  Ports,
  RecordStore,
  StateMachines,
  TcpClient,
  Telemetry,
  TlsClient,
  TrafficMetrics,
} from '../../core/ports.ts';
import { createArcEvacuation } from './arc-evacuation.ts';
import { createAuroraGlobal } from './aurora-global.ts';
import {
  type ClientSettings,
  cloudWatchClient,
  dynamoDbClient,
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
import { createCoordination, createDynamoDbCoordination } from './dynamodb-coordination.ts';
import { createStateReader, type StateReader } from './dynamodb-state-reader.ts';
import { createLambdaFunctions } from './lambda-functions.ts';
import { createNoDataTier } from './no-data-tier.ts';
import { createReplicaSender, type DocumentSender } from './replica-sender.ts';
import { createRoute53Records } from './route53-records.ts';
import { createS3Evacuation } from './s3-evacuation.ts';
import { createSnsNotifier } from './sns-notifier.ts';
import { createStepFunctions } from './step-functions.ts';
import type { TableClock } from './table-clock.ts';

/** Where a function runs and what it is made for. */
export interface Environment {
  readonly config: ResolvedConfig;
  readonly deployment: Deployment;
  /** The Region the function runs in. */
  readonly region: string;
  readonly clients?: ClientSettings;
}

/** Ports that are not AWS: real in a Lambda, virtual in a twin. */
export interface Surroundings {
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly dns: DnsClient;
  readonly tcp: TcpClient;
  readonly tls: TlsClient;
  readonly resolver: NameResolver;
  readonly telemetry: Telemetry;
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
    traffic: trafficPort(environment),
    metrics: metricsPort(environment, surroundings.clock),
    functions: functionsPort(environment),
    dataTier: dataTierPort(environment, surroundings.clock),
    notifier: notifierPort(environment),
    machines: machinesPort(environment),
    fleet: fleetPort(environment, surroundings.clock),
  };
}

/**
 * The coordination table by whichever replica answers, this Region's own first where it has one.
 *
 * @param clock is set by the table's answers, where one is given
 */
export function coordinationPort(environment: Environment, clock?: TableClock): Coordination {
  const clients = clock === undefined ? environment.clients : clock.setBy(environment.clients);
  return createDynamoDbCoordination(environment.config, replicaSender({ ...environment, ...(clients && { clients }) }));
}

/** The state in that table, for a function that may read it and nothing else. */
export function statePort(environment: Environment): StateReader {
  return createStateReader(environment.config, replicaSender(environment));
}

/** Sends to whichever replica answers, this Region's own first. */
export function replicaSender({
  config,
  region,
  clients,
}: Pick<Environment, 'region' | 'clients'> & {
  readonly config: { readonly coordination?: { readonly replicas: readonly string[] } | undefined };
}): DocumentSender {
  const replicas = config.coordination?.replicas ?? [region];
  const nearestFirst = replicas.toSorted((a, b) => Number(b === region) - Number(a === region));
  return createReplicaSender(nearestFirst.map((replica) => dynamoDbClient(replica, clients)));
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

export function dataTierPort({ config, region, clients }: Environment, clock: Clock): DataTier {
  const { data } = config;
  if (data.adapter === 'none') return createNoDataTier();
  return createAuroraGlobal({
    globalCluster: data.globalCluster,
    rds: rdsClient(region, clients),
    promotionRds: rdsPromotionClient(region, clients),
    cloudWatchFor: perRegion((of) => cloudWatchClient(of, clients)),
    clock,
  });
}

export function notifierPort({ config, deployment, region, clients }: Environment): Notifier {
  return createSnsNotifier(snsClient(region, clients), names.notificationTopicArn(config, deployment, region));
}

export function machinesPort({ config, deployment, region, clients }: Environment): StateMachines {
  return createStepFunctions(stepFunctionsClient(region, clients), (machine) =>
    names.stateMachineArn(config, deployment, { region, machine }),
  );
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

/** One client per Region. */
export function perRegion<Client>(create: (region: string) => Client): (region: string) => Client {
  const clients = new Map<string, Client>();
  return (region) => {
    const known = clients.get(region) ?? create(region);
    clients.set(region, known);
    return known;
  };
}
