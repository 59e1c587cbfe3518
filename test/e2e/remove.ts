import { DescribeStacksCommand, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteTableCommand, ListTablesCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { DeleteBucketCommand, DeleteObjectCommand, ListBucketsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { DeleteParametersCommand } from '@aws-sdk/client-ssm';
import { routingRegion } from '../../core/config/accessors.ts';
import { names } from '../../core/config/names.ts';
import { canonicalName } from '../../core/routing/dns-name.ts';
import { HOSTS, REGIONS, ZONE_NAME } from './example.ts';
import { parametersOf, zoneOf } from './live.ts';
import { DEPLOYMENT } from './play.ts';
import type { Stage } from './stage.ts';

/**
 * Removes an application as docs/deploy.md says: takes the protection of two stacks off, destroys all of them, and removes what
 * is kept on purpose.
 *
 * @returns what is still there, by name; empty where nothing is
 */
export async function removeEverything(stage: Stage, assembly: string): Promise<readonly string[]> {
  const { aws, config, cdk } = stage;
  const home = routingRegion(config);
  for (const stack of ['coordination', 'routing']) {
    const StackName = names.stack(config, stack);
    const off = new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false });
    await aws.cloudFormation(home).send(off);
  }
  await cdk.run([
    'destroy',
    '--all',
    '--force',
    '--app',
    assembly,
    '--output',
    `${assembly}-destroy`,
    '--concurrency',
    '5',
  ]);
  await removeTable(stage);
  await removeBuckets(stage);
  await removeParameters(stage);
  await removeEpochRecord(stage);
  return remainsOf(stage);
}

async function removeTable({ aws, config }: Stage): Promise<void> {
  const TableName = names.coordinationTable(config);
  const [own = '', ...others] = config.coordination?.replicas ?? [];
  const table = aws.dynamoDb(own);
  await table.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  for (const RegionName of others) {
    await table.send(new UpdateTableCommand({ TableName, ReplicaUpdates: [{ Delete: { RegionName } }] }));
  }
  await table.send(new DeleteTableCommand({ TableName }));
}

async function removeBuckets({ aws, config }: Stage): Promise<void> {
  const kept = REGIONS.flatMap((region) =>
    [names.guardianBucket, names.accessLogBucket].map((nameOf) => ({
      region,
      Bucket: nameOf(config, DEPLOYMENT, region),
    })),
  );
  for (const { region, Bucket } of kept) {
    const { Contents = [] } = await aws.s3(region).send(new ListObjectsV2Command({ Bucket }));
    for (const { Key } of Contents) await aws.s3(region).send(new DeleteObjectCommand({ Bucket, Key }));
    await aws.s3(region).send(new DeleteBucketCommand({ Bucket }));
  }
}

async function removeParameters(stage: Stage): Promise<void> {
  const Names = Object.keys(await parametersOf(stage));
  if (Names.length > 0) await stage.aws.ssm(routingRegion(stage.config)).send(new DeleteParametersCommand({ Names }));
}

/** The record that every batch compares is written by operations and not by a stack. */
async function removeEpochRecord(stage: Stage): Promise<void> {
  const { aws, config } = stage;
  const { recordSets } = await zoneOf(stage);
  const epoch = recordSets.filter(({ Name }) => canonicalName(Name) === names.epochRecord(config));
  if (epoch.length === 0) return;
  const Changes = epoch.map((ResourceRecordSet) => ({ Action: 'DELETE' as const, ResourceRecordSet }));
  const ChangeBatch = { Changes } as never;
  await aws.route53().send(new ChangeResourceRecordSetsCommand({ HostedZoneId: config.hostedZoneId, ChangeBatch }));
}

/** Everything of ours that any Region still has. */
async function remainsOf(stage: Stage): Promise<readonly string[]> {
  const { aws, config } = stage;
  const own = (name: string): boolean => name.includes(config.application);
  const perRegion = await Promise.all(
    REGIONS.map(async (region) => {
      const stacks = await aws.cloudFormation(region).send(new DescribeStacksCommand({}));
      const { TableNames = [] } = await aws.dynamoDb(region).send(new ListTablesCommand({}));
      const { MetricAlarms = [], CompositeAlarms = [] } = await aws
        .cloudWatch(region)
        .send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
      const { Topics = [] } = await aws.sns(region).send(new ListTopicsCommand({}));
      const { stateMachines = [] } = await aws.sfn(region).send(new ListStateMachinesCommand({}));
      return [
        ...[...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => `alarm ${AlarmName} in ${region}`),
        ...Topics.map(({ TopicArn }) => `topic ${TopicArn}`),
        ...stateMachines.map(({ stateMachineArn }) => `machine ${stateMachineArn}`),
        ...(stacks.Stacks ?? []).flatMap(({ StackName = '' }) =>
          own(StackName) ? [`stack ${StackName} in ${region}`] : [],
        ),
        ...TableNames.filter(own).map((name) => `table ${name} in ${region}`),
      ];
    }),
  );
  const { Buckets = [] } = await aws.s3(REGIONS[0]).send(new ListBucketsCommand({}));
  const { recordSets, healthChecks } = await zoneOf(stage);
  const hosts = [ZONE_NAME, ...Object.values(HOSTS)];
  return [
    ...perRegion.flat(),
    ...Buckets.flatMap(({ Name = '' }) => (own(Name) ? [`bucket ${Name}`] : [])),
    ...Object.keys(await parametersOf(stage)).map((name) => `parameter ${name}`),
    ...recordSets.flatMap(({ Name, Type }) => (hosts.includes(canonicalName(Name)) ? [] : [`record ${Name} ${Type}`])),
    ...healthChecks.map(({ Id }) => `health check ${Id}`),
  ];
}
