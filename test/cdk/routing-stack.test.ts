import { describe, expect, it } from 'vitest';
import storefront from '../../switchyard.config.ts';
import { fixtureConfig } from '../_helpers/configs.ts';
import { type Resource, synthesize, synthesized } from '../_helpers/synthesize.ts';

const routing = synthesized(storefront);
const checks = routing.resources('routing', 'AWS::Route53::HealthCheck');
const records = [...routing.resources('routing', 'AWS::Route53::RecordSet').values()].map((r) => r.Properties);

function checkNamed(name: string): [logicalId: string, check: Resource] {
  const found = [...checks].find(([, { Properties }]) => JSON.stringify(Properties).includes(`"Value":"${name}"`));
  if (found === undefined) throw new RangeError(`no health check is tagged ${name}`);
  return found;
}

describe('the routing stack of an active/passive application', () => {
  it('is in the Region of the live weights, waits for them, and cannot be deleted by accident', () => {
    const stack = routing.stacks.get('routing');
    expect(stack?.region).toBe('ap-northeast-1');
    expect(stack?.terminationProtection).toBe(true);
    expect(stack?.dependencies.map(({ stackName }) => stackName)).toEqual(['switchyard-storefront-coordination']);
  });

  it('watches a switch in its guardian with an inverted check that looks for the marker', () => {
    const [, { Properties }] = checkNamed('switch-ap-southeast-1-ap-northeast-2');
    expect(Properties['HealthCheckConfig']).toEqual({
      Type: 'HTTPS_STR_MATCH',
      FullyQualifiedDomainName: {
        'Fn::Join': [
          '',
          ['sy-guardian-storefront-', { Ref: 'AWS::AccountId' }, '-ap-northeast-2.s3.ap-northeast-2.amazonaws.com'],
        ],
      },
      Port: 443,
      ResourcePath: '/evacuate/storefront/ap-southeast-1',
      SearchString: 'switchyard:evacuate:storefront:ap-southeast-1',
      RequestInterval: 10,
      FailureThreshold: 1,
      Inverted: true,
      EnableSNI: true,
    });
  });

  it('takes a Region out on either of its switches', () => {
    const [, { Properties }] = checkNamed('serving-ap-southeast-1');
    expect(Properties['HealthCheckConfig']).toEqual({
      Type: 'CALCULATED',
      HealthThreshold: 2,
      ChildHealthChecks: [
        { Ref: checkNamed('switch-ap-southeast-1-ap-northeast-1')[0] },
        { Ref: checkNamed('switch-ap-southeast-1-ap-northeast-2')[0] },
      ],
    });
  });

  it('lets no serving check follow a switch that Route 53 has not looked at yet', () => {
    const [[observed, resource] = []] = routing.resources('routing', 'Custom::ObservedSwitches');
    const switches = [...checks].filter(([, check]) => JSON.stringify(check).includes('"Inverted":true'));
    expect(resource?.Properties['HealthCheckIds']).toEqual(switches.map(([id]) => ({ Ref: id })));
    expect(checkNamed('serving-ap-southeast-1')[1].DependsOn).toContain(observed);
    expect(checkNamed('serving-ap-northeast-1')[1].DependsOn).toContain(observed);
  });

  it('has the records of the compiled tree, each with its own TTL or, as an alias, none', () => {
    const inZone = { HostedZoneId: 'Z0123456789STOREFRONT' };
    const live = { ...inZone, Name: 'live.api.storefront.example', Type: 'CNAME', TTL: '60' };
    expect(records).toMatchObject([
      {
        ...inZone,
        Name: 'api.storefront.example',
        Type: 'CNAME',
        SetIdentifier: 'primary',
        Failover: 'PRIMARY',
        AliasTarget: { ...inZone, DNSName: 'live.api.storefront.example', EvaluateTargetHealth: true },
        HealthCheckId: { Ref: checkNamed('any-endpoint')[0] },
      },
      {
        ...inZone,
        Name: 'api.storefront.example',
        Type: 'CNAME',
        SetIdentifier: 'last-resort',
        Failover: 'SECONDARY',
        TTL: '60',
        ResourceRecords: ['last-resort.api.storefront.example'],
      },
      { ...inZone, Name: 'last-resort.api.storefront.example', Type: 'A', TTL: '60', ResourceRecords: ['192.0.2.10'] },
      {
        ...live,
        SetIdentifier: 'ap-southeast-1',
        ResourceRecords: ['singapore.storefront.example'],
        HealthCheckId: { Ref: checkNamed('serving-ap-southeast-1')[0] },
      },
      {
        ...live,
        SetIdentifier: 'ap-northeast-1',
        ResourceRecords: ['tokyo.storefront.example'],
        HealthCheckId: { Ref: checkNamed('serving-ap-northeast-1')[0] },
      },
    ]);
  });

  it('takes each weight from the parameter that operations keep it in', () => {
    const parameters = routing.template('routing').toJSON()['Parameters'];
    const weights = records.filter(({ Weight }) => Weight !== undefined);
    expect(weights.map(({ SetIdentifier }) => SetIdentifier)).toEqual(['ap-southeast-1', 'ap-northeast-1']);
    for (const { Weight, SetIdentifier } of weights) {
      expect(parameters[(Weight as { Ref: string }).Ref]).toMatchObject({
        Type: 'AWS::SSM::Parameter::Value<String>',
        Default: `/switchyard/storefront/weights/live.api.storefront.example/${SetIdentifier}`,
      });
    }
  });

  it('creates an alias after the records it leads to', () => {
    const sets = [...routing.resources('routing', 'AWS::Route53::RecordSet')];
    const [, primary] = sets.find(([, { Properties }]) => Properties['SetIdentifier'] === 'primary') ?? [];
    const live = sets.filter(([, { Properties }]) => Properties['Name'] === 'live.api.storefront.example');
    expect(primary?.DependsOn).toEqual(expect.arrayContaining(live.map(([id]) => id)));
  });
});

describe('the guard of a deployment', () => {
  const guards = [...routing.resources('routing', 'Custom::DeploymentGuard')];
  const [beforeChecks, beforeRecords] = [/BeforeHealthChecks/, /BeforeRecords/].map((name) =>
    guards.find(([id]) => name.test(id)),
  );
  const sets = routing.resources('routing', 'AWS::Route53::RecordSet');

  it('is asked before any health check changes, and waits for none', () => {
    for (const check of checks.values()) expect(check.DependsOn).toContain(beforeChecks?.[0]);
    expect(beforeChecks?.[1].DependsOn ?? []).toEqual([]);
  });

  it('is asked again before any record changes, when new switches have been awaited', () => {
    for (const set of sets.values()) expect(set.DependsOn).toContain(beforeRecords?.[0]);
    const [wait] = routing.resources('routing', 'Custom::ObservedSwitches').keys();
    expect(beforeRecords?.[1].DependsOn).toEqual(expect.arrayContaining([...checks.keys(), wait]));
  });

  it('is told the weights of the change set, each with its parameter, and a digest of what is behind it', () => {
    for (const [, { Properties }] of guards) {
      expect(Properties['Digest']).toMatch(/^[0-9a-f]{64}$/);
      const weights = Properties['Weights'] as readonly { Parameter: string; Weight: { Ref: string } }[];
      const parameters = routing.template('routing').toJSON()['Parameters'];
      expect(weights.map(({ Parameter }) => Parameter)).toEqual(
        ['ap-northeast-1', 'ap-southeast-1'].map(
          (region) => `/switchyard/storefront/weights/live.api.storefront.example/${region}`,
        ),
      );
      for (const { Parameter, Weight } of weights) expect(parameters[Weight.Ref].Default).toBe(Parameter);
    }
  });

  it('gives the same digest for the same config', () => {
    const again = [...synthesize(storefront).resources('routing', 'Custom::DeploymentGuard').values()];
    expect(again.map(({ Properties }) => Properties)).toEqual(guards.map(([, { Properties }]) => Properties));
  });

  it('is not there where nothing moves weights', () => {
    const { resources } = synthesized(fixtureConfig('dns-failover'));
    expect(resources('routing', 'Custom::DeploymentGuard').size).toBe(0);
  });
});

describe('the routing stack of other strategies', () => {
  it('chooses by latency over a weighted group per Region, the others behind it at 0', () => {
    const { resources } = synthesized(fixtureConfig('active-active-latency'));
    const sets = [...resources('routing', 'AWS::Route53::RecordSet').values()].map((r) => r.Properties);
    const top = sets.filter(({ Name }) => Name === 'api.catalog.example');
    expect(top).toMatchObject(['eu-west-1', 'eu-central-1', 'ap-southeast-2'].map((Region) => ({ Region, Type: 'A' })));
    expect(sets.filter(({ Name }) => Name === 'eu-west-1.live.api.catalog.example')).toHaveLength(3);
  });

  it('keeps a residency group to itself, even when all of it is unhealthy', () => {
    const { resources } = synthesized(fixtureConfig('active-active-geolocation'));
    const sets = [...resources('routing', 'AWS::Route53::RecordSet').values()].map((r) => r.Properties);
    const dublin = sets.filter(({ Name }) => Name === 'eu-west-1.live.api.records.example');
    expect(dublin.map(({ SetIdentifier }) => SetIdentifier)).toEqual(['eu-west-1', 'eu-central-1']);
    expect(sets).toContainEqual(
      expect.objectContaining({
        GeoLocation: { ContinentCode: 'EU' },
        AliasTarget: expect.objectContaining({ EvaluateTargetHealth: false }),
      }),
    );
  });

  it('aliases load balancers, which have a TTL of their own', () => {
    const { resources } = synthesized(fixtureConfig('active-passive-three-regions'));
    const live = [...resources('routing', 'AWS::Route53::RecordSet').values()]
      .map((r) => r.Properties)
      .filter(({ Name }) => Name === 'live.api.orders.example');
    expect(live).toHaveLength(3);
    for (const record of live) {
      expect(record).toMatchObject({ Type: 'A', AliasTarget: { EvaluateTargetHealth: false } });
      expect(record).not.toHaveProperty('TTL');
    }
  });

  it('is the only stack of DNS failover, in the first Region, with weights of its own and nothing to wait for', () => {
    const { stacks, resources, template } = synthesized(fixtureConfig('dns-failover'));
    expect([...stacks.keys()]).toEqual(['routing']);
    expect(stacks.get('routing')?.region).toBe('ap-northeast-1');
    expect(resources('routing', 'AWS::Lambda::Function')).toHaveProperty('size', 0);
    expect(Object.keys(template('routing').toJSON()['Parameters'])).toEqual(['BootstrapVersion']);
    const weights = [...resources('routing', 'AWS::Route53::RecordSet').values()].map((r) => r.Properties['Weight']);
    expect(weights.filter((weight) => weight !== undefined)).toEqual([100, 0]);
  });
});
