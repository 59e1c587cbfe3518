import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ConfigInput, ResolvedConfig } from '../../../core/config/types.ts';
import { adviseRecordSets } from '../../../core/routing/advise-record-sets.ts';
import type { ResourceRecordSet } from '../../../core/routing/record-set.ts';
import { type RecordTree, withHealthCheckIds } from '../../../core/routing/record-tree.ts';
import {
  activeInput,
  dnsInput,
  MUMBAI,
  OSAKA,
  passiveInput,
  regionsOf,
  SEOUL,
  SINGAPORE,
  SYDNEY,
  TOKYO,
} from '../../_helpers/config.ts';
import { problemsOfTree, treeOf } from '../../_helpers/served-tree.ts';

type Endpoint = ConfigInput['regions'][number]['endpoint'];

const FIVE = [SINGAPORE, TOKYO, SYDNEY, MUMBAI, 'ap-southeast-3'];
const LAST_RESORT = { addresses: ['192.0.2.10', '192.0.2.11'] };
const NAME = 'api.storefront.example';

const at = (endpoints: readonly Endpoint[], roles?: 'active'): ConfigInput['regions'] =>
  regionsOf(FIVE.slice(0, endpoints.length), roles).map((region, index) => ({
    ...region,
    endpoint: endpoints[index] ?? region.endpoint,
  }));
const addresses: readonly Endpoint[] = ['192.0.2.1', '192.0.2.2'];
const loadBalancers: readonly Endpoint[] = [SINGAPORE, TOKYO].map((id) => ({
  loadBalancer: `https://shop.${id}.elb.amazonaws.com`,
  hostedZoneId: 'Z1LMS91P8CMLE5',
}));
const geolocation = (residency: string[][] = []): ConfigInput['routing'] => ({
  policy: 'geolocation',
  locations: [
    { location: '*', region: SINGAPORE },
    { location: 'continent:OC', region: SYDNEY },
    { location: 'JP', region: TOKYO },
    { location: 'US-CA', region: TOKYO },
  ],
  residency,
});
const three = regionsOf([SINGAPORE, TOKYO, SYDNEY], 'active');

const CONFIGS: readonly { readonly what: string; readonly input: ConfigInput; readonly records: number }[] = [
  { what: 'active/passive', input: passiveInput(), records: 3 },
  { what: 'active/passive with a last resort', input: passiveInput({ lastResort: LAST_RESORT }), records: 5 },
  { what: 'active/passive at addresses', input: passiveInput({ regions: at(addresses) }), records: 3 },
  {
    what: 'active/passive at addresses with a last resort',
    input: passiveInput({ regions: at(addresses), lastResort: LAST_RESORT }),
    records: 4,
  },
  { what: 'active/passive at load balancers', input: passiveInput({ regions: at(loadBalancers) }), records: 3 },
  {
    what: 'active/passive at load balancers with a last resort',
    input: passiveInput({ regions: at(loadBalancers), lastResort: LAST_RESORT }),
    records: 4,
  },
  {
    what: 'active/passive at the apex',
    input: passiveInput({ regions: at(addresses), hostedZoneName: NAME, lastResort: LAST_RESORT }),
    records: 4,
  },
  { what: 'three Regions', input: passiveInput({ regions: regionsOf(FIVE.slice(0, 3)) }), records: 4 },
  { what: 'five Regions', input: passiveInput({ regions: regionsOf(FIVE), lastResort: LAST_RESORT }), records: 8 },
  { what: 'active/active', input: activeInput(), records: 6 },
  { what: 'active/active by latency', input: activeInput({ routing: { policy: 'latency' } }), records: 6 },
  { what: 'active/active in three Regions', input: activeInput({ regions: three }), records: 12 },
  { what: 'active/active in five Regions', input: activeInput({ regions: regionsOf(FIVE, 'active') }), records: 30 },
  {
    what: 'active/active at addresses',
    input: activeInput({ regions: at(addresses, 'active') }),
    records: 6,
  },
  { what: 'geolocation', input: activeInput({ regions: three, routing: geolocation() }), records: 13 },
  {
    what: 'geolocation with residency',
    input: activeInput({ regions: three, routing: geolocation([[SINGAPORE, SYDNEY], [TOKYO]]) }),
    records: 9,
  },
  { what: 'DNS failover', input: dnsInput(), records: 3 },
  { what: 'DNS failover with a last resort', input: dnsInput({ lastResort: LAST_RESORT }), records: 5 },
  { what: 'DNS failover at load balancers', input: dnsInput({ regions: at(loadBalancers) }), records: 3 },
];

const tree = (input: ConfigInput): RecordTree => treeOf(resolveConfig(input));
const named = (given: RecordTree, name: string): readonly ResourceRecordSet[] =>
  given.records.filter(({ Name }) => Name === name);
const check = (given: RecordTree, id: string): unknown => given.healthChecks.find((known) => known.id === id)?.config;
const checkIds = (given: RecordTree): readonly string[] => given.healthChecks.map(({ id }) => id);

describe.each(CONFIGS)('the tree of $what', ({ input, records }) => {
  const config: ResolvedConfig = resolveConfig(input);
  const compiled = treeOf(config);

  it(`has ${records} records that Route 53 takes, with health checks that it takes`, () => {
    expect(problemsOfTree(config, compiled)).toEqual([]);
    expect(compiled.records).toHaveLength(records);
  });

  it('is the same for the same config, deployment and weights', () => {
    expect(treeOf(resolveConfig(input))).toEqual(compiled);
  });

  it('has a TTL on everything that is no alias, the one of the config', () => {
    for (const { AliasTarget, TTL } of compiled.records) {
      expect(TTL).toBe(AliasTarget === undefined ? config.ttlSeconds : undefined);
    }
  });

  it('has no health check that nothing uses, and none twice', () => {
    const used = new Set([
      ...compiled.records.flatMap(({ HealthCheckId }) => HealthCheckId ?? []),
      ...compiled.healthChecks.flatMap(({ config: { ChildHealthChecks } }) => ChildHealthChecks ?? []),
    ]);
    expect(checkIds(compiled).toSorted()).toEqual([...used].toSorted());
  });

  it('follows what AWS advises', () => {
    expect(adviseRecordSets(compiled.records)).toEqual([]);
  });
});

describe('active/passive', () => {
  const compiled = tree(passiveInput({ lastResort: LAST_RESORT }));
  const alias = (DNSName: string) => ({
    AliasTarget: { HostedZoneId: 'Z0123456789STOREFRONT', DNSName, EvaluateTargetHealth: true },
  });

  it('is failover over weighted over Regions, with a site of last resort', () => {
    const common = { Type: 'CNAME', TTL: 60 };
    expect(compiled.hostedZoneName).toBe('storefront.example');
    expect(compiled.records).toEqual([
      {
        Name: NAME,
        Type: 'CNAME',
        SetIdentifier: 'primary',
        Failover: 'PRIMARY',
        HealthCheckId: 'any-endpoint',
        ...alias(`live.${NAME}`),
      },
      {
        ...common,
        Name: NAME,
        SetIdentifier: 'last-resort',
        Failover: 'SECONDARY',
        ResourceRecords: [{ Value: `last-resort.${NAME}` }],
      },
      {
        Name: `last-resort.${NAME}`,
        Type: 'A',
        TTL: 60,
        ResourceRecords: [{ Value: '192.0.2.10' }, { Value: '192.0.2.11' }],
      },
      ...[
        { id: SINGAPORE, Weight: 100 },
        { id: TOKYO, Weight: 0 },
      ].map(({ id, Weight }) => ({
        ...common,
        Name: `live.${NAME}`,
        SetIdentifier: id,
        Weight,
        HealthCheckId: `serving-${id}`,
        ResourceRecords: [{ Value: `${id}.storefront.example` }],
      })),
    ]);
  });

  it('is a PRIMARY without a health check of its own where there is no last resort', () => {
    expect(named(tree(passiveInput()), NAME)).toEqual([
      { Name: NAME, Type: 'CNAME', SetIdentifier: 'primary', Failover: 'PRIMARY', ...alias(`live.${NAME}`) },
    ]);
  });

  it('answers the last resort under the same name where that has addresses', () => {
    expect(named(tree(passiveInput({ regions: at(addresses), lastResort: LAST_RESORT })), NAME)[1]).toMatchObject({
      Type: 'A',
      Failover: 'SECONDARY',
      ResourceRecords: [{ Value: '192.0.2.10' }, { Value: '192.0.2.11' }],
    });
  });

  it('leaves a Region by its switches alone: no endpoint check gates a record', () => {
    expect(check(compiled, `serving-${SINGAPORE}`)).toEqual({
      Type: 'CALCULATED',
      HealthThreshold: 2,
      ChildHealthChecks: [`switch-${SINGAPORE}-${TOKYO}`, `switch-${SINGAPORE}-${SEOUL}`],
    });
    expect(checkIds(tree(passiveInput())).filter((id) => id.startsWith('endpoint'))).toEqual([]);
  });

  it('watches the switch of a Region in its guardians, never in itself', () => {
    expect(check(compiled, `switch-${SINGAPORE}-${SEOUL}`)).toEqual({
      Type: 'HTTPS_STR_MATCH',
      FullyQualifiedDomainName: `sy-guardian-storefront-123456789012-${SEOUL}.s3.${SEOUL}.amazonaws.com`,
      Port: 443,
      ResourcePath: `/evacuate/storefront/${SINGAPORE}`,
      SearchString: `switchyard:evacuate:storefront:${SINGAPORE}`,
      RequestInterval: 10,
      FailureThreshold: 1,
      Inverted: true,
      EnableSNI: true,
    });
    for (const id of checkIds(compiled)) expect(id).not.toBe(`switch-${SINGAPORE}-${SINGAPORE}`);
  });

  it('keeps the last resort away while any front door answers', () => {
    expect(check(compiled, 'any-endpoint')).toEqual({
      Type: 'CALCULATED',
      HealthThreshold: 1,
      ChildHealthChecks: [`endpoint-${SINGAPORE}`, `endpoint-${TOKYO}`],
    });
    expect(check(compiled, `endpoint-${TOKYO}`)).toEqual({
      Type: 'HTTPS',
      FullyQualifiedDomainName: `${TOKYO}.storefront.example`,
      Port: 443,
      ResourcePath: '/health',
      RequestInterval: 10,
      FailureThreshold: 3,
      EnableSNI: true,
    });
  });

  it('carries the weights that it is given', () => {
    const config = resolveConfig(passiveInput());
    const weights = named(treeOf(config, { [SINGAPORE]: 10, [TOKYO]: 90 }), `live.${NAME}`).map(({ Weight }) => Weight);
    expect(weights).toEqual([10, 90]);
    expect(named(treeOf(config, {}), `live.${NAME}`).map(({ Weight }) => Weight)).toEqual([0, 0]);
  });
});

describe('an endpoint', () => {
  const endpointCheck = (endpoint: Endpoint, changes: Partial<ConfigInput> = {}): unknown =>
    check(tree(dnsInput({ regions: at([endpoint, endpoint]), ...changes })), `endpoint-${SINGAPORE}`);

  it.each([
    {
      endpoint: 'http://192.0.2.1:8080',
      probe: { Type: 'HTTP', IPAddress: '192.0.2.1', Port: 8080, ResourcePath: '/health' },
    },
    {
      endpoint: '192.0.2.1',
      probe: { Type: 'HTTPS', IPAddress: '192.0.2.1', Port: 443, ResourcePath: '/health', EnableSNI: true },
    },
    {
      endpoint: loadBalancers[0] ?? '',
      probe: {
        Type: 'HTTPS',
        FullyQualifiedDomainName: `shop.${SINGAPORE}.elb.amazonaws.com`,
        Port: 443,
        ResourcePath: '/health',
        EnableSNI: true,
      },
    },
  ])('$endpoint is probed at its front door', ({ endpoint, probe }) => {
    expect(endpointCheck(endpoint)).toEqual({ ...probe, RequestInterval: 10, FailureThreshold: 3 });
  });

  it.each([
    { checks: { 'region-connectivity': { path: '/up' } }, path: '/up' },
    { checks: { 'region-connectivity': { path: '/up?shallow=1&a=b' } }, path: '/up?shallow=1&a=b' },
    { checks: { 'region-connectivity': { path: '/über uns#top' } }, path: '/%C3%BCber%20uns' },
    { checks: { 'region-connectivity': { path: '//up/../x' } }, path: '//x' },
    { checks: { 'region-connectivity': { kind: 'deep' as const, component: 'front' } }, path: '/' },
  ])('is probed at $path where the table says $checks', ({ checks, path }) => {
    expect(endpointCheck('192.0.2.1', { checks })).toMatchObject({ ResourcePath: path });
  });

  it('that is a load balancer is an alias whose own health is not asked', () => {
    expect(named(tree(passiveInput({ regions: at(loadBalancers) })), `live.${NAME}`)[0]).toEqual({
      Name: `live.${NAME}`,
      Type: 'A',
      SetIdentifier: SINGAPORE,
      Weight: 100,
      HealthCheckId: `serving-${SINGAPORE}`,
      AliasTarget: {
        HostedZoneId: 'Z1LMS91P8CMLE5',
        DNSName: `shop.${SINGAPORE}.elb.amazonaws.com`,
        EvaluateTargetHealth: false,
      },
    });
  });
});

describe('DNS failover', () => {
  const compiled = tree(dnsInput());

  it('gates a record by the Region’s own endpoint, and has no switch', () => {
    expect(checkIds(compiled)).toEqual([`endpoint-${SINGAPORE}`, `endpoint-${TOKYO}`]);
    expect(named(compiled, `live.${NAME}`).map(({ HealthCheckId }) => HealthCheckId)).toEqual(checkIds(compiled));
  });
});

describe('active/active', () => {
  const group = (given: RecordTree, region: string): readonly string[] =>
    named(given, `${region}.live.${NAME}`).map(({ SetIdentifier, Weight }) => `${SetIdentifier} ${Weight}`);

  it('chooses by latency among groups of a Region with the others behind it', () => {
    const compiled = tree(activeInput({ regions: three }));
    expect(named(compiled, NAME).map(({ Region, SetIdentifier }) => `${Region} ${SetIdentifier}`)).toEqual(
      [SINGAPORE, TOKYO, SYDNEY].map((id) => `${id} ${id}`),
    );
    expect(group(compiled, TOKYO)).toEqual([`${SINGAPORE} 0`, `${TOKYO} 100`, `${SYDNEY} 0`]);
  });

  it('leaves a Region by its switches or by its endpoint, since any may serve at any time', () => {
    expect(check(tree(activeInput()), `serving-${TOKYO}`)).toEqual({
      Type: 'CALCULATED',
      HealthThreshold: 3,
      ChildHealthChecks: [`switch-${TOKYO}-${SINGAPORE}`, `switch-${TOKYO}-${SEOUL}`, `endpoint-${TOKYO}`],
    });
  });

  it('chooses by location, every form of which becomes its own', () => {
    const top = named(tree(activeInput({ regions: three, routing: geolocation() })), NAME);
    expect(top.map(({ SetIdentifier, GeoLocation }) => ({ SetIdentifier, ...GeoLocation }))).toEqual([
      { SetIdentifier: 'default', CountryCode: '*' },
      { SetIdentifier: 'continent:OC', ContinentCode: 'OC' },
      { SetIdentifier: 'JP', CountryCode: 'JP' },
      { SetIdentifier: 'US-CA', CountryCode: 'US', SubdivisionCode: 'CA' },
    ]);
    expect(top.map(({ AliasTarget }) => AliasTarget?.EvaluateTargetHealth)).toEqual([true, true, true, true]);
  });

  it('keeps a location inside its residency group, also when nothing there is healthy', () => {
    const resident = tree(activeInput({ regions: three, routing: geolocation([[SINGAPORE, SYDNEY]]) }));
    expect(group(resident, SINGAPORE)).toEqual([`${SINGAPORE} 100`, `${SYDNEY} 0`]);
    expect(group(resident, SYDNEY)).toEqual([`${SINGAPORE} 0`, `${SYDNEY} 100`]);
    expect(group(resident, TOKYO)).toEqual([`${SINGAPORE} 0`, `${TOKYO} 100`, `${SYDNEY} 0`]);
    const evaluated = named(resident, NAME).map(({ AliasTarget }) => AliasTarget?.EvaluateTargetHealth);
    expect(evaluated).toEqual([false, false, true, true]);
  });
});

describe('the names of health checks in a tree', () => {
  it('can be replaced by the real ids wherever they stand', () => {
    const compiled = tree(passiveInput({ vantages: [SEOUL, OSAKA], lastResort: LAST_RESORT }));
    const replaced = withHealthCheckIds(compiled, (name) => `id-of-${name}`);
    const before = JSON.stringify(compiled);
    const names = checkIds(compiled).toSorted((a, b) => b.length - a.length);
    const expected = names.reduce((text, name) => text.replaceAll(`"${name}"`, `"id-of-${name}"`), before);
    expect(JSON.stringify(replaced)).toBe(expected);
    expect(replaced.records.filter(({ HealthCheckId }) => HealthCheckId === undefined)).toHaveLength(2);
  });
});
