import { join } from 'node:path';
import { type App, CfnResource, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { alarmDefinition } from './alarm-definitions.ts';

/**
 * The one place that knows what the local emulator's CloudFormation (MiniStack 1.5.33) does not have. The stacks are those of
 * production; what is named here is created through the API by a function that only the local deployment has:
 *
 * - `AWS::Route53::HealthCheck`: refused as an unknown type, though the API has health checks. It drops the children of a
 *   calculated check.
 * - `AWS::CloudWatch::Alarm` with metric math: refused. The API takes such an alarm but drops its metrics.
 * - `AWS::CloudWatch::CompositeAlarm`: refused as an unknown type. The API has composite alarms, and settles them by their rules
 *   whenever a child changes.
 * - `AWS::DynamoDB::GlobalTable`: made without its replicas.
 *
 * What the API drops is kept whole in a parameter, for the data planes beside the emulator.
 *
 * Functions run as processes of this machine, so they are also told what stands for their network (`local-network.mjs`).
 */
export const GAPS = {
  healthCheck: 'AWS::Route53::HealthCheck',
  alarms: 'AWS::CloudWatch::Alarm',
  globalTable: 'AWS::DynamoDB::GlobalTable',
} as const;

/** What a custom resource that fills a gap is told beside the properties of the resource it stands for. */
export const GAP_TYPE = 'GapType';

/** Longest that filling one gap may take. */
const TIMEOUT = Duration.seconds(30);

/** What the local deployment has beside the stacks. */
export interface LocalParts {
  /** Folder of the bundled function that fills gaps, with `index.mjs`. */
  readonly bundle: string;
  /** `LOCAL_NETWORK` of `local-network.mjs`. */
  readonly network: string;
}

/** Hands what the emulator cannot deploy to a function that can. To be called when the app is complete and not synthesized. */
export function fillGaps(app: App, { bundle, network }: LocalParts): void {
  const { endpoints = {} } = JSON.parse(network) as { readonly endpoints?: Readonly<Record<string, string>> };
  for (const made of app.node.findAll().filter((construct) => construct instanceof LambdaFunction)) {
    made.addEnvironment('NODE_OPTIONS', `--import=${join(import.meta.dirname, 'local-network.mjs')}`);
    made.addEnvironment('LOCAL_NETWORK', network);
    const endpoint = endpoints[Stack.of(made).region];
    if (endpoint !== undefined) made.addEnvironment('AWS_ENDPOINT_URL', endpoint);
  }
  for (const stack of app.node.findAll().filter((construct) => construct instanceof Stack)) {
    const gaps = stack.node.findAll().filter(isGap);
    if (gaps.length === 0) continue;
    const serviceToken = addFiller(stack, bundle);
    for (const gap of gaps) {
      if (gap.cfnResourceType === GAPS.globalTable) addReplicas(gap, serviceToken);
      else if (gap.cfnResourceType === GAPS.healthCheck) handOver(gap, serviceToken);
    }
    handOverAlarms(stack, gaps.filter(isAlarm), serviceToken);
  }
}

function isGap(construct: unknown): construct is CfnResource {
  if (!(construct instanceof CfnResource)) return false;
  const { cfnResourceType: type } = construct;
  if (construct instanceof CfnAlarm) return construct.metrics !== undefined;
  return isAlarm(construct) || type === GAPS.healthCheck || type === GAPS.globalTable;
}

function isAlarm(construct: CfnResource): construct is CfnAlarm | CfnCompositeAlarm {
  return construct instanceof CfnAlarm || construct instanceof CfnCompositeAlarm;
}

/** The resource keeps its logical id, its properties and its dependencies; only who creates it changes. */
function handOver(gap: CfnResource, serviceToken: string): void {
  gap.addOverride('Type', `Custom::Local${gap.cfnResourceType.split('::').at(-1)}`);
  gap.addPropertyOverride('ServiceToken', serviceToken);
  gap.addPropertyOverride(GAP_TYPE, gap.cfnResourceType);
}

/**
 * All alarms of a stack that cannot be deployed, put by one invocation instead of one each: those on metric math, then those on the
 * states of others, and all of them after the alarms that can.
 */
function handOverAlarms(stack: Stack, alarms: readonly (CfnAlarm | CfnCompositeAlarm)[], serviceToken: string): void {
  const [first] = alarms;
  if (first?.node.scope === undefined) return;
  const { scope } = first.node;
  const Alarms = alarms.map((alarm) => stack.resolve(alarmDefinition(alarm)));
  for (const alarm of alarms) scope.node.tryRemoveChild(alarm.node.id);
  const added = new CustomResource(stack, 'LocalAlarms', {
    serviceToken,
    resourceType: 'Custom::LocalAlarms',
    properties: { [GAP_TYPE]: GAPS.alarms, Alarms },
  });
  added.node.addDependency(scope);
}

/** The table stays what it is; its replicas come after it and go before it. */
function addReplicas(table: CfnResource, serviceToken: string): void {
  const stack = Stack.of(table);
  const { tableName, replicas } = stack.resolve(
    (({ tableName, replicas }) => ({ tableName, replicas }))(table as CfnGlobalTable),
  ) as {
    readonly tableName: string;
    readonly replicas: readonly { readonly region: string }[];
  };
  const added = new CustomResource(table, 'Replicas', {
    serviceToken,
    resourceType: 'Custom::LocalReplicas',
    properties: {
      [GAP_TYPE]: GAPS.globalTable,
      TableName: tableName,
      Regions: replicas.map(({ region }) => region).filter((region) => region !== stack.region),
    },
  });
  added.node.addDependency(table);
}

function addFiller(stack: Stack, bundle: string): string {
  const filler = new LambdaFunction(stack, 'LocalGapFiller', {
    runtime: Runtime.NODEJS_24_X,
    code: Code.fromAsset(bundle),
    handler: 'index.handler',
    timeout: TIMEOUT,
    logGroup: new LogGroup(stack, 'LocalGapFillerLogs', { removalPolicy: RemovalPolicy.DESTROY }),
  });
  filler.addToRolePolicy(
    new PolicyStatement({ actions: ['route53:*', 'cloudwatch:*', 'dynamodb:*', 'ssm:*'], resources: ['*'] }),
  );
  return filler.functionArn;
}
