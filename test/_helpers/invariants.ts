import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { runbookFaults } from './runbooks.ts';
import { grantedBy, type Statement, statementsOf } from './statements.ts';
import { isBucketOf, type Resource, type Synthesized } from './synthesize.ts';

/** Quotas of CloudFormation, with room to grow: 500 resources, 200 parameters, 1 MB (cloudformation-limits). */
const MOST_RESOURCES = 300;
const MOST_PARAMETERS = 100;
const MOST_BYTES = 500_000;

/** Policies that say who may use a resource; each refuses plain connections. */
const RESOURCE_POLICIES = ['AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy'];

/** A resource and where it was found. */
interface Found {
  readonly stack: string;
  readonly id: string;
  readonly resource: Resource;
}

/** The templates of an app, looked at from all sides. */
interface View extends Synthesized {
  readonly config: ResolvedConfig;
  readonly all: readonly Found[];
  readonly ofType: (type: string) => readonly Found[];
  readonly properties: (type: string) => readonly Resource['Properties'][];
  readonly roleStatements: readonly Statement[];
}

/** What holds in every template of every app: a sentence, and what asserts it. */
export interface Invariant {
  readonly name: string;
  readonly holds: (app: Synthesized, config: ResolvedConfig) => void;
}

const views = new WeakMap<Synthesized, View>();

/** Looked through once per app: there are many invariants and, in the matrix, many apps. */
function viewOf(app: Synthesized, config: ResolvedConfig): View {
  const known = views.get(app) ?? look(app, config);
  views.set(app, known);
  return known;
}

function look(app: Synthesized, config: ResolvedConfig): View {
  const { stacks, resources } = app;
  const all: readonly Found[] = [...stacks.keys()].flatMap((stack) =>
    [...resources(stack)].map(([id, resource]) => ({ stack, id, resource })),
  );
  const ofType = (type: string): readonly Found[] => all.filter(({ resource }) => resource.Type === type);
  const properties = (type: string): readonly Resource['Properties'][] =>
    ofType(type).map(({ resource }) => resource.Properties);
  const roleStatements = ofType('AWS::IAM::Role').flatMap(({ resource }) => grantedBy(resource));
  return { ...app, config, all, ofType, properties, roleStatements };
}

/** One source for the tests of single configs and of the matrix of presets. */
export const INVARIANTS: readonly Invariant[] = [
  invariant('has a TTL on every record with values, and none on an alias', ({ properties }) => {
    const records = properties('AWS::Route53::RecordSet');
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) {
      if (record['AliasTarget'] === undefined) expect(record['TTL']).toMatch(/^\d+$/);
      else expect(record).not.toHaveProperty('TTL');
    }
  }),
  invariant(
    'allows exact actions and never a pattern, but for what an account may do with its own key',
    ({ properties, roleStatements }) => {
      const policies = RESOURCE_POLICIES.flatMap(properties);
      const attached = policies.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument));
      const allowed = [...roleStatements, ...attached].filter(({ effect }) => effect === 'Allow');
      expect(allowed.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
      for (const { KeyPolicy } of properties('AWS::KMS::Key')) {
        const [account, ...others] = statementsOf(KeyPolicy);
        // Without this statement no IAM policy applies to the key, and nobody could ever change it: key-policy-default.
        expect(JSON.stringify(account?.principal)).toContain(':root');
        expect(others.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
      }
    },
  ),
  invariant('has roles that name resources, or actions that know none', ({ roleStatements }) => {
    const anywhere = new Set(roleStatements.filter(({ resources: on }) => on.includes('*')).map(({ sid }) => sid));
    expect(
      [...anywhere].filter(
        (sid) =>
          !['Trace', 'DeliverLogs', 'ReadMetrics', 'LookAtGroups', 'SetSwitches', 'UseNetwork'].includes(sid ?? ''),
      ),
    ).toEqual([]);
  }),
  invariant(
    'has roles that may neither change permissions, keys, functions and buckets nor take other roles',
    ({ roleStatements }) => {
      const mighty =
        /^(?:iam|sts|organizations):|^kms:(?!Decrypt$|GenerateDataKey$)|^s3:.*Bucket.|^lambda:(?!InvokeFunction$)/;
      expect(roleStatements.flatMap(({ actions }) => actions).filter((action) => mighty.test(action))).toEqual([]);
    },
  ),
  invariant('gives roles their policies at birth, and no managed ones', ({ ofType, properties }) => {
    expect(ofType('AWS::IAM::Policy').concat(ofType('AWS::IAM::ManagedPolicy'))).toEqual([]);
    for (const role of properties('AWS::IAM::Role')) expect(role).not.toHaveProperty('ManagedPolicyArns');
  }),
  invariant('lets everybody do nothing, but for health checkers reading switches', ({ properties }) => {
    const open = RESOURCE_POLICIES.flatMap(properties)
      .flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument))
      .filter(({ effect, principal }) => effect === 'Allow' && isEverybody(principal));
    for (const statement of open) {
      expect(statement.actions).toEqual(['s3:GetObject']);
      expect(JSON.stringify(statement.resources)).toMatch(/\/evacuate\//);
      expect(Object.keys(statement.condition as object)).toEqual(['IpAddress']);
    }
    const guardians = properties('AWS::S3::Bucket').filter((bucket) => isBucketOf('guardian', bucket));
    expect(open).toHaveLength(guardians.length);
  }),
  invariant('encrypts what it stores and refuses plain connections', ({ ofType, properties }) => {
    for (const bucket of properties('AWS::S3::Bucket')) {
      expect(bucket).toHaveProperty('BucketEncryption');
      expect(Object.values(bucket['PublicAccessBlockConfiguration'] as object)).toEqual([true, true, true, true]);
    }
    for (const topic of properties('AWS::SNS::Topic')) expect(topic).toHaveProperty('KmsMasterKeyId');
    // false is DynamoDB's own key; a table without encryption does not exist.
    for (const table of properties('AWS::DynamoDB::GlobalTable')) {
      expect(table['SSESpecification']).toEqual({ SSEEnabled: false });
    }
    for (const queue of properties('AWS::SQS::Queue')) expect(queue).toHaveProperty('SqsManagedSseEnabled', true);
    for (const { PolicyDocument } of RESOURCE_POLICIES.flatMap(properties)) {
      expect(statementsOf(PolicyDocument).some(deniesPlain)).toBe(true);
    }
    for (const type of ['AWS::S3::Bucket', 'AWS::SNS::Topic', 'AWS::SQS::Queue']) {
      expect(ofType(`${type}Policy`)).toHaveLength(ofType(type).length);
    }
  }),
  invariant('keeps every log for a stated time, and logs nowhere else', ({ properties, roleStatements }) => {
    for (const group of properties('AWS::Logs::LogGroup')) expect(group['RetentionInDays']).toBeGreaterThan(0);
    for (const lambda of properties('AWS::Lambda::Function')) expect(lambda).toHaveProperty('LoggingConfig.LogGroup');
    expect(roleStatements.flatMap(({ actions }) => actions)).not.toContain('logs:CreateLogGroup');
  }),
  invariant('runs every function on arm64 and Node.js 24, traced', ({ properties }) => {
    for (const lambda of properties('AWS::Lambda::Function')) {
      expect(lambda).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        TracingConfig: { Mode: 'Active' },
      });
    }
  }),
  invariant(
    'puts a function of the same stack in the place of every placeholder of a definition',
    ({ config, resources, ofType }) => {
      for (const { stack, resource } of ofType('AWS::StepFunctions::StateMachine')) {
        const { StateMachineName, DefinitionSubstitutions } = resource.Properties;
        const machine = String(StateMachineName).replace(`switchyard-${config.application}-`, '');
        const definition = readFileSync(new URL(`../../state-machines/${machine}.asl.json`, import.meta.url), 'utf8');
        const placeholders = [...definition.matchAll(/\$\{([^}]*)\}/g)].map(([, placeholder]) => placeholder);
        const substitutions = DefinitionSubstitutions as Readonly<
          Record<string, { readonly 'Fn::GetAtt': [string, string] }>
        >;
        expect(Object.keys(substitutions).sort()).toEqual([...new Set(placeholders)].sort());
        for (const {
          'Fn::GetAtt': [id, attribute],
        } of Object.values(substitutions)) {
          expect(attribute).toBe('Arn');
          expect(resources(stack, 'AWS::Lambda::Function').has(id)).toBe(true);
        }
      }
    },
  ),
  invariant('neither exports nor imports a value: stacks know one another by name', ({ stacks, template }) => {
    for (const stack of stacks.keys()) {
      const { Outputs = {}, ...rest } = template(stack).toJSON();
      expect(JSON.stringify(Outputs)).not.toContain('"Export"');
      expect(JSON.stringify(rest)).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput/);
    }
  }),
  invariant('depends on stacks of the same Region alone', ({ stacks }) => {
    for (const stack of stacks.values()) {
      for (const dependency of stack.dependencies) expect(dependency.region).toBe(stack.region);
    }
  }),
  invariant('holds no live weight as a resource, which CloudFormation would put back', ({ ofType }) => {
    expect(ofType('AWS::SSM::Parameter')).toEqual([]);
  }),
  invariant('stays under the quotas of CloudFormation', ({ stacks, template }) => {
    for (const stack of stacks.keys()) {
      const body = template(stack).toJSON();
      expect(Object.keys(body['Resources']).length).toBeLessThanOrEqual(MOST_RESOURCES);
      expect(Object.keys(body['Parameters'] ?? {}).length).toBeLessThanOrEqual(MOST_PARAMETERS);
      expect(JSON.stringify(body).length).toBeLessThanOrEqual(MOST_BYTES);
    }
  }),
  invariant('names a whole runbook in the description of every alarm', ({ properties }) => {
    for (const type of ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm']) {
      for (const { AlarmDescription } of properties(type)) {
        const [, runbook = ''] = /Runbook: (\S+)/.exec(String(AlarmDescription)) ?? [];
        expect(runbookFaults(runbook), String(AlarmDescription)).toEqual([]);
      }
    }
  }),
];

function invariant(name: string, holds: (view: View) => void): Invariant {
  return { name, holds: (app, config) => holds(viewOf(app, config)) };
}

function isEverybody(principal: unknown): boolean {
  return (
    principal === '*' || (typeof principal === 'object' && principal !== null && Object.values(principal).includes('*'))
  );
}

function deniesPlain({ effect, condition }: Statement): boolean {
  return effect === 'Deny' && JSON.stringify(condition) === '{"Bool":{"aws:SecureTransport":"false"}}';
}
