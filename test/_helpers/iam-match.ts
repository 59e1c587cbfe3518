import type { AwsCall } from '../../twin/aws/aws-world.ts';

/** What IAM would be asked about a call: the action, and the resource where the service knows any. */
export interface AuthorizationRequest {
  readonly action: string;
  readonly resource: string;
}

type Fields = Readonly<Record<string, string | undefined>>;

/** How a call's resource is named, by service; `*` where the service knows no resource-level permission. */
const RESOURCES: Readonly<Record<string, (input: Fields, where: { region: string; account: string }) => string>> = {
  cloudwatch: () => '*',
  dynamodb: ({ TableName }, { region, account }) => `arn:aws:dynamodb:${region}:${account}:table/${TableName}`,
  rds: ({ GlobalClusterIdentifier }, { account }) =>
    `arn:aws:rds::${account}:global-cluster:${GlobalClusterIdentifier}`,
  route53: ({ HostedZoneId, Id }) =>
    HostedZoneId === undefined
      ? `arn:aws:route53:::change/${Id?.replace('/change/', '')}`
      : `arn:aws:route53:::hostedzone/${HostedZoneId}`,
  s3: ({ Bucket, Key }) => `arn:aws:s3:::${Bucket}/${Key}`,
  sns: ({ TopicArn }) => String(TopicArn),
  ssm: ({ Name }, { region, account }) => `arn:aws:ssm:${region}:${account}:parameter${Name}`,
  states: ({ stateMachineArn, executionArn }) => String(stateMachineArn ?? executionArn),
};

/** Translates a call into what IAM judges. */
export function authorizationOf({ service, operation, region, input }: AwsCall, account: string): AuthorizationRequest {
  const resourceOf = RESOURCES[service];
  if (resourceOf === undefined) throw new RangeError(`no resource is known for ${service}; add it to RESOURCES`);
  return { action: `${service}:${operation}`, resource: resourceOf(input as Fields, { region, account }) };
}

/** Whether a pattern of a policy covers a resource; `*` stands for any text. */
export function covers(pattern: string, resource: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(resource);
}
