import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import type { Preset } from '../../core/config/schema.ts';
import storefront from '../../switchyard.config.ts';
import { inputFor } from '../_fixtures/preset-matrix.ts';
import { CONFIGS, PRESET_CONFIGS } from '../_helpers/configs.ts';
import { SEOUL, SINGAPORE, TOKYO } from '../_helpers/coordination-samples.ts';
import { type Synthesized, synthesized } from '../_helpers/synthesize.ts';
import { type ResourceChange, templateDiff } from '../_helpers/template-diff.ts';

const SYDNEY = 'ap-southeast-2';
const LIVE = 'live.api.storefront.example';

/** The example, changed as somebody would change `switchyard.config.ts`. */
const changed = (changes: object): Synthesized => synthesized(resolveConfig({ ...storefront, ...changes }));

const before = synthesized(storefront);

const withSydney = {
  regions: [...storefront.regions, { id: SYDNEY, role: 'standby', endpoint: 'https://sydney.storefront.example' }],
  evacuation: {
    ...storefront.evacuation,
    guardians: { ...storefront.evacuation.guardians, [SYDNEY]: [TOKYO, SEOUL] },
  },
};
const wider = changed(withSydney);

/** A change in a line; functions are left out, since every one has the config beside its code. */
function told(changes: readonly ResourceChange[], stack?: string): readonly string[] {
  return changes
    .filter((change) => stack === undefined || change.stack === stack)
    .filter(({ type, properties }) => type !== 'AWS::Lambda::Function' || properties.join() !== 'Code')
    .map(({ does, type, name, properties }) =>
      [does, type.replace(/^AWS::Route53::/, ''), type.startsWith('Custom::') ? '' : name, properties.join()]
        .filter((word) => word !== '')
        .join(' '),
    )
    .toSorted();
}

const recordsOf = (app: Synthesized) => app.resources('routing', 'AWS::Route53::RecordSet');

describe('an unrelated change, such as of the incident channel', () => {
  const changes = templateDiff(before, changed({ notify: { incidentChannel: '#another' } }));

  it('reaches functions, which have the config beside them, and nothing else: no record, no switch, no guard', () => {
    expect(told(changes)).toEqual([]);
    expect(new Set(changes.map(({ does, type }) => `${does} ${type}`))).toEqual(
      new Set(['update AWS::Lambda::Function']),
    );
  });
});

describe('another TTL', () => {
  const changes = templateDiff(before, changed({ ttlSeconds: 30 }));

  it('updates each record with values in place, and asks the guard; no weight, no switch', () => {
    expect(told(changes, 'routing')).toEqual([
      'update Custom::DeploymentGuard Digest',
      'update Custom::DeploymentGuard Digest',
      'update RecordSet api.storefront.example/last-resort TTL',
      'update RecordSet last-resort.api.storefront.example TTL',
      `update RecordSet ${LIVE}/${TOKYO} TTL`,
      `update RecordSet ${LIVE}/${SINGAPORE} TTL`,
    ]);
  });

  it('changes nothing in other stacks', () => {
    expect(told(changes.filter(({ stack }) => stack !== 'routing'))).toEqual([]);
  });
});

describe('another preset with one primary that is orchestrated', () => {
  const of = (preset: Preset): Synthesized =>
    synthesized(resolveConfig({ ...inputFor(preset, 2), application: 'storefront' }));
  const passive = of('active-passive');

  it.each(['warm-standby', 'cold-standby'] as const)(
    'changes the config of functions, and what those that scale may do: %s',
    (preset) => {
      const roles = told(templateDiff(passive, of(preset))).map((line) => line.replace(/Role[0-9A-F]+ /, 'Role '));
      expect([...new Set(roles)]).toEqual([
        'update AWS::IAM::Role StepsCheckCapacityRole Policies',
        'update AWS::IAM::Role StepsScaleTargetRole Policies',
      ]);
    },
  );

  it('brings a queue with its policy and its alarm to every Region, and takes them away again', () => {
    const queued = of('queue-based-writes');
    const brought = ['AWS::CloudWatch::Alarm', 'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy'];
    for (const [changes, does] of [
      [templateDiff(passive, queued), 'create'],
      [templateDiff(queued, passive), 'remove'],
    ] as const) {
      const others = changes.filter(({ type }) => type !== 'AWS::Lambda::Function');
      expect(others.map((change) => change.does)).toEqual(Array(6).fill(does));
      for (const region of [SINGAPORE, TOKYO]) {
        const there = others.filter(({ stack }) => stack === `region-${region}`);
        expect(there.map(({ type }) => type).toSorted()).toEqual(brought);
      }
    }
  });
});

describe('another order of the Regions', () => {
  it('leaves every record as it is, under the same logical id', () => {
    const reversed = changed({ regions: [...storefront.regions].reverse() });
    const properties = (app: Synthesized) =>
      Object.fromEntries([...recordsOf(app)].map(([id, { Properties }]) => [id, Properties]));
    expect(properties(reversed)).toEqual(properties(before));
    expect(told(templateDiff(before, reversed)).filter((line) => !line.startsWith('update'))).toEqual([]);
  });
});

describe('a Region that is added', () => {
  const changes = templateDiff(before, wider);

  it('brings its record, its checks and its switches, and changes no other record', () => {
    expect(told(changes, 'routing')).toEqual([
      `create HealthCheck endpoint-${SYDNEY}`,
      `create HealthCheck serving-${SYDNEY}`,
      `create HealthCheck switch-${SYDNEY}-${TOKYO}`,
      `create HealthCheck switch-${SYDNEY}-${SEOUL}`,
      `create RecordSet ${LIVE}/${SYDNEY}`,
      'update Custom::DeploymentGuard Digest,Weights',
      'update Custom::DeploymentGuard Digest,Weights',
      'update Custom::ObservedSwitches HealthCheckIds',
      'update HealthCheck any-endpoint HealthCheckConfig',
    ]);
  });

  it('takes its weight from a parameter, which ensure-weights creates first', () => {
    const [, record] = [...recordsOf(wider)].find(([, { Properties }]) => Properties['SetIdentifier'] === SYDNEY) ?? [];
    const { Ref = '' } = (record?.Properties['Weight'] ?? {}) as { readonly Ref?: string };
    expect(wider.template('routing').toJSON()['Parameters'][Ref]['Default']).toBe(
      `/switchyard/storefront/weights/${LIVE}/${SYDNEY}`,
    );
    expect(told(changes, 'coordination')).toEqual(['update Custom::LiveWeights Names']);
    expect(wider.stacks.get('routing')?.dependencies).toEqual([wider.stacks.get('coordination')]);
  });

  it('brings a stack of its own, and takes or replaces nothing anywhere', () => {
    expect([...wider.stacks.keys()].filter((stack) => !before.stacks.has(stack))).toEqual([`region-${SYDNEY}`]);
    const does = new Set(changes.filter(({ stack }) => before.stacks.has(stack)).map((change) => change.does));
    expect([...does].toSorted()).toEqual(['create', 'update']);
  });

  it('is in no serving check before its switches have been seen', () => {
    expectAfterSwitches(wider, `serving-${SYDNEY}`);
  });
});

describe('another guardian of a Region that is there', () => {
  const guardians = { ...storefront.evacuation.guardians, [SINGAPORE]: [TOKYO, SYDNEY] };
  const moved = changed({ vantages: [SEOUL, SYDNEY], evacuation: { ...storefront.evacuation, guardians } });

  it('gives the serving check that is there a new child only when Route 53 has seen the new switch', () => {
    const changes = told(templateDiff(before, moved), 'routing');
    expect(changes).toContain(`create HealthCheck switch-${SINGAPORE}-${SYDNEY}`);
    expect(changes).toContain(`update HealthCheck serving-${SINGAPORE} HealthCheckConfig`);
    expect(changes).toContain('update Custom::ObservedSwitches HealthCheckIds');
    expectAfterSwitches(moved, `serving-${SINGAPORE}`);
  });
});

/** The check is created or updated after the wait, and the wait is for all of its switches. */
function expectAfterSwitches(app: Synthesized, name: string): void {
  const [[waitId = '', wait] = []] = app.resources('routing', 'Custom::ObservedSwitches');
  const checks = [...app.resources('routing', 'AWS::Route53::HealthCheck').values()];
  const [check] = checks.filter(({ Properties }) =>
    JSON.stringify(Properties['HealthCheckTags']).includes(`"${name}"`),
  );
  const children = (check?.Properties['HealthCheckConfig'] ?? {}) as { readonly ChildHealthChecks?: unknown[] };
  expect(check?.DependsOn).toContain(waitId);
  expect(wait?.Properties['HealthCheckIds']).toEqual(expect.arrayContaining(children.ChildHealthChecks ?? [undefined]));
}

describe('a Region that is removed', () => {
  const changes = templateDiff(wider, before);

  it('loses its record, its checks and its switches; no other record changes, and the guard is asked before', () => {
    expect(told(changes, 'routing')).toEqual([
      `remove HealthCheck endpoint-${SYDNEY}`,
      `remove HealthCheck serving-${SYDNEY}`,
      `remove HealthCheck switch-${SYDNEY}-${TOKYO}`,
      `remove HealthCheck switch-${SYDNEY}-${SEOUL}`,
      `remove RecordSet ${LIVE}/${SYDNEY}`,
      // In place, and so before anything is removed: CloudFormation removes when every update has succeeded.
      'update Custom::DeploymentGuard Digest,Weights',
      'update Custom::DeploymentGuard Digest,Weights',
      'update Custom::ObservedSwitches HealthCheckIds',
      'update HealthCheck any-endpoint HealthCheckConfig',
    ]);
  });

  it('leaves its stack to whoever deletes it: the app does not name it any more', () => {
    expect(before.stacks.has(`region-${SYDNEY}`)).toBe(false);
    const elsewhere = changes.filter(({ stack }) => stack !== 'routing' && stack !== `region-${SYDNEY}`);
    expect(elsewhere.filter(({ does }) => does === 'replace')).toEqual([]);
  });
});

describe('another name of the application', () => {
  const renamed = changed({ application: 'shop' });

  it('is another application: no stack keeps its name, and CDK would leave the old ones where they are', () => {
    const namesOf = (app: Synthesized) => [...app.stacks.values()].map(({ stackName }) => stackName);
    expect(namesOf(renamed).filter((name) => namesOf(before).includes(name))).toEqual([]);
  });

  it('asks for the same records, which the old stack has: the guard of a new stack refuses that', () => {
    const identities = (app: Synthesized) =>
      [...recordsOf(app).values()].map(({ Properties: { Name, Type, SetIdentifier } }) => [Name, Type, SetIdentifier]);
    expect(identities(renamed)).toEqual(identities(before));
    expect(renamed.resources('routing', 'Custom::DeploymentGuard').size).toBe(2);
  });

  it('looks for its live weights elsewhere', () => {
    const { Parameters } = renamed.template('routing').toJSON();
    expect(JSON.stringify(Parameters)).toContain('/switchyard/shop/weights/');
    expect(JSON.stringify(Parameters)).not.toContain('/switchyard/storefront/');
  });
});

describe.each([...CONFIGS, ...PRESET_CONFIGS])('with a Region of %s dead', (_, config) => {
  const { stacks, template, resources } = synthesized(config);
  const regions = config.regions.map(({ id }) => id);

  it.each(regions)('%s, what is deployed elsewhere waits for nothing there', (dead) => {
    const alive = [...stacks.values()].filter(({ region }) => region !== dead);
    const waitedFor = alive.flatMap(({ dependencies }) => dependencies);
    expect(waitedFor.filter(({ region }) => region === dead)).toEqual([]);
  });

  it('no stack waits for that of an application Region, its own Region or another', () => {
    const waitedFor = [...stacks.values()].flatMap(({ dependencies }) =>
      dependencies.map(({ stackName }) => stackName),
    );
    expect(waitedFor.filter((name) => /-(region|vantage)-/.test(name))).toEqual([]);
  });

  it('no custom resource reaches into another Region for a value: each asks a function of its own stack', () => {
    for (const stack of stacks.keys()) {
      const all = [...resources(stack)];
      expect(all.filter(([, { Type }]) => /CrossRegion/.test(Type))).toEqual([]);
      for (const [, { Properties }] of all.filter(([, { Type }]) => Type.startsWith('Custom::'))) {
        const { 'Fn::GetAtt': [id] = [''] } = Properties['ServiceToken'] as { readonly 'Fn::GetAtt'?: [string] };
        expect(resources(stack, 'AWS::Lambda::Function').has(id)).toBe(true);
      }
      expect(JSON.stringify(template(stack).toJSON())).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|"Export"/);
    }
  });
});
