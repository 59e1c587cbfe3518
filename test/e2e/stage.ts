import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { ConfirmSubscriptionCommand } from '@aws-sdk/client-sns';
import { createDynamoDbCoordination } from '../../adapters/aws/dynamodb-coordination.ts';
import { createReplicaSender } from '../../adapters/aws/replica-sender.ts';
import { createWriteFence, type WriteFence } from '../../client/write-fence.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Clock } from '../../core/ports.ts';
import { createApplications } from '../../twin/world/application.ts';
import { type AwsCalls, createAwsCalls } from './aws-calls.ts';
import { startAlarmClock } from './beside/alarm-clock.ts';
import { type ApiGates, openGates } from './beside/api-gates.ts';
import { type DataPlane, startDataPlane } from './beside/route53-data-plane.ts';
import { ACCOUNT, type CdkCli, createCdkCli } from './emulator/cdk-cli.ts';
import { freePort, startEmulator } from './emulator/ministack.ts';
import {
  exampleConfig,
  exampleInput,
  GLOBAL_CLUSTER,
  HOME,
  HOSTS,
  type Places,
  REGIONS,
  STANDBY,
  ZONE_NAME,
} from './example.ts';
import type { Timers } from './real-time.ts';
import type { Run, Troubles } from './run.ts';
import { createWitness, type Witness } from './witness.ts';
import { clusterIdIn, createGlobalDatabase } from './world/data-tier.ts';
import { type Inbox, openInbox } from './world/inbox.ts';
import { type Region, startRegion } from './world/region.ts';
import { createZone } from './world/zone.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** Kept from run to run, and ignored by git. */
const CACHE = join(PROJECT, 'dist/e2e');

/** Everything that the story plays on. */
export interface Stage {
  readonly config: ResolvedConfig;
  /** Files of the config, of one that differs in nothing that records hold, and of one that differs in a record. */
  readonly configFiles: { readonly first: string; readonly second: string; readonly third: string };
  /** A folder of this run alone. */
  readonly folder: string;
  /** What functions are told of their network: `emulator/local-network.mjs`. */
  readonly network: string;
  readonly aws: AwsCalls;
  readonly cdk: CdkCli;
  readonly dataPlane: DataPlane;
  readonly regions: ReadonlyMap<string, Region>;
  readonly gates: ApiGates;
  readonly inbox: Inbox;
  readonly witness: Witness;
  readonly timers: Timers;
  /** What went wrong beside the story and was tried again. */
  readonly troubles: Troubles;
  portOf(host: string): number | undefined;
}

/** A run whose config is known. */
interface ConfiguredRun extends Run {
  readonly aws: AwsCalls;
  readonly config: ResolvedConfig;
  readonly places: Places;
  readonly witness: Witness;
}

/** Sets up the emulator, and beside it everything that is not Switchyard: the zone, the database, the Regions, the name servers. */
export async function setStage(run: Run): Promise<Stage> {
  const { folder, timers, troubles, stops } = run;
  mkdirSync(CACHE, { recursive: true });
  const emulator = await startEmulator({ cache: CACHE, logFile: join(folder, 'emulator.log') });
  stops.push(emulator.stop);
  const gates = await openGates(emulator.endpoint, REGIONS);
  stops.push(gates.stop);
  const aws = createAwsCalls(emulator.endpoint);
  const places = await surround(aws);
  const config = exampleConfig(places);
  const witness = createWitness(config);
  const configured: ConfiguredRun = { ...run, aws, config, places, witness };
  const portOf = (host: string): number | undefined =>
    places.ports[Object.keys(HOSTS).find((id) => HOSTS[id] === host.replace(/\.$/, '')) ?? ''];
  const regions = await startRegions(configured);
  const dataPlane = await startRoute53(configured, portOf);
  startAlarms(configured);
  const cdk = createCdkCli(emulator, { region: STANDBY, output: witness.sawOutput });
  stops.push(cdk.stop);
  return {
    config,
    configFiles: writeConfigs(folder, places),
    folder,
    network: JSON.stringify({ dns: `127.0.0.1:${dataPlane.port}`, suffix: ZONE_NAME, endpoints: gates.endpoints }),
    gates,
    aws,
    cdk,
    dataPlane,
    regions,
    inbox: await subscribe(configured),
    witness,
    timers,
    troubles,
    portOf,
  };
}

/** What is there before Switchyard is deployed. */
async function surround(aws: AwsCalls): Promise<Places> {
  const hostedZoneId = await createZone(aws);
  await createGlobalDatabase(aws, { globalCluster: GLOBAL_CLUSTER, regions: [HOME, STANDBY] });
  const ports = { [HOME]: await freePort(), [STANDBY]: await freePort() };
  return { hostedZoneId, ports, incidentChannel: '#incident-storefront' };
}

async function startRegions(run: ConfiguredRun): Promise<ReadonlyMap<string, Region>> {
  const { aws, config, places, witness, timers, troubles, stops } = run;
  const regions = new Map<string, Region>();
  for (const application of createApplications(config).values()) {
    const { region: id } = application;
    const region = await startRegion({
      config,
      application,
      createFence: () => fenceOf(aws, config, id),
      cloudWatch: aws.cloudWatch(id),
      clusterId: clusterIdIn(GLOBAL_CLUSTER, id),
      timers,
      port: places.ports[id] ?? 0,
      peers: Object.entries(places.ports).flatMap(([other, port]) => (other === id ? [] : [port])),
      onCommit: witness.sawCommit,
      onFailure: troubles.add,
    });
    regions.set(id, region);
    stops.push(region.stop);
  }
  return regions;
}

async function startRoute53(run: ConfiguredRun, portOf: Stage['portOf']): Promise<DataPlane> {
  const { aws, config, witness, timers, troubles, stops } = run;
  const dataPlane = await startDataPlane({
    config,
    route53: aws.route53(),
    ssm: aws.ssm(STANDBY),
    cloudWatch: aws.cloudWatch('us-east-1'),
    places: { portOf, readObject: (object) => readObject(aws, object) },
    timers,
    onAnswers: witness.sawAnswers,
    onFailure: troubles.add,
  });
  stops.push(dataPlane.stop);
  return dataPlane;
}

function startAlarms({ aws, timers, troubles, stops }: ConfiguredRun): void {
  for (const region of [HOME, STANDBY]) {
    const clients = { cloudWatch: aws.cloudWatch(region), ssm: aws.ssm(region) };
    stops.push(startAlarmClock({ region, account: ACCOUNT, ...clients, timers, onFailure: troubles.add }).stop);
  }
}

/** Confirms by the API: the link in a topic's request, which has no Region in it, does not find the topic on the emulator. */
async function subscribe({ aws, stops }: ConfiguredRun): Promise<Inbox> {
  const inbox = await openInbox((region, asked) => aws.sns(region).send(new ConfirmSubscriptionCommand(asked)));
  stops.push(inbox.stop);
  return inbox;
}

function writeConfigs(folder: string, places: Places): Stage['configFiles'] {
  const second = exampleInput({ ...places, incidentChannel: '#incident-storefront-2' });
  return {
    first: writeConfig(folder, 'first', exampleInput(places)),
    second: writeConfig(folder, 'second', second),
    third: writeConfig(folder, 'third', { ...second, lastResort: { addresses: ['192.0.2.11'] } }),
  };
}

async function readObject(
  aws: AwsCalls,
  { region, bucket, key }: { readonly region: string; readonly bucket: string; readonly key: string },
): Promise<string | undefined> {
  try {
    const { Body } = await aws.s3(region).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined;
    throw error;
  }
}

const realClock: Clock = {
  nowEpochMs: () => Date.now(),
  sleep: async (milliseconds) => {
    await sleep(Math.max(0, milliseconds), undefined, { ref: false });
  },
};

/** As an application has it (docs: the write fence), on either replica. */
function fenceOf(aws: AwsCalls, config: ResolvedConfig, region: string): WriteFence {
  const replicas = (config.coordination?.replicas ?? []).map((replica) => aws.dynamoDb(replica));
  const coordination = createDynamoDbCoordination(config, createReplicaSender(replicas));
  return createWriteFence({ region, holder: crypto.randomUUID(), coordination, clock: realClock });
}

function writeConfig(folder: string, name: string, input: unknown): string {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(input));
  return path;
}
