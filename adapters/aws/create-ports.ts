import { routingRegion } from '../../core/config/accessors.ts';
import { type Deployment, names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type {
  Clock,
  Coordination,
  DataTier,
  DnsClient,
  EvacuationSwitch,
  FunctionCaller,
  HttpClient,
  LoadBalancers,
  MetricReader,
  NameResolver,
  Notifier,
  Ports,
  RecordStore,
  Scaling,
  StateMachines,
  TcpClient,
  Telemetry,
  TlsClient,
  TrafficMetrics,
} from '../../core/ports.ts';
import { createAuroraGlobal } from './aurora-global.ts';
import { createAutoScalingGroups } from './auto-scaling-groups.ts';
import {
  autoScalingClient,
  type ClientSettings,
  cloudWatchClient,
  dynamoDbClient,
  ecsClient,
  elbClient,
  globalAcceleratorClient,
  lambdaClient,
  ROUTE53_CONTROL_PLANE,
  rdsClient,
  rdsPromotionClient,
  route53Client,
  s3Client,
  snsClient,
  ssmClient,
  stepFunctionsClient,
} from './clients.ts';
import { createCloudWatchMetrics } from './cloudwatch-metrics.ts';
import { createCloudWatchTraffic } from './cloudwatch-traffic.ts';
import { createCustomDataTier } from './custom-data-tier.ts';
import { createCustomScaling } from './custom-scaling.ts';
import { createDynamoDbCoordination } from './dynamodb-coordination.ts';
import { createDynamoDbGlobal } from './dynamodb-global.ts';
import { createStateReader, type StateReader } from './dynamodb-state-reader.ts';
import { createEcsServices } from './ecs-services.ts';
import { createLambdaFunctions } from './lambda-functions.ts';
import { createLoadBalancers } from './load-balancers.ts';
import { createNoDataTier } from './no-data-tier.ts';
import { createRdsReplica } from './rds-replica.ts';
import { createReplicaSender, type DocumentSender } from './replica-sender.ts';
import { createRoute53Records } from './route53-records.ts';
import { createS3Evacuation } from './s3-evacuation.ts';
import { createScaling } from './scaling.ts';
import { createSnsNotifier } from './sns-notifier.ts';
import { createStepFunctions } from './step-functions.ts';
import { createTableClock } from './table-clock.ts';

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
    traffic: trafficPort(environment),
    metrics: metricsPort(environment, surroundings.clock),
    functions: functionsPort(environment),
    scaling: scalingPort(environment),
    loadBalancers: loadBalancersPort(environment),
    dataTier: dataTierPort(environment, surroundings.clock),
    notifier: notifierPort(environment),
    machines: machinesPort(environment),
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

function replicaSender({ config, region, clients }: Environment): DocumentSender {
  const replicas = config.coordination?.replicas ?? [region];
  const nearestFirst = replicas.toSorted((a, b) => Number(b === region) - Number(a === region));
  return createReplicaSender(nearestFirst.map((replica) => dynamoDbClient(replica, clients)));
}

export function evacuationPort({ config, deployment, clients }: Environment): EvacuationSwitch {
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
  const lags = { cloudWatchFor: perRegion((of) => cloudWatchClient(of, clients)), clock };
  const rds = () => ({ rds: rdsClient(region, clients), promotionRds: rdsPromotionClient(region, clients) });
  switch (data.adapter) {
    case 'none':
      return createNoDataTier();
    case 'aurora-global':
      return createAuroraGlobal({ ...lags, ...rds(), globalCluster: data.globalCluster });
    case 'rds-replica':
      return createRdsReplica({ ...lags, ...rds(), data, region });
    case 'dynamodb-global':
      return createDynamoDbGlobal({ ...lags, data, region, dynamoDb: dynamoDbClient(region, clients) });
    case 'custom':
      return createCustomDataTier({ config, data, functions: createLambdaFunctions(lambdaClient(region, clients)) });
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

export function notifierPort({ config, deployment, region, clients }: Environment): Notifier {
  return createSnsNotifier(snsClient(region, clients), names.notificationTopicArn(config, deployment, region));
}

export function machinesPort({ config, deployment, region, clients }: Environment): StateMachines {
  return createStepFunctions(stepFunctionsClient(region, clients), (machine) =>
    names.stateMachineArn(config, deployment, { region, machine }),
  );
}

function perRegion<Client>(create: (region: string) => Client): (region: string) => Client {
  const clients = new Map<string, Client>();
  return (region) => {
    const known = clients.get(region) ?? create(region);
    clients.set(region, known);
    return known;
  };
}
