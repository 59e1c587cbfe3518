import { App, Stack } from 'aws-cdk-lib';
import { CfnPolicy, type CfnRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { isOnRecoveryPath } from '../../lib/functions.ts';
import { actionsOverlap } from '../../lib/guards/action-pattern.ts';
import type { GuardedRole, GuardSubject } from '../../lib/guards/guard.ts';
import { recoveryPath } from '../../lib/guards/recovery-path.ts';
import { rolesIn } from '../../lib/guards/roles-in.ts';
import storefront from '../../switchyard.config.ts';
import { SEOUL, SINGAPORE, TOKYO } from '../_helpers/config.ts';
import { CONFIGS, PRESET_CONFIGS } from '../_helpers/configs.ts';
import { grantedBy } from '../_helpers/statements.ts';
import { synthesized } from '../_helpers/synthesize.ts';

const ROLE: GuardedRole = {
  path: 'functions.shift-traffic',
  region: TOKYO,
  onRecoveryPath: true,
  statements: [],
  managedPolicies: [],
  environment: {},
};
const subjectWith = (change: Partial<GuardedRole>): GuardSubject => ({
  config: storefront,
  tree: { hostedZoneName: '', records: [], healthChecks: [] },
  roles: [{ ...ROLE, ...change }],
});
const allowing = (action: string, resources: readonly string[] = ['*']): Partial<GuardedRole> => ({
  statements: [{ actions: [action], notActions: [], resources }],
});

describe('two patterns of actions', () => {
  it.each([
    ['s3:PutObject', 's3:PutObject', true],
    ['s3:PutObject', 's3:putobject', true],
    ['s3:PutObject', 's3:PutBucketPolicy', false],
    ['*', 'iam:PassRole', true],
    ['s3:*', 's3:CreateBucket', true],
    ['s3:Put*', 's3:PutBucket*', true],
    ['s3:*Bucket', 's3:Create*', true],
    ['s3:Get*', 's3:Put*', false],
    ['s3:CreateBucke?', 's3:CreateBucket', true],
    ['s3:CreateBucket?', 's3:CreateBucket', false],
    ['route53:*', 'route53-recovery-cluster:*', false],
    ['', '', true],
    ['', 's', false],
    ['*', '', true],
  ])('%s and %s have an action in common: %s', (one, other, expected) => {
    expect(actionsOverlap(one, other)).toBe(expected);
    expect(actionsOverlap(other, one)).toBe(expected);
  });
});

describe('the guard of the recovery path', () => {
  it.each([
    'route53:ListResourceRecordSets',
    'route53:GetChange',
    'route53:ChangeResourceRecordSets',
    'route53:UpdateHealthCheck',
    'route53-recovery-control-config:DescribeCluster',
    'globalaccelerator:UpdateEndpointGroup',
    'cloudfront:UpdateDistribution',
    'iam:PassRole',
    'iam:CreateServiceLinkedRole',
    'organizations:ListAccounts',
    's3:CreateBucket',
    's3:PutBucketPolicy',
    's3:PutLifecycleConfiguration',
    'sts:AssumeRoot',
    '*',
    's3:*',
    's3:Put*',
    'sts:*',
    'Route53:Get*',
  ])('refuses %s', (action) => {
    expect(recoveryPath(subjectWith(allowing(action)))).toMatchObject([
      {
        path: 'functions.shift-traffic',
        value: action,
        allowed: 'actions that the Region it runs in serves',
        remedy: expect.stringContaining('RECORD_FUNCTIONS'),
      },
    ]);
  });

  it.each([
    's3:PutObject',
    's3:Get*',
    'dynamodb:*',
    'rds:FailoverGlobalCluster',
    'sts:AssumeRole',
    'route53-recovery-cluster:UpdateRoutingControlState',
    'cloudfront-keyvaluestore:PutKey',
  ])('lets %s pass, which a Region or a data plane serves itself', (action) => {
    expect(recoveryPath(subjectWith(allowing(action)))).toEqual([]);
  });

  it('leaves alone who is off the path', () => {
    expect(
      recoveryPath(subjectWith({ ...allowing('route53:ChangeResourceRecordSets'), onRecoveryPath: false })),
    ).toEqual([]);
  });

  it('refuses an allowance of everything but a few actions, and policies that it cannot read', () => {
    const statements = [{ actions: [], notActions: ['s3:DeleteObject'], resources: ['*'] }];
    const managedPolicies = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    expect(recoveryPath(subjectWith({ statements, managedPolicies }))).toMatchObject([
      { message: expect.stringContaining('not in the template'), value: managedPolicies[0] },
      { message: expect.stringContaining('everything but'), value: ['s3:DeleteObject'] },
    ]);
  });

  const table = (region: string): string => `arn:aws:dynamodb:${region}:1:table/t`;
  it.each([
    { what: 'only the Region to leave', resources: [table(SINGAPORE)], refused: true },
    { what: 'only its own Region', resources: [table(TOKYO)], refused: false },
    { what: 'only a Region that is never left', resources: [table(SEOUL)], refused: false },
    { what: 'the Region to leave and another', resources: [table(SINGAPORE), table(SEOUL)], refused: false },
    { what: 'no Region', resources: ['arn:aws:s3:::bucket/key'], refused: false },
    { what: 'everything', resources: ['*'], refused: false },
  ])('with resources in $what refuses: $refused', ({ resources, refused }) => {
    const problems = recoveryPath(subjectWith(allowing('dynamodb:GetItem', resources)));
    expect(problems.map(({ message }) => message)).toEqual(
      refused ? [expect.stringContaining(`${SINGAPORE} alone, which may be the Region to leave`)] : [],
    );
  });

  it.each([
    { name: 'ENDPOINT', value: `https://dynamodb.${SINGAPORE}.amazonaws.com`, refused: true },
    { name: 'ENDPOINT', value: `https://dynamodb.${TOKYO}.amazonaws.com`, refused: false },
    { name: 'AWS_ENDPOINT_URL_STS', value: 'https://sts.amazonaws.com', refused: true },
    { name: 'ENDPOINT', value: 'https://bucket.s3.amazonaws.com', refused: true },
    { name: 'ENDPOINT', value: `https://dynamodb.${SINGAPORE}.api.aws`, refused: true },
    { name: 'ENDPOINT', value: `https://abcdef.lambda-url.${SINGAPORE}.on.aws`, refused: true },
    { name: 'ENDPOINT', value: `https://dynamodb.${TOKYO}.api.aws`, refused: false },
    { name: 'AWS_ENDPOINT_URL_STS', value: `https://sts.${TOKYO}.amazonaws.com`, refused: false },
    { name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'legacy', refused: true },
    { name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional', refused: false },
    { name: 'SWITCHYARD_ACCOUNT', value: '<deployed>', refused: false },
  ])('with $name=$value refuses: $refused', ({ name, value, refused }) => {
    const problems = recoveryPath(subjectWith({ environment: { [name]: value } }));
    expect(problems).toMatchObject(refused ? [{ path: `functions.shift-traffic.environment.${name}`, value }] : []);
  });
});

describe('the roles of an app', () => {
  const { stacks, resources } = synthesized(storefront);
  const roles = rolesIn([...stacks.values()][0]?.node.root ?? new App());

  it('are all that the templates hold, with the actions that they hold', () => {
    const inTemplates = [...stacks.keys()].flatMap((stack) => [...resources(stack, 'AWS::IAM::Role').values()]);
    const actions = (all: readonly { readonly actions: readonly string[] }[]): readonly string[] =>
      all.flatMap((statement) => statement.actions).toSorted();
    expect(roles).toHaveLength(inTemplates.length);
    expect(actions(roles.flatMap(({ statements }) => statements))).toEqual(actions(inTemplates.flatMap(grantedBy)));
  });

  it('are on the recovery path unless a function of theirs is not', () => {
    const off = roles.filter(({ onRecoveryPath }) => !onRecoveryPath).map(({ path }) => path);
    expect(new Set(off)).toEqual(
      new Set(
        [
          'adjust-load-balancers',
          'prepare-records',
          'write-records',
          'check-records',
          'check-switch',
          'roll-back',
          'retreat-failback',
          'reconcile-data',
          'reconcile-records',
          'ensure-weights',
          'await-switches',
          'guard-deployment',
        ].map((name) => `functions.${name}`),
      ),
    );
    expect(isOnRecoveryPath('shift-traffic')).toBe(true);
    const machines = roles.filter(({ path }) => path.includes('/Machine-'));
    expect(machines).toHaveLength(4);
    expect(machines.every(({ onRecoveryPath }) => onRecoveryPath)).toBe(true);
  });

  it('know their Region, the ARNs as far as they can be known, and the environment of their function', () => {
    const shift = roles.find(({ path, region }) => path === 'functions.shift-traffic' && region === TOKYO);
    expect(shift?.environment).toEqual({ SWITCHYARD_ACCOUNT: '<deployed>', SWITCHYARD_PARTITION: 'aws' });
    expect(shift?.statements.flatMap(({ resources: on }) => on).map((arn) => arn.split(':')[3])).toContain(SEOUL);
  });

  it.each([...CONFIGS, ...PRESET_CONFIGS])('of %s pass the guard', (_, config) => {
    const [stack] = synthesized(config).stacks.values();
    const found = stack === undefined ? [] : rolesIn(stack.node.root);
    expect(recoveryPath({ ...subjectWith({}), config, roles: found })).toEqual([]);
  });

  it('are judged with what others attach to them', () => {
    const stack = new Stack(new App(), 'Stack');
    const role = new Role(stack, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromManagedPolicyArn(stack, 'Admin', 'arn:aws:iam::aws:policy/Admin')],
    });
    role.addToPolicy(new PolicyStatement({ actions: ['route53:GetChange'], resources: ['*'] }));
    role.addToPolicy(new PolicyStatement({ notActions: ['s3:*'], resources: ['*'] }));
    new CfnPolicy(stack, 'Another', {
      policyName: 'another',
      policyDocument: { Statement: [{ Effect: 'Deny', Action: 'iam:*', Resource: '*' }] },
      roles: [(role.node.defaultChild as CfnRole).ref],
    });
    expect(rolesIn(stack)).toEqual([
      {
        path: 'Stack/Role/Resource',
        region: stack.region,
        onRecoveryPath: true,
        statements: [
          { actions: ['route53:GetChange'], notActions: [], resources: ['*'] },
          { actions: [], notActions: ['s3:*'], resources: ['*'] },
        ],
        managedPolicies: ['arn:aws:iam::aws:policy/Admin'],
        environment: {},
      },
    ]);
  });
});
