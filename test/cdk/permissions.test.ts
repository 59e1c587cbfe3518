import { readFileSync } from 'node:fs';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import { FUNCTIONS, type FunctionName, isOnRecoveryPath } from '../../lib/functions.ts';
import { CAPABILITIES, type Capability } from '../../lib/permissions/capabilities.ts';
import { FUNCTION_CAPABILITIES, grantsOf } from '../../lib/permissions/function-grants.ts';
import { resourcesOf } from '../../lib/permissions/grant.ts';
import storefront from '../../switchyard.config.ts';
import { configOfEveryKind } from '../_helpers/check-samples.ts';
import { SEOUL, testConfig } from '../_helpers/config.ts';
import { CONFIGS } from '../_helpers/configs.ts';
import { grantedBy, type Statement } from '../_helpers/statements.ts';
import { synthesized } from '../_helpers/synthesize.ts';

const EVERY = ['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const COORDINATE = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'];
const NOTIFY = ['kms:Decrypt', 'kms:GenerateDataKey', 'sns:Publish'];
const EVACUATE = ['s3:GetObject', 's3:ListBucket', 's3:PutObject'];
const ADMIT = ['s3:DeleteObject', 's3:GetObject', 's3:ListBucket'];
const TRAFFIC = ['cloudwatch:GetMetricData'];
const WRITER = ['rds:DescribeGlobalClusters'];
const WRITE_RECORDS = ['route53:ChangeResourceRecordSets', 'route53:ListResourceRecordSets', 'ssm:PutParameter'];

/** What each function may do besides logging and tracing, action by action: nothing else, anywhere. */
const ACTIONS: Readonly<Record<FunctionName, readonly string[]>> = {
  'open-operation': [...COORDINATE, 'states:DescribeExecution'],
  'send-notification': [...COORDINATE, ...NOTIFY],
  'validate-target': [...COORDINATE, ...WRITER, ...TRAFFIC],
  'request-approval': [...COORDINATE, ...NOTIFY],
  'prepare-records': [...COORDINATE, ...WRITE_RECORDS, 'route53:GetChange'],
  'await-lag': [...COORDINATE, ...WRITER, ...TRAFFIC],
  'fence-source': COORDINATE,
  'start-promotion': [...COORDINATE, ...WRITER, 'rds:FailoverGlobalCluster', 'rds:SwitchoverGlobalCluster'],
  'check-promotion': [...COORDINATE, ...WRITER],
  'scale-target': COORDINATE,
  'check-capacity': COORDINATE,
  'shift-traffic': [...COORDINATE, ...EVACUATE, ...ADMIT],
  'verify-answers': COORDINATE,
  'write-records': [...COORDINATE, ...WRITE_RECORDS],
  'check-records': [...COORDINATE, 'route53:GetChange'],
  'adjust-load-balancers': COORDINATE,
  'verify-traffic': [...COORDINATE, ...TRAFFIC],
  'drain-connections': [...COORDINATE, ...TRAFFIC],
  'validate-service': [...COORDINATE, ...TRAFFIC],
  'close-operation': COORDINATE,
  'roll-back': [...COORDINATE, ...ADMIT, ...WRITE_RECORDS, ...WRITER],
  'hold-operation': [...COORDINATE, ...NOTIFY],
  'reconcile-data': [...COORDINATE, ...WRITER, ...TRAFFIC],
  'prove-recovery': COORDINATE,
  'check-parity': [...COORDINATE, 's3:ListBucket'],
  'open-switch': [...COORDINATE, ...ADMIT],
  'check-switch': [...COORDINATE, 'route53:ListResourceRecordSets', ...TRAFFIC],
  'climb-ladder': [...COORDINATE, ...WRITER, ...TRAFFIC],
  'check-rung': [...COORDINATE, ...TRAFFIC],
  'retreat-failback': [...COORDINATE, ...EVACUATE, ...WRITE_RECORDS, ...WRITER, ...TRAFFIC],
  'observe-regions': [...COORDINATE, ...TRAFFIC, ...NOTIFY, 'states:DescribeExecution', 'states:StartExecution'],
  'reconcile-records': [...COORDINATE, ...EVACUATE, ...ADMIT, ...WRITE_RECORDS],
  'compare-regions': [...COORDINATE, 's3:ListBucket'],
  'record-end': [...COORDINATE, ...NOTIFY],
  'ensure-weights': ['ssm:PutParameter'],
  'guard-deployment': [
    'cloudformation:DescribeStacks',
    'dynamodb:GetItem',
    'route53:ListResourceRecordSets',
    'ssm:GetParameters',
  ],
  'await-switches': TRAFFIC,
};

/** Capabilities that a port's wiring in `index.ts` calls for; ports that need no permission are left out. */
const CAPABILITIES_OF_PORT: Readonly<Record<string, readonly Capability[]>> = {
  blobs: ['listBlobs'],
  coordination: ['coordinate'],
  dataCopies: ['readWriter', 'readLag'],
  dataTier: ['promote'],
  fleet: ['askFleet', 'callFleet'],
  evacuation: ['evacuate', 'admit'],
  functions: ['callFunctions', 'callFenceHooks'],
  machines: ['startFailover', 'lookAtExecutions', 'startReconciliation'],
  plans: ['readPlans'],
  metrics: ['readTraffic'],
  notifier: ['notify', 'readChannelSecrets'],
  loadBalancers: ['balanceLoad'],
  scaling: ['scale'],
  records: ['writeRecords', 'readChange', 'readServing', 'listRecords'],
  state: ['readState'],
  topic: ['notify'],
  traffic: ['readTraffic'],
};

/** The example with something to compare, so that every function is deployed. */
const COMPARING = resolveConfig({
  ...storefront,
  parity: { blobs: [{ name: 'media', bucket: 'storefront-media-{region}', prefix: 'img/' }] },
});

const SITE = {
  config: storefront,
  deployment: { account: '123456789012', partition: 'aws' },
  region: 'ap-northeast-1',
  topicKeyArn: 'arn:aws:kms:ap-northeast-1:123456789012:key/1',
};

describe('the roles as they are deployed', () => {
  const { stacks, resources } = synthesized(COMPARING);
  const roleOf = (name: FunctionName): readonly Statement[] => {
    for (const stack of stacks.keys()) {
      for (const { Properties } of resources(stack, 'AWS::Lambda::Function').values()) {
        if (Properties['FunctionName'] !== `switchyard-storefront-${name}`) continue;
        const [role] = (Properties['Role'] as { 'Fn::GetAtt': [string] })['Fn::GetAtt'];
        const found = resources(stack, 'AWS::IAM::Role').get(role);
        if (found !== undefined && !stack.startsWith('vantage')) return grantedBy(found);
      }
    }
    throw new RangeError(`no function ${name} is deployed`);
  };

  it.each(FUNCTIONS)('lets %s do what the table says and nothing else', (name) => {
    const actions = new Set(roleOf(name).flatMap((statement) => statement.actions));
    expect([...actions].sort()).toEqual([...new Set([...EVERY, ...ACTIONS[name]])].sort());
  });

  it.each(FUNCTIONS.filter(isOnRecoveryPath))('keeps %s away from the Route 53 API', (name) => {
    expect(roleOf(name).flatMap(({ actions }) => actions)).not.toContainEqual(expect.stringMatching(/^route53/));
  });

  it('lets records be written by name, type and action, and no other record of the zone', () => {
    expect(roleOf('write-records').find(({ sid }) => sid === 'WriteRecords')).toMatchObject({
      resources: ['arn:aws:route53:::hostedzone/Z0123456789STOREFRONT'],
      condition: {
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': [
            '_switchyard.api.storefront.example',
            'live.api.storefront.example',
          ],
          'route53:ChangeResourceRecordSetsRecordTypes': ['CNAME', 'TXT'],
          'route53:ChangeResourceRecordSetsActions': ['CREATE', 'DELETE', 'UPSERT'],
        },
      },
    });
  });

  it('lets the guard of a deployment read what it judges by, of this application alone', () => {
    const grants = roleOf('guard-deployment').filter(({ sid }) => /^(Read|List)/.test(sid ?? ''));
    const account = '{"Ref":"AWS::AccountId"}';
    expect(Object.fromEntries(grants.map(({ sid, resources }) => [sid, JSON.stringify(resources)]))).toEqual({
      ListRecords: '["arn:aws:route53:::hostedzone/Z0123456789STOREFRONT"]',
      ReadStack: `[{"Fn::Join":["",["arn:aws:cloudformation:ap-northeast-1:",${account},":stack/switchyard-storefront-routing/*"]]}]`,
      ReadState: JSON.stringify(
        ['ap-northeast-1', 'ap-northeast-2'].map((region) => ({
          'Fn::Join': [
            '',
            [`arn:aws:dynamodb:${region}:`, JSON.parse(account), ':table/switchyard-storefront-coordination'],
          ],
        })),
      ),
      ReadWeights: `[{"Fn::Join":["",["arn:aws:ssm:ap-northeast-1:",${account},":parameter/switchyard/storefront/weights/*/*"]]}]`,
    });
  });

  it('never lets a live weight be overwritten by the function that creates it', () => {
    expect(roleOf('ensure-weights').find(({ sid }) => sid === 'CreateWeights')).toMatchObject({
      condition: { StringNotEquals: { 'ssm:Overwrite': 'true' } },
    });
  });
});

describe('checks of every kind', () => {
  const { stacks, resources } = synthesized(configOfEveryKind());
  const observers = [...stacks.keys()].filter((stack) => /^(region|vantage)-/.test(stack));

  it('are refused by no guard', () => {
    const errors = [...stacks.values()].flatMap((stack) =>
      Annotations.fromStack(stack).findError('*', Match.anyValue()),
    );
    expect(errors).toEqual([]);
  });

  it.each(observers)('are answered by functions beside the observer of %s', (stack) => {
    const calls = [...resources(stack, 'AWS::IAM::Role').values()]
      .flatMap(grantedBy)
      .filter(({ sid }) => sid === 'CallChecks');
    expect(calls).toHaveLength(1);
    expect(JSON.stringify(calls[0]?.resources)).toMatch(
      new RegExp(`arn:aws:lambda:${stack.replace(/^[a-z]+-/, '')}:.*:function:smoke-test`),
    );
  });
});

describe('the table of capabilities', () => {
  it.each(FUNCTIONS)(
    'gives %s what its index.ts wires: no port without a permission, no permission without a port',
    (name) => {
      const entry = readFileSync(new URL(`../../lambdas/${name}/index.ts`, import.meta.url), 'utf8');
      const wired = [...entry.matchAll(/(\w+)Port\(environment/g)].map(([, port = '']) => port);
      const held: readonly Capability[] = FUNCTION_CAPABILITIES[name];
      for (const port of wired) {
        expect(
          held.some((capability) => CAPABILITIES_OF_PORT[port]?.includes(capability)),
          port,
        ).toBe(true);
      }
      const called = new Set(wired.flatMap((port) => CAPABILITIES_OF_PORT[port] ?? []));
      const own: readonly Capability[] = ['createWeights', 'readWeights', 'readRoutingStack', 'observeHealthChecks'];
      expect(held.filter((capability) => !called.has(capability) && !own.includes(capability))).toEqual([]);
    },
  );

  it('promotes from one function alone', () => {
    expect(FUNCTIONS.filter((name) => ACTIONS[name].includes('rds:FailoverGlobalCluster'))).toEqual([
      'start-promotion',
    ]);
  });

  it('lists the buckets that are compared under their prefixes, in two functions, and reads nothing in them', () => {
    const site = { ...SITE, config: COMPARING };
    expect(CAPABILITIES.listBlobs(site)).toEqual([
      {
        purpose: 'ListBlobsMedia',
        actions: ['s3:ListBucket'],
        resources: ['arn:aws:s3:::storefront-media-ap-southeast-1', 'arn:aws:s3:::storefront-media-ap-northeast-1'],
        conditions: { StringEquals: { 's3:prefix': 'img/' } },
      },
    ]);
    const listers = FUNCTIONS.filter((name) =>
      grantsOf(name, site).some(({ purpose }) => purpose.startsWith('ListBlobs')),
    );
    expect(listers).toEqual(['check-parity', 'compare-regions']);
    expect(CAPABILITIES.listBlobs(SITE)).toEqual([]);
  });

  it('touches a switch only where its guardians keep it', () => {
    const [switches] = CAPABILITIES.evacuate(SITE);
    expect(switches === undefined ? [] : resourcesOf(switches)).toEqual([
      'arn:aws:s3:::sy-guardian-storefront-123456789012-ap-northeast-1/evacuate/storefront/ap-southeast-1',
      'arn:aws:s3:::sy-guardian-storefront-123456789012-ap-northeast-2/evacuate/storefront/ap-southeast-1',
      'arn:aws:s3:::sy-guardian-storefront-123456789012-ap-southeast-1/evacuate/storefront/ap-northeast-1',
      'arn:aws:s3:::sy-guardian-storefront-123456789012-ap-northeast-2/evacuate/storefront/ap-northeast-1',
    ]);
  });

  it('reaches every replica of the coordination table', () => {
    expect(CAPABILITIES.coordinate(SITE).flatMap(resourcesOf)).toEqual([
      'arn:aws:dynamodb:ap-northeast-1:123456789012:table/switchyard-storefront-coordination',
      'arn:aws:dynamodb:ap-northeast-2:123456789012:table/switchyard-storefront-coordination',
    ]);
  });

  it("calls the functions that checks name, in the observer's own Region and nowhere else", () => {
    const probe = { layer: 'application', class: 'important', intervalSeconds: 30 } as const;
    const check = { kind: 'lambda', ...probe, failureThreshold: 3, timeoutSeconds: 10 } as const;
    const config = testConfig({
      checks: { checkout: { ...check, function: 'smoke:live' }, search: { ...check, function: 'smoke:live' } },
    });
    expect(grantsOf('observe-regions', { ...SITE, config, region: SEOUL })).toContainEqual({
      purpose: 'CallChecks',
      actions: ['lambda:InvokeFunction'],
      resources: ['arn:aws:lambda:ap-northeast-2:123456789012:function:smoke:live'],
    });
    expect(CAPABILITIES.callFunctions(SITE)).toEqual([]);
  });

  it('reads the secrets of the channels that the config names, in its own Region, and no other', () => {
    const config = testConfig({
      notify: {
        pagerDuty: { routingKey: { secret: 'storefront/pagerduty' } },
        chat: { webhookUrl: { parameter: '/storefront/chat' } },
      },
    });
    const grants = grantsOf('send-notification', { ...SITE, config });
    expect(grants.filter(({ purpose }) => purpose.startsWith('ReadChannel'))).toEqual([
      {
        purpose: 'ReadChannelParameters',
        actions: ['ssm:GetParameter'],
        resources: [
          'arn:aws:ssm:ap-northeast-1:123456789012:parameter/aws/reference/secretsmanager/storefront/pagerduty',
          'arn:aws:ssm:ap-northeast-1:123456789012:parameter/storefront/chat',
        ],
      },
      {
        purpose: 'ReadChannelSecrets',
        actions: ['secretsmanager:GetSecretValue'],
        resources: ['arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:storefront/pagerduty-??????'],
        patternBecause: expect.any(String),
      },
    ]);
    expect(grantsOf('observe-regions', { ...SITE, config }).map(({ purpose }) => purpose)).not.toContain(
      'ReadChannelParameters',
    );
    expect(CAPABILITIES.readChannelSecrets(SITE)).toEqual([]);
  });

  it.each([
    {
      data: { adapter: 'rds-replica', instance: 'shop', instances: { 'ap-northeast-1': 'shop-tokyo' } },
      action: 'rds:PromoteReadReplica',
      resource: 'arn:aws:rds:ap-northeast-1:123456789012:db:shop-tokyo',
    },
    {
      data: { adapter: 'custom', function: 'shop-data:live' },
      action: 'lambda:InvokeFunction',
      resource: 'arn:aws:lambda:ap-northeast-1:123456789012:function:shop-data:live',
    },
  ] as const)('promotes $data.adapter by one action on one resource', ({ data, action, resource }) => {
    const grants = grantsOf('start-promotion', { ...SITE, config: testConfig({ data }) });
    expect(grants.filter(({ actions }) => actions.includes(action)).flatMap(resourcesOf)).toEqual([resource]);
    expect(grants.flatMap(({ actions }) => actions)).not.toContain('rds:FailoverGlobalCluster');
  });

  it('promotes nothing of a global table, and describes it where the function runs', () => {
    const config = testConfig({ data: { adapter: 'dynamodb-global', table: 'shop' } });
    expect(grantsOf('start-promotion', { ...SITE, config }).map(({ purpose }) => purpose)).toEqual(['Coordinate']);
    expect(grantsOf('validate-target', { ...SITE, config })).toContainEqual({
      purpose: 'ReadTable',
      actions: ['dynamodb:DescribeTable'],
      resources: ['arn:aws:dynamodb:ap-northeast-1:123456789012:table/shop'],
    });
  });

  it('calls fence hooks by name, from the fence alone', () => {
    const fenceHooks = [{ name: 'batches', function: 'stop-batches' }];
    const config = testConfig({ failover: { fenceHooks } });
    const callers = FUNCTIONS.filter((name) =>
      grantsOf(name, { ...SITE, config }).some(({ purpose }) => purpose === 'CallFenceHooks'),
    );
    expect(callers).toEqual(['fence-source']);
    expect(CAPABILITIES.callFenceHooks({ ...SITE, config })[0]?.resources).toEqual([
      'arn:aws:lambda:ap-northeast-1:123456789012:function:stop-batches',
    ]);
  });

  it('asks nothing of a data tier that is not there', () => {
    const site = { ...SITE, config: CONFIGS.find(([name]) => name === 'active-active-latency')?.[1] ?? storefront };
    expect(grantsOf('start-promotion', site).map(({ purpose }) => purpose)).toEqual(['Coordinate']);
  });
});
