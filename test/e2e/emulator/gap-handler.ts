import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutCompositeAlarmCommand,
  type PutCompositeAlarmCommandInput,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  ChangeTagsForResourceCommand,
  CreateHealthCheckCommand,
  DeleteHealthCheckCommand,
  type HealthCheckConfig,
  Route53Client,
  UpdateHealthCheckCommand,
} from '@aws-sdk/client-route-53';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { KEPT_ALARMS, KEPT_HEALTH_CHECKS } from './kept-definition.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Brings a resource about, and takes it away; each by its type in CloudFormation. */
interface Filler {
  /** Creates or changes the resource and gives its physical id. */
  put(properties: Properties, event: CloudFormationCustomResourceEvent): Promise<string>;
  delete(physicalId: string, properties: Properties): Promise<unknown>;
}

const route53 = new Route53Client({});
const cloudWatch = new CloudWatchClient({});
const dynamoDb = new DynamoDBClient({});
const ssm = new SSMClient({});

const FILLERS: Readonly<Record<string, Filler>> = {
  'AWS::Route53::HealthCheck': {
    put: putHealthCheck,
    delete: async (HealthCheckId, { HealthCheckConfig: config }) => {
      await route53.send(new DeleteHealthCheckCommand({ HealthCheckId }));
      if ((config as HealthCheckConfig).Type === 'CALCULATED') await forget(`${KEPT_HEALTH_CHECKS}/${HealthCheckId}`);
    },
  },
  'AWS::CloudWatch::Alarm': { put: putAlarms, delete: (_, { Alarms }) => deleteAlarms(Alarms as readonly AnyAlarm[]) },
  'AWS::DynamoDB::GlobalTable': { put: putReplicas, delete: deleteReplicas },
};

/** Answers CloudFormation for a resource that the emulator's own CloudFormation does not have. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event;
  let PhysicalResourceId = 'PhysicalResourceId' in event ? event.PhysicalResourceId : LogicalResourceId;
  let outcome: { Status: 'SUCCESS' } | { Status: 'FAILED'; Reason: string } = { Status: 'SUCCESS' };
  try {
    const { ServiceToken: _, GapType, ...properties } = event.ResourceProperties;
    const filler = FILLERS[String(GapType)];
    if (filler === undefined) throw new RangeError(`nobody fills ${String(GapType)}`);
    const typed = withTypes(properties) as Properties;
    if (event.RequestType === 'Delete') await filler.delete(PhysicalResourceId, typed);
    else PhysicalResourceId = await filler.put(typed, event);
  } catch (error) {
    outcome = { Status: 'FAILED', Reason: String(error) };
  }
  const answer = { ...outcome, PhysicalResourceId, StackId, RequestId, LogicalResourceId };
  await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
}

/** CloudFormation hands numbers and booleans of a custom resource over as text. */
function withTypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTypes);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTypes(inner)]));
  if (value === 'true' || value === 'false') return value === 'true';
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

async function putHealthCheck(
  { HealthCheckConfig, HealthCheckTags: tags }: Properties,
  event: CloudFormationCustomResourceEvent,
): Promise<string> {
  const config = HealthCheckConfig as HealthCheckConfig;
  const id = await (event.RequestType === 'Update'
    ? changeHealthCheck(event.PhysicalResourceId, config)
    : createHealthCheck(event.RequestId, config));
  const AddTags = tags as { Key: string; Value: string }[];
  await route53.send(new ChangeTagsForResourceCommand({ ResourceType: 'healthcheck', ResourceId: id, AddTags }));
  if (config.Type === 'CALCULATED') await keep(`${KEPT_HEALTH_CHECKS}/${id}`, config);
  return id;
}

async function createHealthCheck(CallerReference: string, config: HealthCheckConfig): Promise<string> {
  const created = await route53.send(new CreateHealthCheckCommand({ CallerReference, HealthCheckConfig: config }));
  return created.HealthCheck?.Id ?? '';
}

/** What cannot be changed is left out; CloudFormation would have replaced the check for it. */
async function changeHealthCheck(HealthCheckId: string, config: HealthCheckConfig): Promise<string> {
  const { Type: _, RequestInterval: __, MeasureLatency: ___, ...changeable } = config;
  await route53.send(new UpdateHealthCheckCommand({ HealthCheckId, ...changeable }));
  return HealthCheckId;
}

type AnyAlarm = PutMetricAlarmCommandInput | PutCompositeAlarmCommandInput;

/** In the order of the list, in which no alarm comes before one that its rule names; what is no longer in it goes. */
async function putAlarms({ Alarms }: Properties, event: CloudFormationCustomResourceEvent): Promise<string> {
  const alarms = Alarms as readonly AnyAlarm[];
  const before = event.RequestType === 'Update' ? (event.OldResourceProperties['Alarms'] as readonly AnyAlarm[]) : [];
  for (const alarm of alarms) await putAlarm(alarm);
  const kept = alarms.map(({ AlarmName }) => AlarmName);
  await deleteAlarms(before.filter(({ AlarmName }) => !kept.includes(AlarmName)));
  return `${event.StackId.split('/')[1] ?? 'stack'}-alarms`;
}

async function putAlarm(alarm: AnyAlarm): Promise<void> {
  if ('AlarmRule' in alarm) {
    await cloudWatch.send(new PutCompositeAlarmCommand(alarm));
    return;
  }
  // Kept first, so that whoever reads the alarm finds it whole.
  await keep(`${KEPT_ALARMS}/${alarm.AlarmName}`, alarm);
  await cloudWatch.send(new PutMetricAlarmCommand(alarm as PutMetricAlarmCommandInput));
}

/** One by one and from the end: an alarm that a rule names cannot go, and of those with a rule only one at a time. */
async function deleteAlarms(alarms: readonly AnyAlarm[]): Promise<void> {
  for (const alarm of alarms.toReversed()) {
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [alarm.AlarmName ?? ''] }));
    if (!('AlarmRule' in alarm)) await forget(`${KEPT_ALARMS}/${alarm.AlarmName}`);
  }
}

async function keep(Name: string, definition: unknown): Promise<void> {
  const Value = JSON.stringify(definition);
  await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Tier: 'Advanced', Overwrite: true }));
}

async function forget(Name: string): Promise<void> {
  await ssm.send(new DeleteParameterCommand({ Name }));
}

async function putReplicas({ TableName, Regions }: Properties): Promise<string> {
  for (const RegionName of Regions as readonly string[]) {
    await dynamoDb.send(
      new UpdateTableCommand({ TableName: String(TableName), ReplicaUpdates: [{ Create: { RegionName } }] }),
    );
  }
  return `${String(TableName)}-replicas`;
}

/** The table is kept when its stack goes, and its replicas with it. */
function deleteReplicas(): Promise<void> {
  return Promise.resolve();
}
