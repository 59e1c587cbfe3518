import type { AwsCall } from '../../twin/aws/aws-world.ts';

/** What IAM would be asked about a call: the action, and the resource where the service knows any. */
export interface AuthorizationRequest {
  readonly action: string;
  readonly resource: string;
}

type Fields = Readonly<Record<string, string | undefined>>;

/** How a call's resource is named, by service; `*` where the service knows no resource-level permission. */
const RESOURCES: Readonly<Record<string, (input: Fields, where: { region: string; account: string }) => string>> = {
  autoscaling: ({ AutoScalingGroupName }, { region, account }) =>
    AutoScalingGroupName === undefined
      ? '*'
      : `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:an-id:autoScalingGroupName/${AutoScalingGroupName}`,
  cloudwatch: () => '*',
  dynamodb: ({ TableName }, { region, account }) => `arn:aws:dynamodb:${region}:${account}:table/${TableName}`,
  ecs: ({ cluster, service, services }, { region, account }) =>
    `arn:aws:ecs:${region}:${account}:service/${cluster}/${service ?? services}`,
  elasticloadbalancing: ({ ListenerArn, RuleArn }) => ListenerArn ?? RuleArn ?? '*',
  globalaccelerator: ({ EndpointGroupArn }) => String(EndpointGroupArn),
  lambda: ({ FunctionName }, { region, account }) => `arn:aws:lambda:${region}:${account}:function:${FunctionName}`,
  rds: ({ GlobalClusterIdentifier, DBInstanceIdentifier }, { region, account }) =>
    DBInstanceIdentifier === undefined
      ? `arn:aws:rds::${account}:global-cluster:${GlobalClusterIdentifier}`
      : `arn:aws:rds:${region}:${account}:db:${DBInstanceIdentifier}`,
  route53: ({ HostedZoneId, Id }) =>
    HostedZoneId === undefined
      ? `arn:aws:route53:::change/${Id?.replace('/change/', '')}`
      : `arn:aws:route53:::hostedzone/${HostedZoneId}`,
  s3: ({ Bucket, Key }) => (Key === undefined ? `arn:aws:s3:::${Bucket}` : `arn:aws:s3:::${Bucket}/${Key}`),
  sns: ({ TopicArn }) => String(TopicArn),
  ssm: ({ Name }, { region, account }) => `arn:aws:ssm:${region}:${account}:parameter${Name}`,
  states: ({ stateMachineArn, executionArn }) => String(stateMachineArn ?? executionArn),
};

/** Actions that are not named as their operation is: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html (Permissions) */
const ACTIONS: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  's3:ListObjectsV2': 's3:ListBucket',
};

/** Translates a call into what IAM judges. */
export function authorizationOf({ service, operation, region, input }: AwsCall, account: string): AuthorizationRequest {
  const resourceOf = RESOURCES[service];
  if (resourceOf === undefined) throw new RangeError(`no resource is known for ${service}; add it to RESOURCES`);
  const action = ACTIONS[`${service}:${operation}`] ?? `${service}:${operation}`;
  return { action, resource: resourceOf(input as Fields, { region, account }) };
}

/** Whether a pattern of a policy covers a resource; `*` stands for any text. */
export function covers(pattern: string, resource: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(resource);
}
