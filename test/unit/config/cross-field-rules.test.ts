import { describe, expect, it } from 'vitest';
import { CROSS_FIELD_RULES } from '../../../core/config/rules/index.ts';
import type { ConfigInput } from '../../../core/config/types.ts';
import { BROKEN_ALARMS } from '../../_fixtures/broken-configs/alarms.ts';
import { BROKEN_CHECK_KINDS } from '../../_fixtures/broken-configs/check-kinds.ts';
import { BROKEN_CHECKS } from '../../_fixtures/broken-configs/checks.ts';
import {
  BROKEN_COORDINATION,
  BROKEN_FLEETS,
  BROKEN_GUARDIANS,
  BROKEN_ROUTING_CONTROLS,
} from '../../_fixtures/broken-configs/coordination.ts';
import { BROKEN_DATA } from '../../_fixtures/broken-configs/data.ts';
import { BROKEN_LOAD_BALANCERS } from '../../_fixtures/broken-configs/load-balancers.ts';
import { BROKEN_PARITY } from '../../_fixtures/broken-configs/parity.ts';
import { BROKEN_PRESETS, SOUND_PRESETS } from '../../_fixtures/broken-configs/presets.ts';
import { BROKEN_RECONCILE } from '../../_fixtures/broken-configs/reconcile.ts';
import { BROKEN_RECORDS } from '../../_fixtures/broken-configs/records.ts';
import { BROKEN_REGIONS } from '../../_fixtures/broken-configs/regions.ts';
import { atAddresses, BROKEN_FOR_ROUTE53, longRecord } from '../../_fixtures/broken-configs/route53.ts';
import { CHECKS_OF_EVERY_KIND } from '../../_helpers/check-samples.ts';
import {
  activeInput,
  dnsInput,
  OSAKA,
  passiveInput,
  problemsIn,
  regionsOf,
  SEOUL,
  SINGAPORE,
  SYDNEY,
  TOKYO,
} from '../../_helpers/config.ts';

const BROKEN = [
  ...BROKEN_REGIONS,
  ...BROKEN_COORDINATION,
  ...BROKEN_GUARDIANS,
  ...BROKEN_FLEETS,
  ...BROKEN_ROUTING_CONTROLS,
  ...BROKEN_RECORDS,
  ...BROKEN_CHECKS,
  ...BROKEN_CHECK_KINDS,
  ...BROKEN_DATA,
  ...BROKEN_LOAD_BALANCERS,
  ...BROKEN_RECONCILE,
  ...BROKEN_ALARMS,
  ...BROKEN_FOR_ROUTE53,
  ...BROKEN_PRESETS,
  ...BROKEN_PARITY,
];
type Endpoint = ConfigInput['regions'][number]['endpoint'];

const LOAD_BALANCER = 'storefront-1.ap-southeast-1.elb.amazonaws.com';
const importantOnly = Object.fromEntries(
  ['region-connectivity', 'database-writer', 'cache-cluster', 'order-service', 'payment-service'].map((name) => [
    name,
    { class: 'important' as const },
  ]),
);

describe('a rule across fields', () => {
  it('lists no guardian twice where an application Region is named as a vantage too', () => {
    const input = passiveInput({ vantages: [TOKYO], evacuation: { guardians: { [SINGAPORE]: [TOKYO, OSAKA] } } });
    const problem = problemsIn(input).find(({ path }) => path === `evacuation.guardians.${SINGAPORE}`);
    expect(problem?.allowed).toBe(TOKYO);
  });

  it.each(BROKEN)('refuses $what, and says why, what is allowed, what to do and who says so', ({ input, problems }) => {
    expect(problemsIn(input)).toEqual(problems);
  });

  it('is broken by a test of this file', () => {
    const tested = new Set(BROKEN.flatMap(({ problems }) => problems.map(({ source }) => source)));
    expect(CROSS_FIELD_RULES.map(({ source }) => source).filter((source) => !tested.has(source))).toEqual([]);
  });
});

describe('what the rules leave alone', () => {
  it.each([
    { what: 'the example', input: passiveInput() },
    { what: 'a vantage beside three Regions', input: passiveInput({ regions: regionsOf([SINGAPORE, TOKYO, SYDNEY]) }) },
    { what: 'three replicas', input: replicas(TOKYO, SEOUL, OSAKA) },
    { what: 'three European replicas of four', input: replicas('eu-west-1', 'eu-west-2', 'eu-central-1') },
    { what: 'records only, without a table or a vantage', input: dnsInput() },
    { what: 'records only, without a critical check', input: dnsInput({ checks: importantOnly }) },
    { what: 'addresses at the apex', input: addressesAtApex() },
    {
      what: 'a private address that nothing of Route 53 probes',
      input: passiveInput({ regions: atAddresses('10.0.0.1') }),
    },
    { what: 'a record with just room for the names below it', input: long(passiveInput, 241) },
    { what: 'an active/active record with just room for the names below it', input: long(activeInput, 233) },
    { what: 'one rung with local writes', input: oneRung() },
    { what: 'a TTL of 60 s beside a load balancer', input: loadBalancers(60) },
    { what: 'a timeout of 29 s at an interval of 30 s', input: timeout(29) },
    { what: 'a bake of three TTLs', input: passiveInput({ failback: { bakeMinutes: 3 } }) },
    {
      what: 'a day of baking with a look every 156 s',
      input: passiveInput({ failback: { bakeMinutes: 1440, checkSeconds: 156 } }),
    },
    {
      what: 'a promotion that takes as long as it is awaited',
      input: passiveInput({
        data: { adapter: 'aurora-global', globalCluster: 's', promotionSeconds: 60, promotionDeadlineSeconds: 60 },
      }),
    },
    { what: 'Aurora Global Database watched from Taipei', input: auroraWatchedFromTaipei() },
    { what: 'a check of every kind', input: passiveInput({ checks: CHECKS_OF_EVERY_KIND }) },
    ...SOUND_PRESETS,
  ])('$what', ({ input }) => {
    expect(problemsIn(input)).toEqual([]);
  });
});

function replicas(...names: string[]): ConfigInput {
  return passiveInput({ coordination: { replicas: names } });
}

function endpoints(...given: readonly [Endpoint, Endpoint]): ConfigInput['regions'] {
  return regionsOf([SINGAPORE, TOKYO]).map((region, index) => ({ ...region, endpoint: given[index] ?? '' }));
}

function addressesAtApex(): ConfigInput {
  return passiveInput({ hostedZoneName: 'api.storefront.example', regions: endpoints('192.0.2.1', '192.0.2.2') });
}

function long(input: typeof passiveInput, length: number): ConfigInput {
  return input({ record: longRecord(length), hostedZoneName: 'example.example' });
}

function oneRung(): ConfigInput {
  return passiveInput({
    data: { adapter: 'aurora-global', globalCluster: 'storefront', writes: 'local' },
    failback: { rungs: [100] },
  });
}

function loadBalancers(ttlSeconds: number): ConfigInput {
  const endpoint = { loadBalancer: LOAD_BALANCER, hostedZoneId: 'Z1LMS91P8CMLE5' };
  return passiveInput({ ttlSeconds, regions: endpoints(endpoint, endpoint) });
}

function timeout(timeoutSeconds: number): ConfigInput {
  return passiveInput({ checks: { 'order-service': { timeoutSeconds } } });
}

function auroraWatchedFromTaipei(): ConfigInput {
  return passiveInput({
    vantages: ['ap-east-2'],
    data: { adapter: 'aurora-global', globalCluster: 'storefront' },
  });
}
