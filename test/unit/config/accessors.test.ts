import { describe, expect, it } from 'vitest';
import {
  applicationRegions,
  checksOf,
  findRegion,
  guardiansOf,
  homeRegion,
  observersOf,
  quorumOf,
  routingRegion,
  zoneNameOf,
} from '../../../core/config/accessors.ts';
import { METRIC_NAMESPACE, names } from '../../../core/config/names.ts';
import { resolveConfig } from '../../../core/config/resolve.ts';
import {
  activeInput,
  DEPLOYMENT,
  dnsInput,
  MUMBAI,
  OSAKA,
  regionsOf,
  SEOUL,
  SINGAPORE,
  SYDNEY,
  TOKYO,
  testConfig,
} from '../../_helpers/config.ts';

describe('the observers', () => {
  it.each([
    { regions: [SINGAPORE, TOKYO], vantages: [SEOUL], observers: [SEOUL, SINGAPORE, TOKYO] },
    { regions: [SINGAPORE, TOKYO], vantages: [SEOUL, OSAKA], observers: [SEOUL, OSAKA, SINGAPORE, TOKYO] },
    { regions: [SINGAPORE, TOKYO, MUMBAI], vantages: [], observers: [SINGAPORE, TOKYO, MUMBAI] },
  ])('of $regions and $vantages probe in the order $observers: those that decide come last', (given) => {
    const config = testConfig({ regions: regionsOf(given.regions), vantages: given.vantages });
    expect(observersOf(config)).toEqual(given.observers);
  });

  it('probe in a standby last, wherever the config lists it', () => {
    const regions = regionsOf([SINGAPORE, TOKYO, MUMBAI]).map((region, index) => ({
      ...region,
      role: index === 1 ? ('primary' as const) : ('standby' as const),
    }));
    expect(observersOf(testConfig({ regions }))).toEqual([SEOUL, TOKYO, SINGAPORE, MUMBAI]);
  });
});

describe('the quorum', () => {
  it.each([
    { observers: 2, speaking: 2, silent: 2 },
    { observers: 3, speaking: 2, silent: 2 },
    { observers: 4, speaking: 3, silent: 2 },
    { observers: 5, speaking: 3, silent: 3 },
    { observers: 6, speaking: 4, silent: 3 },
    { observers: 7, speaking: 4, silent: 4 },
  ])('of $observers is $speaking while the subject speaks, and $silent where it is silent', (given) => {
    const vantages = [SEOUL, OSAKA, SYDNEY, MUMBAI, 'us-east-1'].slice(0, given.observers - 2);
    const config = { regions: testConfig().regions, vantages };
    expect(observersOf(config)).toHaveLength(given.observers);
    expect(quorumOf(config, true)).toBe(given.speaking);
    expect(quorumOf(config, false)).toBe(given.silent);
  });
});

describe('a Region', () => {
  it('is home where it is the primary, wherever it is listed', () => {
    const regions = regionsOf([SINGAPORE, TOKYO]).toReversed();
    expect(homeRegion(testConfig({ regions })).id).toBe(SINGAPORE);
  });

  it('is home where it is the first of the active ones', () => {
    expect(homeRegion(resolveConfig(activeInput())).id).toBe(SINGAPORE);
  });

  it('is not to be had from a config without any', () => {
    expect(() => homeRegion({ regions: [] })).toThrow(RangeError);
  });

  it('is found by its id', () => {
    expect(findRegion(testConfig(), TOKYO)).toMatchObject({ id: TOKYO, role: 'standby' });
    expect(findRegion(testConfig(), SEOUL)).toBeUndefined();
    expect(applicationRegions(testConfig())).toEqual([SINGAPORE, TOKYO]);
  });

  it('has two guardians where it runs the application and none elsewhere', () => {
    expect(guardiansOf(testConfig(), SINGAPORE)).toEqual([TOKYO, SEOUL]);
    expect(guardiansOf(testConfig(), SEOUL)).toEqual([]);
  });
});

describe('a check', () => {
  it('that is removed is in force nowhere', () => {
    expect(checksOf({ checks: { a: false } })).toEqual([]);
  });
});

describe('a name', () => {
  const longest = { application: 'a'.repeat(20) };
  const region = 'ap-southeast-1';

  it.each([
    { what: 'guardian bucket', name: names.guardianBucket(longest, DEPLOYMENT, region) },
    { what: 'step function', name: names.stepFunction(longest, 'adjust-load-balancers') },
    { what: 'stack', name: names.stack(longest, `region-${region}`) },
    { what: 'notification topic', name: names.notificationTopic(longest) },
    { what: 'coordination table', name: names.coordinationTable(longest) },
    { what: 'state machine', name: names.stateMachine(longest, 'failover') },
  ])('of a $what has at most 63 characters for the longest application and Region', ({ name }) => {
    expect(name.length).toBeLessThanOrEqual(63);
    expect(name).toMatch(/^[a-z0-9-]+$/);
  });

  it('tells one Region, application and account from another', () => {
    const { guardianBucket } = names;
    const all = [
      guardianBucket({ application: 'a' }, DEPLOYMENT, SINGAPORE),
      guardianBucket({ application: 'a' }, DEPLOYMENT, TOKYO),
      guardianBucket({ application: 'b' }, DEPLOYMENT, TOKYO),
      guardianBucket({ application: 'b' }, { ...DEPLOYMENT, account: '210987654321' }, TOKYO),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('is where everybody looks for it', () => {
    const config = testConfig();
    const machine = { region: TOKYO, machine: 'failover' };
    const weight = { name: 'live.api.storefront.example', setIdentifier: SINGAPORE };
    expect({
      host: names.bucketHost('bucket', TOKYO),
      key: names.evacuationKey(config, SINGAPORE),
      marker: names.evacuationMarker(config, SINGAPORE),
      machine: names.stateMachineArn(config, DEPLOYMENT, machine),
      topic: names.notificationTopicArn(config, DEPLOYMENT, TOKYO),
      weight: names.weightParameter(config, weight),
      live: names.liveRecord(config),
      regional: names.regionalRecord(config, TOKYO),
      lastResort: names.lastResortRecord(config),
      epoch: names.epochRecord(config),
      namespace: METRIC_NAMESPACE,
    }).toEqual({
      host: 'bucket.s3.ap-northeast-1.amazonaws.com',
      key: 'evacuate/storefront/ap-southeast-1',
      marker: 'switchyard:evacuate:storefront:ap-southeast-1',
      machine: 'arn:aws:states:ap-northeast-1:123456789012:stateMachine:switchyard-storefront-failover',
      topic: 'arn:aws:sns:ap-northeast-1:123456789012:switchyard-storefront-notifications',
      weight: '/switchyard/storefront/weights/live.api.storefront.example/ap-southeast-1',
      live: 'live.api.storefront.example',
      regional: 'ap-northeast-1.live.api.storefront.example',
      lastResort: 'last-resort.api.storefront.example',
      epoch: '_switchyard.api.storefront.example',
      namespace: 'Switchyard',
    });
  });
});

describe('the place of the records', () => {
  it.each([
    { what: 'the first Region of the coordination table', config: testConfig(), region: TOKYO },
    { what: 'the first Region where there is no table', config: resolveConfig(dnsInput()), region: SINGAPORE },
  ])('is $what', ({ config, region }) => {
    expect(routingRegion(config)).toBe(region);
  });

  it.each([
    { record: 'api.storefront.example', hostedZoneName: undefined, zone: 'storefront.example' },
    { record: 'api.storefront.example', hostedZoneName: 'api.storefront.example', zone: 'api.storefront.example' },
    { record: 'a.b.storefront.example', hostedZoneName: 'storefront.example', zone: 'storefront.example' },
  ])('is the zone $zone for $record in $hostedZoneName', ({ zone, ...given }) => {
    expect(zoneNameOf(given)).toBe(zone);
  });
});
