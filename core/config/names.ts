import type { ResolvedConfig } from './types.ts';

/** Where an application is deployed; what names are derived from besides the config. */
export interface Deployment {
  /** AWS account id, or a token that becomes one. */
  readonly account: string;
  /** `aws`, `aws-cn`, …; or a token. */
  readonly partition: string;
}

type Application = Pick<ResolvedConfig, 'application'>;

/**
 * The one naming module: stacks create these names, steps and commands find things by them, and no stack needs a
 * reference into another Region. Nothing else spells a resource name.
 */
export const names = {
  coordinationTable: ({ application }: Application): string => `switchyard-${application}-coordination`,

  /** At most 63 characters for an application of 20: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
  guardianBucket: ({ application }: Application, { account }: Deployment, region: string): string =>
    `sy-guardian-${application}-${account}-${region}`,

  /** Where the guardian bucket's accesses are logged. */
  accessLogBucket: ({ application }: Application, { account }: Deployment, region: string): string =>
    `sy-access-${application}-${account}-${region}`,

  /** Where plans of reconciliations are kept, in the Region whose machine makes them. */
  planBucket: ({ application }: Application, { account }: Deployment, region: string): string =>
    `sy-plans-${application}-${account}-${region}`,

  /** Where the accesses to that bucket are logged. */
  planLogBucket: ({ application }: Application, { account }: Deployment, region: string): string =>
    `sy-planlog-${application}-${account}-${region}`,

  /** Host name of a bucket for SNI and for anonymous reads by Route 53's checkers. */
  bucketHost: (bucket: string, region: string): string => `${bucket}.s3.${region}.amazonaws.com`,

  evacuationKey: ({ application }: Application, region: string): string => `evacuate/${application}/${region}`,

  /** What a checker looks for in the body: a plain 200 is not enough, since any 2xx and 3xx counts as healthy. */
  evacuationMarker: ({ application }: Application, region: string): string =>
    `switchyard:evacuate:${application}:${region}`,

  /** What a fleet's resources are named as: those of an application of this name. */
  fleetApplication: (fleet: string): string => `fleet-${fleet}`,

  /** The one object that takes a Region out for every member of a fleet. */
  fleetKey: (region: string): string => `fleet/${region}`,

  fleetMarker: (fleet: string, region: string): string => `switchyard:fleet:${fleet}:${region}`,

  /** Where the id of a health check of a fleet's switch is kept for its members' stacks. */
  fleetCheckParameter: (fleet: string, check: string): string => `/switchyard/fleet-${fleet}/health-checks/${check}`,

  stepFunction: ({ application }: Application, step: string): string => `switchyard-${application}-${step}`,

  stateMachine: ({ application }: Application, machine: string): string => `switchyard-${application}-${machine}`,

  stateMachineArn: (
    config: Application,
    { account, partition }: Deployment,
    target: { region: string; machine: string },
  ): string =>
    `arn:${partition}:states:${target.region}:${account}:stateMachine:${names.stateMachine(config, target.machine)}`,

  notificationTopic: ({ application }: Application): string => `switchyard-${application}-notifications`,

  notificationTopicArn: (config: Application, { account, partition }: Deployment, region: string): string =>
    `arn:${partition}:sns:${region}:${account}:${names.notificationTopic(config)}`,

  /** At most 255 characters: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
  alarm: ({ application }: Application, alarm: string): string => `switchyard-${application}-${alarm}`,

  /** Of a switch of the kind `cloudwatch`, in its guardian's Region. */
  switchAlarm: ({ application }: Application, ward: string): string => `switchyard-${application}-switch-${ward}`,

  /** Where writes wait while nobody may commit; a FIFO queue's name ends so: quotas-queues in the SQS Developer Guide. */
  writeBuffer: ({ application }: Application): string => `switchyard-${application}-writes.fifo`,

  /** Where all live weights of an application are. */
  weightFolder: ({ application }: Application): string => `/switchyard/${application}/weights`,

  /** Live weight of one weighted record, read by CloudFormation at every deployment and written after every record change. */
  weightParameter: (
    { application }: Application,
    { name, setIdentifier }: { name: string; setIdentifier: string },
  ): string => `${names.weightFolder({ application })}/${name}/${setIdentifier}`,

  stack: ({ application }: Application, stack: string): string => `switchyard-${application}-${stack}`,

  /** The weighted group that follows the state. */
  liveRecord: ({ record }: Pick<ResolvedConfig, 'record'>): string => `live.${record}`,

  /** Active/active: the weighted group of one Region. */
  regionalRecord: ({ record }: Pick<ResolvedConfig, 'record'>, region: string): string => `${region}.live.${record}`,

  lastResortRecord: ({ record }: Pick<ResolvedConfig, 'record'>): string => `last-resort.${record}`,

  /** The record that every change batch compares and swaps. */
  epochRecord: ({ record }: Pick<ResolvedConfig, 'record'>): string => `_switchyard.${record}`,
} as const;

/** CloudWatch namespace of everything this project publishes. */
export const METRIC_NAMESPACE = 'Switchyard';
