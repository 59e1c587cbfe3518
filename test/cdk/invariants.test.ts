import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONFIGS } from '../_helpers/configs.ts';
import { grantedBy, type Statement, statementsOf } from '../_helpers/statements.ts';
import { type Resource, synthesize } from '../_helpers/synthesize.ts';

/** Quotas of CloudFormation, with room to grow: 500 resources, 200 parameters, 1 MB (cloudformation-limits). */
const MOST_RESOURCES = 300;
const MOST_PARAMETERS = 100;
const MOST_BYTES = 500_000;

interface Found {
  readonly stack: string;
  readonly id: string;
  readonly resource: Resource;
}

describe.each(CONFIGS)('every template of %s', (_, config) => {
  const { stacks, template, resources } = synthesize(config);
  const all: readonly Found[] = [...stacks.keys()].flatMap((stack) =>
    [...resources(stack)].map(([id, resource]) => ({ stack, id, resource })),
  );
  const ofType = (type: string): readonly Found[] => all.filter(({ resource }) => resource.Type === type);
  const properties = (type: string): readonly Resource['Properties'][] =>
    ofType(type).map(({ resource }) => resource.Properties);
  const roleStatements = ofType('AWS::IAM::Role').flatMap(({ resource }) => grantedBy(resource));

  it('has a TTL on every record with values, and none on an alias', () => {
    const records = properties('AWS::Route53::RecordSet');
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) {
      if (record['AliasTarget'] === undefined) expect(record['TTL']).toMatch(/^\d+$/);
      else expect(record).not.toHaveProperty('TTL');
    }
  });

  it('allows exact actions and never a pattern, but for what an account may do with its own key', () => {
    const policies = ofType('AWS::S3::BucketPolicy').concat(ofType('AWS::SNS::TopicPolicy'));
    const attached = policies.flatMap(({ resource }) => statementsOf(resource.Properties['PolicyDocument']));
    const allowed = [...roleStatements, ...attached].filter(({ effect }) => effect === 'Allow');
    expect(allowed.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
    for (const { KeyPolicy } of properties('AWS::KMS::Key')) {
      const [account, ...others] = statementsOf(KeyPolicy);
      // Without this statement no IAM policy applies to the key, and nobody could ever change it: key-policy-default.
      expect(JSON.stringify(account?.principal)).toContain(':root');
      expect(others.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
    }
  });

  it('has roles that name resources, or actions that know none', () => {
    const anywhere = new Set(roleStatements.filter(({ resources: on }) => on.includes('*')).map(({ sid }) => sid));
    expect([...anywhere].filter((sid) => !['Trace', 'DeliverLogs', 'ReadMetrics'].includes(sid ?? ''))).toEqual([]);
  });

  it('has roles that may neither change permissions, keys, functions and buckets nor take other roles', () => {
    const mighty =
      /^(?:iam|sts|organizations):|^kms:(?!Decrypt$|GenerateDataKey$)|^s3:.*Bucket.|^lambda:(?!InvokeFunction$)/;
    expect(roleStatements.flatMap(({ actions }) => actions).filter((action) => mighty.test(action))).toEqual([]);
  });

  it('gives roles their policies at birth, and no managed ones', () => {
    expect(ofType('AWS::IAM::Policy').concat(ofType('AWS::IAM::ManagedPolicy'))).toEqual([]);
    for (const role of properties('AWS::IAM::Role')) expect(role).not.toHaveProperty('ManagedPolicyArns');
  });

  it('lets everybody do nothing, but for health checkers reading switches', () => {
    const open = ['AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy']
      .flatMap(properties)
      .flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument))
      .filter(({ effect, principal }) => effect === 'Allow' && isEverybody(principal));
    for (const statement of open) {
      expect(statement.actions).toEqual(['s3:GetObject']);
      expect(JSON.stringify(statement.resources)).toMatch(/\/evacuate\//);
      expect(Object.keys(statement.condition as object)).toEqual(['IpAddress']);
    }
    const guardians = properties('AWS::S3::Bucket').filter(
      ({ LoggingConfiguration }) => LoggingConfiguration !== undefined,
    );
    expect(open).toHaveLength(guardians.length);
  });

  it('encrypts what it stores and refuses plain connections', () => {
    for (const bucket of properties('AWS::S3::Bucket')) {
      expect(bucket).toHaveProperty('BucketEncryption');
      expect(Object.values(bucket['PublicAccessBlockConfiguration'] as object)).toEqual([true, true, true, true]);
    }
    for (const type of ['AWS::S3::Bucket', 'AWS::SNS::Topic']) {
      expect(ofType(`${type}Policy`)).toHaveLength(ofType(type).length);
    }
    for (const topic of properties('AWS::SNS::Topic')) expect(topic).toHaveProperty('KmsMasterKeyId');
    // false is DynamoDB's own key; a table without encryption does not exist.
    for (const table of properties('AWS::DynamoDB::GlobalTable')) {
      expect(table['SSESpecification']).toEqual({ SSEEnabled: false });
    }
    for (const type of ['AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy']) {
      for (const { PolicyDocument } of properties(type))
        expect(statementsOf(PolicyDocument).some(deniesPlain)).toBe(true);
    }
  });

  it('keeps every log for a stated time, and logs nowhere else', () => {
    for (const group of properties('AWS::Logs::LogGroup')) expect(group['RetentionInDays']).toBeGreaterThan(0);
    for (const lambda of properties('AWS::Lambda::Function')) expect(lambda).toHaveProperty('LoggingConfig.LogGroup');
    expect(roleStatements.flatMap(({ actions }) => actions)).not.toContain('logs:CreateLogGroup');
  });

  it('runs every function on arm64 and Node.js 24, traced', () => {
    for (const lambda of properties('AWS::Lambda::Function')) {
      expect(lambda).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        TracingConfig: { Mode: 'Active' },
      });
    }
  });

  it('puts a function of the same stack in the place of every placeholder of a definition', () => {
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
  });

  it('neither exports nor imports a value: stacks know one another by name', () => {
    for (const stack of stacks.keys()) {
      const { Outputs = {}, ...rest } = template(stack).toJSON();
      expect(JSON.stringify(Outputs)).not.toContain('"Export"');
      expect(JSON.stringify(rest)).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput/);
    }
  });

  it('depends on stacks of the same Region alone', () => {
    for (const stack of stacks.values()) {
      for (const dependency of stack.dependencies) expect(dependency.region).toBe(stack.region);
    }
  });

  it('holds no live weight as a resource, which CloudFormation would put back', () => {
    expect(ofType('AWS::SSM::Parameter')).toEqual([]);
  });

  it('stays under the quotas of CloudFormation', () => {
    for (const stack of stacks.keys()) {
      const body = template(stack).toJSON();
      expect(Object.keys(body['Resources']).length).toBeLessThanOrEqual(MOST_RESOURCES);
      expect(Object.keys(body['Parameters'] ?? {}).length).toBeLessThanOrEqual(MOST_PARAMETERS);
      expect(JSON.stringify(body).length).toBeLessThanOrEqual(MOST_BYTES);
    }
  });

  it('names an existing runbook in the description of every alarm', () => {
    for (const { AlarmDescription } of properties('AWS::CloudWatch::Alarm')) {
      const [, runbook = ''] = /Runbook: (\S+)/.exec(String(AlarmDescription)) ?? [];
      expect(existsSync(new URL(`../../${runbook}`, import.meta.url)), runbook).toBe(true);
    }
  });
});

function isEverybody(principal: unknown): boolean {
  return (
    principal === '*' || (typeof principal === 'object' && principal !== null && Object.values(principal).includes('*'))
  );
}

function deniesPlain({ effect, condition }: Statement): boolean {
  return effect === 'Deny' && JSON.stringify(condition) === '{"Bool":{"aws:SecureTransport":"false"}}';
}
