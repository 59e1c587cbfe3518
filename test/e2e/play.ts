import { Resolver } from 'node:dns/promises';
import { join } from 'node:path';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import { applicationRegions } from '../../core/config/accessors.ts';
import { type Deployment, names } from '../../core/config/names.ts';
import { type Assessment, assess, isHealthyByQuorum } from '../../core/health/assess.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import { ACCOUNT } from './emulator/cdk-cli.ts';
import { HOME, HOSTS, REGIONS, STANDBY, VANTAGE } from './example.ts';
import { until } from './real-time.ts';
import { readStates, readTable } from './sightings.ts';
import type { Stage } from './stage.ts';
import { CLIENTS } from './witness.ts';
import { startLoad } from './world/load.ts';

/** Where the emulator deploys. */
export const DEPLOYMENT: Deployment = { account: ACCOUNT, partition: 'aws' };

/** Each client asks once in this time. */
const ASK_EVERY_MS = 1_000;
/** The table is looked at this often. */
const LOOK_EVERY_MS = 1_000;
/** Seconds that a step of the story may take at most; far above what it takes. */
const DEADLINES = { healthy: 120, failover: 150, failback: 240, settled: 150, told: 30, judged: 100 } as const;

/** Synthesizes the app of a config into a folder of its own, ready to be deployed. */
export async function synthesize(
  { cdk, folder, network }: Stage,
  { config, name }: { readonly config: string; readonly name: string },
): Promise<string> {
  const assembly = join(folder, `cdk.out-${name}`);
  const app = ['--app', 'node test/e2e/app.ts', '-c', `config=${config}`];
  const environment = { SWITCHYARD_E2E_BUNDLES: join(folder, `bundles-${name}`), LOCAL_NETWORK: network };
  await cdk.run(['synth', '--quiet', ...app, '--output', assembly], environment);
  return assembly;
}

/** Prepares the account in every Region, as anybody does once. */
export function bootstrap({ cdk }: Stage): Promise<string> {
  return cdk.run(['bootstrap', ...REGIONS.map((region) => `aws://${ACCOUNT}/${region}`)]);
}

/** Deploys stacks of an assembly; all of them where none is named. */
export function deploy({ cdk }: Stage, assembly: string, stacks: readonly string[] = ['--all']): Promise<string> {
  const unattended = ['--require-approval', 'never', '--concurrency', '5'];
  return cdk.run(['deploy', ...stacks, '--app', assembly, ...unattended, '--output', `${assembly}-deploy`]);
}

/** Subscribes to the topics, looks on, and begins to ask as users do. */
export async function openForBusiness(stage: Stage): Promise<{ stop(): Promise<void> }> {
  const { aws, config, inbox, witness, dataPlane } = stage;
  for (const region of applicationRegions(config)) {
    const TopicArn = names.notificationTopicArn(config, DEPLOYMENT, region);
    await aws.sns(region).send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: inbox.address(region) }));
  }
  stage.timers.every(LOOK_EVERY_MS, () => lookAtTable(stage), stage.troubles.add);
  return startLoad({
    clients: CLIENTS,
    everyMs: ASK_EVERY_MS,
    record: config.record,
    ttlSeconds: config.ttlSeconds,
    dnsPort: dataPlane.port,
    portOf: stage.portOf,
    regionOf: (host) => Object.keys(HOSTS).find((id) => HOSTS[id] === host) ?? 'nowhere',
    onRequest: witness.sawRequest,
  });
}

/** By the vantage's replica: no Region of the application is asked. */
export async function lookAtTable({ aws, config, witness, regions }: Stage): Promise<void> {
  const lit = [...regions.values()].filter((region) => !region.isDark()).map(({ id }) => id);
  witness.sawTable(await readTable(aws.dynamoDb(VANTAGE), config), lit);
}

/** What the observers together say of a Region now. */
function assessmentOf({ config, witness }: Stage, subject: string): Assessment {
  return assess(config, { subject, reports: witness.table.reports, nowEpochMs: Date.now() });
}

/** Regions are healthy by quorum. */
export async function untilHealthy(stage: Stage, regions: readonly string[]): Promise<void> {
  await until(`${regions.join(' and ')} healthy by quorum`, DEADLINES.healthy, () =>
    regions.every((region) => isHealthyByQuorum(assessmentOf(stage, region))) ? true : undefined,
  );
}

/** The name leads to a Region. */
export async function untilAnswered(stage: Stage, region: string): Promise<void> {
  await until(`the name leads to ${region}`, DEADLINES.healthy, async () =>
    (await askDns(stage)).join() === HOSTS[region] ? true : undefined,
  );
}

/** What a resolver client gets for the name, over UDP. */
export async function askDns({ config, dataPlane }: Stage): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  resolver.setServers([`127.0.0.1:${dataPlane.port}`]);
  return resolver.resolveCname(config.record).catch(() => []);
}

/** Waits for the end of an operation that began after a moment. */
export async function untilEnded(
  stage: Stage,
  { kind, sinceMs }: { readonly kind: OperationRecord['kind']; readonly sinceMs: number },
): Promise<OperationRecord> {
  const record = await until(`a ${kind} that has ended`, DEADLINES[kind], () =>
    stage.witness
      .operations()
      .find((found) => found.kind === kind && found.openedAtEpochMs >= sinceMs && found.endedAtEpochMs !== null),
  );
  const { aws, config } = stage;
  const states = await until(`the end of the execution ${record.operationId}`, DEADLINES.healthy, async () => {
    const entered = await readStates(aws.sfn(record.request.target), { config, deployment: DEPLOYMENT }, record);
    return entered.ended ? entered.states : undefined;
  });
  stage.witness.sawStates(states);
  return record;
}

/**
 * Records and kept weights say what the state says: the operation writes them as well as it can while it runs, and the
 * reconciler finishes within the next minutes.
 */
export async function untilSettled({ witness }: Stage): Promise<void> {
  await until('records that say what the state says', DEADLINES.settled, () => {
    const { recordsPending, weightsPending } = witness.state() ?? {};
    return recordsPending === false && weightsPending === false ? true : undefined;
  });
}

/** A message whose subject begins so has come. */
export async function untilTold({ inbox }: Stage, beginning: string): Promise<void> {
  await until(`a message ${beginning}`, DEADLINES.told, () =>
    inbox.messages.some(({ subject }) => subject.startsWith(beginning)) ? true : undefined,
  );
}

/** The states of a Region's alarms whose names begin so, once the alarm clock has judged each of them. */
export async function untilJudged(
  { aws }: Stage,
  { region, beginning }: { readonly region: string; readonly beginning: string },
): Promise<Readonly<Record<string, string>>> {
  return until(`judged alarms ${beginning}* in ${region}`, DEADLINES.judged, async () => {
    const asked = new DescribeAlarmsCommand({ AlarmNamePrefix: beginning });
    const { MetricAlarms = [] } = await aws.cloudWatch(region).send(asked);
    const judged = MetricAlarms.every(({ StateValue }) => StateValue !== 'INSUFFICIENT_DATA');
    if (MetricAlarms.length === 0 || !judged) return undefined;
    return Object.fromEntries(
      MetricAlarms.map(({ AlarmName = '', StateValue = '' }) => [AlarmName.slice(beginning.length), StateValue]),
    );
  });
}

/** What an operator types into the console of the Region that traffic returns to. */
export async function startFailback({ aws, config }: Stage): Promise<void> {
  const input = {
    application: config.application,
    source: STANDBY,
    target: HOME,
    reason: 'healthy again',
    mode: 'manual',
    requestedBy: 'the operator of the test',
    approval: 'none',
  };
  const stateMachineArn = names.stateMachineArn(config, DEPLOYMENT, { region: HOME, machine: 'failback' });
  await aws
    .sfn(HOME)
    .send(new StartExecutionCommand({ stateMachineArn, name: 'failback-by-hand', input: JSON.stringify(input) }));
}
