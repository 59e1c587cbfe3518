import type { Problem } from '../../errors.ts';
import { checkerAddressFault } from '../../routing/checker-address.ts';
import { geoLocationFault } from '../../routing/geo-locations.ts';
import { parseLocation } from '../../routing/parse-location.ts';
import { type CrossFieldRule, rule } from '../cross-field-rule.ts';
import { parseEndpoint } from '../endpoint.ts';
import { dnsName } from '../fields.ts';
import { names } from '../names.ts';
import { PRESET_TRAITS, probesEndpoints } from '../preset.ts';

const LIMITS = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html';
const VALUES = 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecord.html';
const LOCATIONS = 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_GeoLocation.html';
const CHECKS = 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html';

/** Rules that keep what is compiled from a config within what Route 53 takes. */
export const route53Rules: readonly CrossFieldRule[] = [
  rule({
    source: LIMITS,
    needs: ['record', 'regions', 'preset'],
    check: ({ record, regions, preset }) => {
      const { roles, front } = PRESET_TRAITS[preset];
      const regional = roles === 'all-active' && front === 'regions' ? regions : [];
      const derived = [
        names.lastResortRecord({ record }),
        names.epochRecord({ record }),
        ...regional.map(({ id }) => names.regionalRecord({ record }, id)),
      ];
      const longest = derived.toSorted((a, b) => b.length - a.length)[0] ?? record;
      return dnsName.safeParse(longest).success
        ? []
        : [
            {
              path: 'record',
              message: `is too long for the records below it, such as "${longest.slice(0, -record.length)}<record>"`,
              value: record,
              allowed: `at most ${record.length - (longest.length - 253)} characters`,
              remedy: 'choose a shorter name',
            },
          ];
    },
  }),
  rule({
    source: VALUES,
    needs: ['lastResort'],
    check: ({ lastResort }) =>
      (lastResort?.addresses ?? []).flatMap((address, index, all) =>
        all.indexOf(address) < index
          ? [
              {
                path: `lastResort.addresses[${index}]`,
                message: 'is listed twice',
                value: address,
                remedy: 'list each address once',
              },
            ]
          : [],
      ),
  }),
  rule({
    source: LOCATIONS,
    needs: ['routing'],
    check: ({ routing }) =>
      routing?.policy !== 'geolocation'
        ? []
        : routing.locations.flatMap(({ location }, index) => unknownLocation(location, index)),
  }),
  rule({
    source: CHECKS,
    needs: ['regions', 'preset', 'lastResort'],
    check: ({ regions, preset, lastResort }) =>
      !probesEndpoints({ preset, lastResort })
        ? []
        : regions.flatMap(({ endpoint }, index) => {
            const { target } = parseEndpoint(endpoint);
            const fault = target.kind === 'address' ? checkerAddressFault(target.address) : undefined;
            if (fault === undefined) return [];
            return [
              {
                path: `regions[${index}].endpoint`,
                message: fault,
                value: endpoint,
                allowed: 'a public address',
                remedy: 'use an address or a name that Route 53 can probe',
              },
            ];
          }),
  }),
];

function unknownLocation(location: string, index: number): readonly Problem[] {
  const fault = geoLocationFault(parseLocation(location));
  if (fault === undefined) return [];
  return [
    {
      path: `routing.locations[${index}].location`,
      message: `cannot be used: ${fault}`,
      value: location,
      allowed: '"*", "continent:AS", a country such as "TW", or a state such as "US-CA"',
      remedy: 'name a location that Route 53 knows',
    },
  ];
}
