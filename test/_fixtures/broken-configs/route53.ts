import type { ConfigInput } from '../../../core/config/types.ts';
import { activeInput, dnsInput, passiveInput, regionsOf, SINGAPORE, TOKYO } from '../../_helpers/config.ts';
import type { BrokenConfig } from './broken-config.ts';

const LIMITS = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html';
const VALUES = 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecord.html';
const LOCATIONS = 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_GeoLocation.html';
const CHECKS = 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html';

/** A name of so many characters, below the zone `example.example`. */
export function longRecord(length: number): string {
  const label = `${'a'.repeat(60)}.`;
  const tail = 'example.example';
  const rest = length - tail.length;
  return `${label.repeat(Math.floor(rest / 61))}${'b'.repeat((rest % 61) - 1)}.${tail}`;
}

export const atAddresses = (first: string): ConfigInput['regions'] =>
  regionsOf([SINGAPORE, TOKYO]).map((region, index) => ({ ...region, endpoint: index === 0 ? first : '192.0.2.2' }));

const tooLong = { source: LIMITS, path: 'record', remedy: 'choose a shorter name' };
const at = (location: string): ConfigInput['routing'] => ({
  policy: 'geolocation',
  locations: [
    { location: '*', region: TOKYO },
    { location, region: TOKYO },
  ],
});

export const BROKEN_FOR_ROUTE53: readonly BrokenConfig[] = [
  {
    what: 'a record with no room for the names below it',
    input: passiveInput({ record: longRecord(242), hostedZoneName: 'example.example' }),
    problems: [
      {
        ...tooLong,
        message: 'is too long for the records below it, such as "last-resort.<record>"',
        value: longRecord(242),
        allowed: 'at most 241 characters',
      },
    ],
  },
  {
    what: 'an active/active record with no room for the Regions below it',
    input: activeInput({ record: longRecord(234), hostedZoneName: 'example.example' }),
    problems: [
      {
        ...tooLong,
        message: 'is too long for the records below it, such as "ap-southeast-1.live.<record>"',
        value: longRecord(234),
        allowed: 'at most 233 characters',
      },
    ],
  },
  {
    what: 'an address of the last resort listed twice',
    input: passiveInput({ lastResort: { addresses: ['192.0.2.10', '192.0.2.11', '192.0.2.10'] } }),
    problems: [
      {
        source: VALUES,
        path: 'lastResort.addresses[2]',
        message: 'is listed twice',
        value: '192.0.2.10',
        remedy: 'list each address once',
      },
    ],
  },
  ...[
    { location: 'ZZ', fault: 'the country is unknown or not supported' },
    { location: 'continent:XX', fault: 'the continent is unknown' },
    { location: 'US-ZZ', fault: 'the state is unknown' },
    { location: 'FR-75', fault: 'only the United States have subdivisions' },
  ].map(({ location, fault }) => ({
    what: `clients in ${location}`,
    input: activeInput({ routing: at(location) }),
    problems: [
      {
        source: LOCATIONS,
        path: 'routing.locations[1].location',
        message: `cannot be used: ${fault}`,
        value: location,
        allowed: '"*", "continent:AS", a country such as "TW", or a state such as "US-CA"',
        remedy: 'name a location that Route 53 knows',
      },
    ],
  })),
  ...[
    { what: 'a private address that DNS failover would probe', input: dnsInput({ regions: atAddresses('10.0.0.1') }) },
    {
      what: 'a private address behind a last resort',
      input: passiveInput({ regions: atAddresses('10.0.0.1'), lastResort: { addresses: ['192.0.2.10'] } }),
    },
  ].map(({ what, input }) => ({
    what,
    input,
    problems: [
      {
        source: CHECKS,
        path: 'regions[0].endpoint',
        message: 'checkers cannot reach local, private or multicast addresses',
        value: '10.0.0.1',
        allowed: 'a public address',
        remedy: 'use an address or a name that Route 53 can probe',
      },
    ],
  })),
];
