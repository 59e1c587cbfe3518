import { describe, expect, it } from 'vitest';
import healthCheckers from '../../lib/data/health-checker-ranges.json' with { type: 'json' };
import storefront from '../../switchyard.config.ts';
import { type Statement, statementsOf } from '../_helpers/statements.ts';
import { type Resource, synthesized } from '../_helpers/synthesize.ts';

const ACCOUNT = { Ref: 'AWS::AccountId' };
const OWN_ACCOUNT = { StringEquals: { 'aws:SourceAccount': ACCOUNT } };
const PLAIN = { Bool: { 'aws:SecureTransport': 'false' } };
const ALL_BLOCKED = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

const { stacks, resources } = synthesized(storefront);
const guardianStacks = ['region-ap-southeast-1', 'region-ap-northeast-1', 'vantage-ap-northeast-2'];

/** The policy of a bucket, as statements. */
function policyOf(stack: string, bucket: string): readonly Statement[] {
  const [policy, ...others] = [...resources(stack, 'AWS::S3::BucketPolicy').values()].filter(
    ({ Properties }) => (Properties['Bucket'] as { Ref: string }).Ref === bucket,
  );
  expect(others).toEqual([]);
  return statementsOf(policy?.Properties['PolicyDocument']);
}

function bucketOf(stack: string, isIt: (bucket: Resource) => boolean): readonly [id: string, bucket: Resource] {
  const found = [...resources(stack, 'AWS::S3::Bucket')].filter(([, bucket]) => isIt(bucket));
  expect(found).toHaveLength(1);
  return found[0] as [string, Resource];
}

const isLogged = ({ Properties }: Resource): boolean => Properties['LoggingConfiguration'] !== undefined;
const denied = (bucket: string) => ({
  effect: 'Deny',
  actions: ['s3:*'],
  principal: { AWS: '*' },
  condition: PLAIN,
  resources: [{ 'Fn::GetAtt': [bucket, 'Arn'] }, { 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket, 'Arn'] }, '/*']] }],
});

describe('the whole app', () => {
  it('gives others access by the policies of buckets, topics and keys, and lets rules invoke: nothing else', () => {
    const types = [...stacks.keys()].flatMap((stack) => [...resources(stack).values()].map(({ Type }) => Type));
    expect(new Set(types.filter((type) => /Policy|Permission|Grant|Key$/.test(type)))).toEqual(
      new Set(['AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy', 'AWS::KMS::Key', 'AWS::Lambda::Permission']),
    );
    for (const stack of stacks.keys()) {
      for (const { Properties } of resources(stack, 'AWS::DynamoDB::GlobalTable').values()) {
        expect(JSON.stringify(Properties)).not.toContain('ResourcePolicy');
      }
    }
  });

  it('lets EventBridge invoke the observer and the recorder of ends, each for the one rule of its own stack', () => {
    const permissions = [...stacks.keys()].flatMap((stack) =>
      [...resources(stack, 'AWS::Lambda::Permission').values()].map(({ Properties }) => ({ stack, Properties })),
    );
    const invoked = permissions.map(({ stack, Properties }) => {
      const { 'Fn::GetAtt': [rule, attribute] = [''] } = Properties['SourceArn'] as { 'Fn::GetAtt'?: string[] };
      const { 'Fn::GetAtt': [called] = [''] } = Properties['FunctionName'] as { 'Fn::GetAtt'?: string[] };
      expect(Properties).toMatchObject({ Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' });
      expect(attribute).toBe('Arn');
      const pattern = resources(stack, 'AWS::Events::Rule').get(rule ?? '')?.Properties['EventPattern'];
      const name = resources(stack, 'AWS::Lambda::Function').get(called ?? '')?.Properties['FunctionName'];
      return `${stack}: ${(pattern as { source?: string[] }).source?.join()} calls ${String(name)}`;
    });
    expect(invoked.toSorted()).toEqual([
      'region-ap-northeast-1: aws.cloudwatch calls switchyard-storefront-observe-regions',
      'region-ap-northeast-1: aws.states calls switchyard-storefront-record-end',
      'region-ap-southeast-1: aws.cloudwatch calls switchyard-storefront-observe-regions',
      'region-ap-southeast-1: aws.states calls switchyard-storefront-record-end',
    ]);
  });

  it('blocks public access to every bucket, and has no access control lists', () => {
    const buckets = [...stacks.keys()].flatMap((stack) => [...resources(stack, 'AWS::S3::Bucket').values()]);
    expect(buckets).toHaveLength(2 * guardianStacks.length);
    for (const { Properties } of buckets) {
      expect(Properties['PublicAccessBlockConfiguration']).toEqual(ALL_BLOCKED);
      expect(Properties['OwnershipControls']).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
      expect(Properties).not.toHaveProperty('AccessControl');
    }
  });
});

describe.each(guardianStacks)('a guardian bucket in %s', (stack) => {
  const [guardian] = bucketOf(stack, isLogged);
  const [logs] = bucketOf(stack, (bucket) => !isLogged(bucket));

  it('refuses plain connections, and lets Route 53 checkers read switches: nothing else, to nobody else', () => {
    expect(policyOf(stack, guardian)).toEqual([
      { sid: undefined, ...denied(guardian) },
      {
        sid: 'HealthCheckersReadSwitches',
        effect: 'Allow',
        actions: ['s3:GetObject'],
        principal: { AWS: '*' },
        resources: [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': [guardian, 'Arn'] }, '/evacuate/storefront/*']] }],
        condition: { IpAddress: { 'aws:SourceIp': healthCheckers.ranges.map(({ prefix }) => prefix) } },
      },
    ]);
  });

  it('has its log written by the log delivery of S3, for this bucket of this account alone', () => {
    expect(policyOf(stack, logs)).toEqual([
      { sid: undefined, ...denied(logs) },
      {
        sid: undefined,
        effect: 'Allow',
        actions: ['s3:PutObject'],
        principal: { Service: 'logging.s3.amazonaws.com' },
        resources: [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': [logs, 'Arn'] }, '/guardian/*']] }],
        condition: { ...OWN_ACCOUNT, ArnLike: { 'aws:SourceArn': { 'Fn::GetAtt': [guardian, 'Arn'] } } },
      },
    ]);
  });
});

describe.each(['region-ap-southeast-1', 'region-ap-northeast-1'])('in %s', (stack) => {
  it('the topic refuses plain connections and takes messages from alarms of this account', () => {
    const policies = [...resources(stack, 'AWS::SNS::TopicPolicy').values()];
    const [topic] = resources(stack, 'AWS::SNS::Topic').keys();
    expect(policies).toHaveLength(1);
    expect(statementsOf(policies[0]?.Properties['PolicyDocument'])).toEqual([
      {
        sid: 'AllowPublishThroughSSLOnly',
        effect: 'Deny',
        actions: ['sns:Publish'],
        principal: '*',
        resources: [{ Ref: topic }],
        condition: PLAIN,
      },
      {
        sid: expect.anything(),
        effect: 'Allow',
        actions: ['sns:Publish'],
        principal: { Service: 'cloudwatch.amazonaws.com' },
        resources: [{ Ref: topic }],
        condition: OWN_ACCOUNT,
      },
    ]);
  });

  it('the key is turned every year, is administered by the account, and is used by its alarms', () => {
    const [key, ...others] = [...resources(stack, 'AWS::KMS::Key').values()];
    expect(others).toEqual([]);
    expect(key?.Properties['EnableKeyRotation']).toBe(true);
    expect(statementsOf(key?.Properties['KeyPolicy'])).toEqual([
      {
        sid: undefined,
        effect: 'Allow',
        actions: ['kms:*'],
        principal: { AWS: { 'Fn::Join': ['', ['arn:aws:iam::', ACCOUNT, ':root']] } },
        resources: ['*'],
        condition: undefined,
      },
      {
        sid: undefined,
        effect: 'Allow',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        principal: { Service: 'cloudwatch.amazonaws.com' },
        resources: ['*'],
        condition: OWN_ACCOUNT,
      },
    ]);
  });
});
