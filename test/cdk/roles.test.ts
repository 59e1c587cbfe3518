import { describe, expect, it } from 'vitest';
import storefront from '../../switchyard.config.ts';
import { grantedBy, type Statement, statementsOf } from '../_helpers/statements.ts';
import { type Resource, synthesized } from '../_helpers/synthesize.ts';

const ACCOUNT = { Ref: 'AWS::AccountId' };
const { stacks, resources } = synthesized(storefront);

/** Roles of a stack that a service takes, by logical id. */
function rolesOf(stack: string, service: string): readonly (readonly [id: string, role: Resource])[] {
  return [...resources(stack, 'AWS::IAM::Role')].filter(([, role]) => trustOf(role).service === service);
}

function trustOf({ Properties }: Resource): { readonly service: string; readonly condition: unknown } {
  const [statement, ...others] = statementsOf(Properties['AssumeRolePolicyDocument']);
  expect(others).toEqual([]);
  expect(statement).toMatchObject({ effect: 'Allow', actions: ['sts:AssumeRole'] });
  const { Service: service } = (statement?.principal ?? {}) as { Service: string };
  return { service, condition: statement?.condition };
}

function actionsOf(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap(({ actions }) => actions).toSorted();
}

/** A resource in one line, its account and references by name. */
function textOf(resource: unknown): string {
  const join = (resource as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
  if (typeof resource === 'string') return resource;
  if (join !== undefined) return join[1].map(textOf).join('');
  return (resource as { Ref?: string }).Ref === 'AWS::AccountId' ? '<account>' : JSON.stringify(resource);
}

const regionStacks = [...stacks.keys()].filter((name) => name.startsWith('region-'));

describe.each(regionStacks)('in %s', (stack) => {
  const region = stack.replace('region-', '');

  it('a machine calls the functions of its definition, logs and traces, and does nothing else', () => {
    const machines = [...resources(stack, 'AWS::StepFunctions::StateMachine').values()];
    expect(rolesOf(stack, 'states.amazonaws.com')).toHaveLength(machines.length);
    for (const { Properties } of machines) {
      const [id] = (Properties['RoleArn'] as { 'Fn::GetAtt': [string] })['Fn::GetAtt'];
      const [, role] = rolesOf(stack, 'states.amazonaws.com').find(([role]) => role === id) ?? [];
      if (role === undefined) throw new Error('the machine has no role');
      const calls = grantedBy(role).filter(({ actions }) => actions.includes('lambda:InvokeFunction'));
      expect(actionsOf(grantedBy(role))).toEqual([
        'lambda:InvokeFunction',
        'logs:CreateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:DescribeLogGroups',
        'logs:DescribeResourcePolicies',
        'logs:GetLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:UpdateLogDelivery',
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ]);
      const substitutions = Object.values(Properties['DefinitionSubstitutions'] as object);
      expect(new Set(calls.flatMap(({ resources: on }) => on))).toEqual(new Set(substitutions));
      expect(trustOf(role).condition).toEqual({
        ArnEquals: {
          'aws:SourceArn': {
            'Fn::Join': ['', [`arn:aws:states:${region}:`, ACCOUNT, `:stateMachine:${Properties['StateMachineName']}`]],
          },
        },
      });
    }
  });

  it('nobody but Lambda, Step Functions and the scheduler takes a role', () => {
    const services = [...resources(stack, 'AWS::IAM::Role').values()].map((role) => trustOf(role).service);
    expect(new Set(services)).toEqual(
      new Set(['lambda.amazonaws.com', 'scheduler.amazonaws.com', 'states.amazonaws.com']),
    );
  });
});

const schedules = [...stacks.keys()].flatMap((stack) =>
  [...resources(stack, 'AWS::Scheduler::Schedule').values()].map(({ Properties }) => ({ stack, Properties })),
);

it('every observer and every reconciler has its schedule', () => {
  expect(schedules).toHaveLength(5);
});

it.each(schedules)('a schedule of $stack invokes its own function, for this account alone', ({ stack, Properties }) => {
  const target = Properties['Target'] as { readonly Arn: unknown; readonly RoleArn: { 'Fn::GetAtt': [string] } };
  const role = resources(stack, 'AWS::IAM::Role').get(target.RoleArn['Fn::GetAtt'][0]);
  if (role === undefined) throw new Error('the schedule has no role');
  expect(grantedBy(role)).toMatchObject([{ actions: ['lambda:InvokeFunction'], resources: [target.Arn] }]);
  expect(trustOf(role)).toEqual({
    service: 'scheduler.amazonaws.com',
    condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
  });
});

describe('the observer of a vantage Region', () => {
  it('coordinates, reads metrics, logs and traces, and does nothing else', () => {
    const [[, role] = [], ...others] = rolesOf('vantage-ap-northeast-2', 'lambda.amazonaws.com');
    expect(others).toEqual([]);
    expect(role === undefined ? [] : actionsOf(grantedBy(role))).toEqual([
      'cloudwatch:GetMetricData',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });
});

/** Every resource that is more than one thing, and the only actions that have it; anywhere, in any role. */
const WIDE: Readonly<Record<string, readonly string[]>> = {
  '*': [
    'cloudwatch:GetMetricData',
    'logs:CreateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:DescribeLogGroups',
    'logs:DescribeResourcePolicies',
    'logs:GetLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:UpdateLogDelivery',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
  ],
  'arn:aws:cloudformation:ap-northeast-1:<account>:stack/switchyard-storefront-routing/*': [
    'cloudformation:DescribeStacks',
  ],
  'arn:aws:rds:ap-northeast-1:<account>:cluster:*': ['rds:FailoverGlobalCluster', 'rds:SwitchoverGlobalCluster'],
  'arn:aws:rds:ap-southeast-1:<account>:cluster:*': ['rds:FailoverGlobalCluster', 'rds:SwitchoverGlobalCluster'],
  'arn:aws:route53:::change/*': ['route53:GetChange'],
  'arn:aws:ssm:ap-northeast-1:<account>:parameter/switchyard/storefront/weights/*/*': [
    'ssm:GetParameters',
    'ssm:PutParameter',
  ],
  'arn:aws:states:ap-northeast-1:<account>:execution:switchyard-storefront-failback:*': ['states:DescribeExecution'],
  'arn:aws:states:ap-northeast-1:<account>:execution:switchyard-storefront-failover:*': ['states:DescribeExecution'],
  'arn:aws:states:ap-southeast-1:<account>:execution:switchyard-storefront-failback:*': ['states:DescribeExecution'],
  'arn:aws:states:ap-southeast-1:<account>:execution:switchyard-storefront-failover:*': ['states:DescribeExecution'],
};

/** Every wide resource of every role, with the actions that have it. */
function wideResources(): readonly (readonly [resource: string, action: string])[] {
  return [...stacks.keys()]
    .flatMap((stack) => [...resources(stack, 'AWS::IAM::Role').values()].flatMap(grantedBy))
    .flatMap(({ actions, resources: on }) => {
      const wide = on.map(textOf).filter((text) => text.includes('*'));
      return wide.flatMap((resource) => actions.map((action) => [resource, action] as const));
    });
}

it('all roles name each resource exactly, but for what the table lists', () => {
  const found = Object.groupBy(wideResources(), ([resource]) => resource);
  const table = Object.entries(found).map(([resource, pairs = []]) => {
    const actions = new Set(pairs.map(([, action]) => action));
    return [resource, [...actions].toSorted()] as const;
  });
  expect(Object.fromEntries(table)).toEqual(WIDE);
});
