import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { COVERAGE_SECONDS } from '../../core/health/rounds.ts';
import { STEP_LIMITS, STEPS } from '../../state-machines/contracts.ts';
import storefront from '../../switchyard.config.ts';
import { fixtureConfig } from '../_helpers/configs.ts';
import { synthesized } from '../_helpers/synthesize.ts';

const { template, resources, stacks } = synthesized(storefront);
const STACK = 'region-ap-northeast-1';
const region = template(STACK);

describe('the stack of an application Region', () => {
  it('depends on no other stack, so that it can be deployed while any other Region is dead', () => {
    expect(stacks.get(STACK)?.dependencies).toEqual([]);
  });

  it.each(STEPS)('has the function of %s, which may take as long as its Task states wait', (step) => {
    region.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: `switchyard-storefront-${step}`,
      Timeout: STEP_LIMITS[step].timeoutSeconds,
      Environment: { Variables: { SWITCHYARD_ACCOUNT: { Ref: 'AWS::AccountId' }, SWITCHYARD_PARTITION: 'aws' } },
    });
  });

  it.each(['failover', 'failback'])(
    'logs and traces all of the %s machine, without the data: it holds task tokens',
    (machine) => {
      region.hasResourceProperties('AWS::StepFunctions::StateMachine', {
        StateMachineName: `switchyard-storefront-${machine}`,
        LoggingConfiguration: Match.objectLike({ IncludeExecutionData: false, Level: 'ALL' }),
        TracingConfiguration: { Enabled: true },
      });
      region.hasResourceProperties('AWS::Logs::LogGroup', {
        LogGroupName: `/aws/vendedlogs/states/switchyard-storefront-${machine}`,
        RetentionInDays: 365,
      });
    },
  );

  it('lets a machine be run by Step Functions for itself alone', () => {
    const roles = [...resources(STACK, 'AWS::IAM::Role').values()].map((r) => r.Properties['AssumeRolePolicyDocument']);
    const machineRoles = roles.filter((role) => JSON.stringify(role).includes('states.amazonaws.com'));
    expect(machineRoles).toHaveLength(2);
    for (const role of machineRoles) expect(role).toHaveProperty('Statement.0.Condition.ArnEquals.aws:SourceArn');
  });

  it('has every end of a machine recorded that is no success', () => {
    const [[id] = ['']] = [...resources(STACK, 'AWS::Lambda::Function')].filter(
      ([, { Properties }]) => Properties['FunctionName'] === 'switchyard-storefront-record-end',
    );
    region.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: ['failover', 'failback'].map((machine) => ({
            'Fn::Join': Match.arrayWith([
              Match.arrayWith([Match.stringLikeRegexp(`switchyard-storefront-${machine}$`)]),
            ]),
          })),
        },
      },
      State: 'ENABLED',
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [id, 'Arn'] },
          RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 3600 },
        }),
      ],
    });
  });

  it.each([
    { name: 'observe-regions', concurrency: 6, timeout: COVERAGE_SECONDS + 30 + 20 },
    { name: 'reconcile-records', concurrency: 1, timeout: 50 },
  ])('runs $name every minute without making up for what was missed', ({ name, concurrency, timeout }) => {
    const [[id] = ['']] = [...resources(STACK, 'AWS::Lambda::Function')].filter(
      ([, { Properties }]) => Properties['FunctionName'] === `switchyard-storefront-${name}`,
    );
    region.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: `switchyard-storefront-${name}`,
      ReservedConcurrentExecutions: concurrency,
      Timeout: timeout,
    });
    region.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(* * * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
      Target: Match.objectLike({
        Arn: { 'Fn::GetAtt': [id, 'Arn'] },
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
      }),
    });
    region.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: id },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it('lets the observer outlast the slowest check that a config has', () => {
    const slow = synthesized({
      ...storefront,
      checks: { ...storefront.checks, 'error-rate': false, 'response-time': false },
    });
    slow.template(STACK).hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'switchyard-storefront-observe-regions',
      Timeout: COVERAGE_SECONDS + 10 + 20,
    });
  });

  it('encrypts notifications under a key that alarms may use', () => {
    const [[key] = ['']] = resources(STACK, 'AWS::KMS::Key');
    region.hasResourceProperties('AWS::SNS::Topic', {
      TopicName: 'switchyard-storefront-notifications',
      KmsMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] },
    });
    region.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      }),
    });
  });

  it('subscribes the addresses of the config', () => {
    const orders = synthesized(fixtureConfig('active-passive-three-regions'));
    for (const stack of ['region-us-east-1', 'region-us-east-2', 'region-us-west-2']) {
      orders.template(stack).hasResourceProperties('AWS::SNS::Subscription', {
        Protocol: 'email',
        Endpoint: 'on-call@orders.example',
      });
    }
  });

  it('keeps switches where it is a guardian, readable by Route 53 checkers alone and kept without the stack', () => {
    const [, bucket] = [...resources(STACK, 'AWS::S3::Bucket')].find(([id]) => id.startsWith('GuardianBucket')) ?? [];
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BucketName: { 'Fn::Join': ['', ['sy-guardian-storefront-', { Ref: 'AWS::AccountId' }, '-ap-northeast-1']] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      },
    });
    region.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 's3:GetObject',
            Principal: { AWS: '*' },
            Condition: { IpAddress: { 'aws:SourceIp': Match.arrayWith(['15.177.0.0/18', '54.248.220.0/26']) } },
          }),
        ]),
      }),
    });
  });

  it('logs who touches its switches, into a bucket that only the log delivery of S3 writes to', () => {
    const name = { 'Fn::Join': ['', ['sy-access-storefront-', { Ref: 'AWS::AccountId' }, '-ap-northeast-1']] };
    const [logs] =
      [...resources(STACK, 'AWS::S3::Bucket')].find(
        ([, r]) => Match.exact(name).test(r.Properties['BucketName']).isSuccess,
      ) ?? [];
    region.hasResourceProperties('AWS::S3::Bucket', {
      LoggingConfiguration: { DestinationBucketName: { Ref: logs }, LogFilePrefix: 'guardian/' },
    });
    region.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketName: name,
        LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 90, Status: 'Enabled' })] },
      },
    });
  });

  it('has no bucket where it guards nobody', () => {
    const config = fixtureConfig('active-active-geolocation');
    const guardians = {
      'eu-west-1': ['eu-central-1', 'eu-west-2'],
      'eu-central-1': ['eu-west-1', 'eu-west-2'],
      'us-east-2': ['eu-west-1', 'eu-central-1'],
    };
    const records = synthesized({ ...config, evacuation: { ...config.evacuation, guardians } });
    records.template('region-us-east-2').resourceCountIs('AWS::S3::Bucket', 0);
    records.template('region-eu-west-1').resourceCountIs('AWS::S3::Bucket', 2);
  });
});

describe('the alarm on an observer that does not run', () => {
  it('waits until its last metrics must have come', () => {
    const alarms = [...resources(STACK, 'AWS::CloudWatch::Alarm').values()].map(({ Properties }) => Properties);
    expect(alarms.find(({ Namespace }) => Namespace === 'AWS/Lambda')).toMatchObject({
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'FunctionName', Value: 'switchyard-storefront-observe-regions' }],
      Period: 300,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
    const longestSeconds = 2 * 300;
    expect(COVERAGE_SECONDS + 30 + 20 + 60).toBeLessThan(longestSeconds);
  });
});
