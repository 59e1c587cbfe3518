import { readFileSync } from 'node:fs';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import { bundleFunctions } from '../../lib/bundle-functions.ts';
import { BUNDLE_LIMITS, RECONCILE_FUNCTIONS } from '../../lib/functions.ts';
import type { Capability } from '../../lib/permissions/capabilities.ts';
import { RECONCILE_CAPABILITIES } from '../../lib/permissions/reconcile-grants.ts';
import {
  RECONCILE_STEP_LIMITS,
  RECONCILE_STEPS,
  type ReconcileStep,
} from '../../state-machines/contracts-reconcile.ts';
import { RECONCILE } from '../_fixtures/broken-configs/reconcile.ts';
import { passiveInput, SINGAPORE, TOKYO } from '../_helpers/config.ts';
import { grantedBy } from '../_helpers/statements.ts';
import { type Resource, synthesize } from '../_helpers/synthesize.ts';

const NETWORK = { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0123456789abcdef0'] };
const stored = (store: object) => passiveInput({ reconcile: { ...RECONCILE, store } as never });
const postgres = synthesize(resolveConfig(stored({ ...RECONCILE.store, network: { [SINGAPORE]: NETWORK } })));

const dynamodb = synthesize(resolveConfig(stored({ kind: 'dynamodb' })));

const STACK = `region-${SINGAPORE}`;
type App = typeof postgres;

function functionOf(app: App, name: ReconcileStep): Resource {
  const found = [...app.resources(STACK, 'AWS::Lambda::Function').values()].find(({ Properties }) =>
    String(Properties['FunctionName']).endsWith(`-${name}`),
  );
  if (found === undefined) throw new RangeError(`no function ${name} is deployed`);
  return found;
}

function actionsOf(app: App, name: ReconcileStep): readonly string[] {
  const [role] = (functionOf(app, name).Properties['Role'] as { 'Fn::GetAtt': [string] })['Fn::GetAtt'];
  const found = app.resources(STACK, 'AWS::IAM::Role').get(role);
  const actions = found === undefined ? [] : grantedBy(found).flatMap((statement) => statement.actions);
  return [...new Set(actions)].filter((action) => !EVERY.includes(action)).toSorted();
}

const EVERY = ['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const NET = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
const PLANS = ['s3:GetObject', 's3:ListBucket', 's3:PutObject'];
const SECRETS = ['secretsmanager:GetSecretValue', 'ssm:GetParameter'];
const STATE = ['dynamodb:GetItem'];

/** What each function may do besides logging, tracing and using its network. */
const ACTIONS: Readonly<Record<ReconcileStep, readonly string[]>> = {
  'open-reconciliation': [...STATE, ...SECRETS],
  'list-work': [...STATE, ...SECRETS],
  'find-differences': SECRETS,
  'seal-plan': STATE,
  'approve-plan': [...STATE, 'kms:Decrypt', 'kms:GenerateDataKey', 'sns:Publish'],
  'apply-repairs': [...STATE, ...SECRETS],
  'verify-range': SECRETS,
  'close-reconciliation': STATE,
};

const READ_TABLES = ['dynamodb:BatchGetItem', 'dynamodb:DescribeTable', 'dynamodb:Scan'];

/** The same where the data are in DynamoDB, whose tables no step but two may change anything of. */
const DYNAMODB_ACTIONS: Readonly<Record<ReconcileStep, readonly string[]>> = {
  'open-reconciliation': [...STATE, ...READ_TABLES],
  'list-work': [...STATE, ...READ_TABLES, 'dynamodb:CreateTable'],
  'find-differences': READ_TABLES,
  'seal-plan': STATE,
  'approve-plan': ACTIONS['approve-plan'],
  'apply-repairs': [...STATE, ...READ_TABLES, 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  'verify-range': READ_TABLES,
  'close-reconciliation': STATE,
};

/** Region and table of an ARN, whose partition and account may be known at deployment only. */
function tableOf(arn: unknown): string {
  const [, region = '', table = ''] = /:dynamodb:([a-z0-9-]+):.*?:?table\/([a-z_]+)/.exec(JSON.stringify(arn)) ?? [];
  return `${region}/${table}`;
}

describe('a reconciliation of DynamoDB', () => {
  it.each(RECONCILE_STEPS)('lets %s do what the table says and nothing else, in no network', (name) => {
    expect(actionsOf(dynamodb, name)).toEqual([...PLANS, ...DYNAMODB_ACTIONS[name]].toSorted());
    expect(functionOf(dynamodb, name).Properties['VpcConfig']).toBeUndefined();
  });

  it('writes tables that are compared and the audit table, in every Region, and no other', () => {
    const statements = [...dynamodb.resources(STACK, 'AWS::IAM::Role').values()].flatMap(grantedBy);
    const tablesOf = (purpose: string) =>
      statements.filter(({ sid }) => sid === purpose).flatMap(({ resources }) => resources.map(tableOf));
    const each = (names: readonly string[]) =>
      [SINGAPORE, TOKYO].flatMap((region) => names.map((name) => `${region}/${name}`)).toSorted();
    expect(tablesOf('RepairTables').toSorted()).toEqual(
      each(['customers', 'inventory', 'orders', 'payments', 'products']),
    );
    expect(tablesOf('KeepVersions').toSorted()).toEqual(each(['switchyard_audit']));
    expect(tablesOf('MakeAuditTables').toSorted()).toEqual(each(['switchyard_audit']));
  });
});

describe('a reconciliation', () => {
  it('is refused by no guard', () => {
    const errors = [...postgres.stacks.values()].flatMap((stack) =>
      Annotations.fromStack(stack).findError('*', Match.anyValue()),
    );
    expect(errors).toEqual([]);
  });

  it.each(RECONCILE_STEPS)('lets %s do what the table says and nothing else', (name) => {
    const found = actionsOf(postgres, name).filter((action) => !NET.includes(action));
    expect(found).toEqual([...PLANS, ...ACTIONS[name]].toSorted());
  });

  it.each(RECONCILE_STEPS)('gives %s as long as its Task waits for it', (name) => {
    expect(functionOf(postgres, name).Properties['Timeout']).toBe(RECONCILE_STEP_LIMITS[name].timeoutSeconds);
  });
});

describe('the plans', () => {
  const buckets = [...postgres.resources(STACK, 'AWS::S3::Bucket').values()];
  const plans = buckets.find(({ Properties }) => JSON.stringify(Properties['BucketName']).includes('sy-plans-'));

  it('lie encrypted in a bucket of each Region that is kept, closed to the public, and forgets after a year', () => {
    expect(plans?.DeletionPolicy).toBe('Retain');
    expect(plans?.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 365, Status: 'Enabled' }] },
      LoggingConfiguration: { LogFilePrefix: 'plans/' },
    });
  });

  it('are read by the machine as lists of work, and no other object', () => {
    const statements = [...postgres.resources(STACK, 'AWS::IAM::Role').values()].flatMap(grantedBy);
    const items = statements.filter(({ sid }) => sid === 'ReadItems');
    expect(items).toHaveLength(1);
    expect(JSON.stringify(items[0]?.resources)).toContain('/*/work/*');
  });
});

describe('functions that reach a database', () => {
  it.each(RECONCILE_STEPS)('%s runs in the network of its Region if it reaches the tables', (name) => {
    const reaches = RECONCILE_CAPABILITIES[name].includes('reachTables');
    const { VpcConfig, Environment } = functionOf(postgres, name).Properties as Record<string, unknown>;
    expect(VpcConfig).toEqual(
      reaches ? { SubnetIds: NETWORK.subnets, SecurityGroupIds: NETWORK.securityGroups } : undefined,
    );
    expect(JSON.stringify(Environment).includes('NODE_EXTRA_CA_CERTS')).toBe(reaches);
    expect(actionsOf(postgres, name).some((action) => NET.includes(action))).toBe(reaches);
  });
});

describe('without a section', () => {
  it('nothing of it is deployed', () => {
    const { resources } = synthesize(resolveConfig(passiveInput()));
    const deployed = JSON.stringify([...resources(STACK).values()]);
    for (const name of RECONCILE_STEPS) expect(deployed).not.toContain(`-${name}"`);
    expect(deployed).not.toContain('sy-plans-');
    expect(deployed).not.toContain('-reconcile"');
  });
});

const CAPABILITIES_OF_PORT: Readonly<Record<string, readonly Capability[]>> = {
  coordination: ['readState'],
  plans: ['keepPlans'],
  tables: ['reachTables', 'repairTables', 'makeAuditTables'],
  functions: ['callMerges'],
  dataCopies: ['readLag'],
  topic: ['notify'],
};
/** Steps that make the engine's ports, and use no table. */
const NO_TABLES: readonly string[] = ['seal-plan', 'approve-plan', 'close-reconciliation'];

describe('the table of capabilities', () => {
  it.each(RECONCILE_STEPS)('gives %s what its index.ts wires', (name) => {
    const entry = readFileSync(new URL(`../../lambdas/${name}/index.ts`, import.meta.url), 'utf8');
    const wired = [...entry.matchAll(/(\w+)Port\(environment/g)]
      .map(([, port = '']) => port)
      .filter((port) => port !== 'tables' || !NO_TABLES.includes(name));
    const held = RECONCILE_CAPABILITIES[name];
    const wanted = wired.map((port) => CAPABILITIES_OF_PORT[port] ?? []);
    for (const capabilities of wanted) expect(held.some((capability) => capabilities.includes(capability))).toBe(true);
    expect(held.filter((capability) => !wanted.flat().includes(capability))).toEqual([]);
  });
});

describe('every step that reaches the tables', () => {
  const reaching = RECONCILE_STEPS.filter((name) => RECONCILE_CAPABILITIES[name].includes('reachTables'));

  it.each(reaching)('%s ends its statements before its own end', (name) => {
    const entry = readFileSync(new URL(`../../lambdas/${name}/index.ts`, import.meta.url), 'utf8');
    expect(entry).toContain(`tablesPort(environment, statementLimitMs('${name}')`);
  });

  it.each(['find-differences', 'apply-repairs', 'verify-range'] as const)('%s may ask what merges', (name) => {
    expect(RECONCILE_CAPABILITIES[name]).toContain('callMerges');
  });
});

describe('the bundles', () => {
  it('are small', async () => {
    const bundles = await bundleFunctions(RECONCILE_FUNCTIONS);
    for (const [name, files] of bundles) {
      const bytes = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
      expect(bytes, name).toBeLessThan(BUNDLE_LIMITS.elsewhere);
      expect(bytes, name).toBeGreaterThan(100_000);
    }
  }, 60_000);
});
