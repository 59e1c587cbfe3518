import type { Problem } from '../../errors.ts';
import { zoneNameOf } from '../accessors.ts';
import { type CrossFieldRule, rule } from '../cross-field-rule.ts';
import { type EndpointInput, isLoadBalancerName, parseEndpoint } from '../endpoint.ts';
import { dnsName } from '../fields.ts';
import { hasFailoverTop, PRESET_TRAITS } from '../preset.ts';
import type { ParsedConfig } from '../types.ts';

const ALIAS =
  'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html';
const GEO = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-geo.html';
const LOAD_BALANCER_TTL_SECONDS = 60;

/** Rules on names, endpoints, TTL and what chooses among the Regions. */
export const recordRules: readonly CrossFieldRule[] = [
  rule({
    source: ALIAS,
    needs: ['record', 'hostedZoneName', 'regions', 'accelerator'],
    check: ({ record, hostedZoneName, regions, accelerator }) =>
      zoneProblems(record, hostedZoneName, recordTargets(regions, accelerator)),
  }),
  rule({
    source: ALIAS,
    needs: ['regions', 'accelerator'],
    check: ({ regions, accelerator }) => endpointProblems(recordTargets(regions, accelerator)),
  }),
  rule({
    source: ALIAS,
    needs: ['regions', 'ttlSeconds', 'accelerator'],
    check: ({ regions, ttlSeconds, accelerator }) =>
      ttlSeconds === LOAD_BALANCER_TTL_SECONDS ||
      !recordTargets(regions, accelerator).some(({ endpoint }) => kindOf(endpoint) === 'load-balancer')
        ? []
        : [
            {
              path: 'ttlSeconds',
              message: 'cannot be chosen for an alias to a load balancer',
              value: ttlSeconds,
              allowed: String(LOAD_BALANCER_TTL_SECONDS),
              remedy: 'set 60, or give each Region a host name of its own',
            },
          ],
  }),
  rule({
    source: 'docs/adr/0003-presets.md',
    needs: ['preset', 'lastResort'],
    check: ({ preset, lastResort }) =>
      lastResort === undefined || hasFailoverTop(preset)
        ? []
        : [
            {
              path: 'lastResort',
              message: `has no place in the records of the preset "${preset}", whose top level is not failover`,
              remedy: 'remove it, or choose a preset with one primary',
            },
          ],
  }),
  rule({
    source: GEO,
    needs: ['preset', 'routing', 'regions'],
    check: ({ preset, routing, regions }) =>
      routing === undefined
        ? []
        : !choosesAmongRegions(preset)
          ? [
              {
                path: 'routing',
                message: `has no effect with the preset "${preset}"`,
                remedy: 'remove it, or choose the preset "active-active" or "data-active-active"',
              },
            ]
          : routingProblems(
              routing,
              regions.map(({ id }) => id),
            ),
  }),
];

/** The Regions whose endpoints become records; behind an accelerator they are probed at most. */
function recordTargets(
  regions: ParsedConfig['regions'],
  accelerator: ParsedConfig['accelerator'],
): ParsedConfig['regions'] {
  return accelerator === undefined ? regions : [];
}

function choosesAmongRegions(preset: ParsedConfig['preset']): boolean {
  const { roles, front } = PRESET_TRAITS[preset];
  return roles === 'all-active' && front === 'regions';
}

function kindOf(endpoint: EndpointInput): 'hostname' | 'address' | 'load-balancer' {
  return parseEndpoint(endpoint).target.kind;
}

function zoneProblems(
  record: string,
  hostedZoneName: string | undefined,
  regions: ParsedConfig['regions'],
): readonly Problem[] {
  const zone = zoneNameOf({ record, hostedZoneName });
  if (!dnsName.safeParse(zone).success) {
    return [
      {
        path: 'hostedZoneName',
        message: `is missing, and the parent of the record, "${zone}", is no zone of yours`,
        allowed: `for example "${record}"`,
        remedy: 'name the zone that holds the record',
      },
    ];
  }
  if (record !== zone && !record.endsWith(`.${zone}`)) {
    return [
      {
        path: 'record',
        message: 'lies outside the hosted zone',
        value: record,
        allowed: `names under "${zone}"`,
        remedy: 'correct the record or hostedZoneName',
      },
    ];
  }
  if (record !== zone || !regions.some(({ endpoint }) => kindOf(endpoint) === 'hostname')) return [];
  return [
    {
      path: 'record',
      message: 'is the apex of its zone, where a CNAME is not possible, and an endpoint is a host name',
      value: record,
      remedy: 'use addresses or load balancers as endpoints, or a name below the apex',
    },
  ];
}

function endpointProblems(regions: ParsedConfig['regions']): readonly Problem[] {
  const bareLoadBalancers = regions.flatMap(({ endpoint }, index) =>
    typeof endpoint === 'string' && isLoadBalancerName(parseEndpoint(endpoint).host)
      ? [
          {
            path: `regions[${index}].endpoint`,
            message: 'is a load balancer, whose alias needs the id of its hosted zone',
            value: endpoint,
            remedy: 'write { loadBalancer: "…", hostedZoneId: "<its CanonicalHostedZoneId>" }',
          },
        ]
      : [],
  );
  const hostnames = regions.filter(({ endpoint }) => kindOf(endpoint) === 'hostname').length;
  if (hostnames === 0 || hostnames === regions.length) return bareLoadBalancers;
  return [
    ...bareLoadBalancers,
    {
      path: 'regions',
      message: 'mixes host names, which become CNAME records, with addresses or load balancers, which become A records',
      value: regions.map(({ endpoint }) => endpoint),
      remedy: 'give every Region the same kind of endpoint: one name has one record type',
    },
  ];
}

type Geolocation = Extract<NonNullable<ParsedConfig['routing']>, { policy: 'geolocation' }>;

function routingProblems(
  routing: NonNullable<ParsedConfig['routing']>,
  regions: readonly string[],
): readonly Problem[] {
  if (routing.policy === 'latency') return [];
  return [...locationProblems(routing, regions), ...residencyProblems(routing, regions)];
}

function locationProblems({ locations }: Geolocation, regions: readonly string[]): readonly Problem[] {
  const seen = locations.map(({ location }) => location);
  const repeated = locations.flatMap(({ location }, index) =>
    seen.indexOf(location) < index
      ? [
          {
            path: `routing.locations[${index}].location`,
            message: 'is listed twice',
            value: location,
            remedy: 'list each location once',
          },
        ]
      : [],
  );
  const unknown = locations.flatMap(({ region }, index) =>
    unknownRegion(`routing.locations[${index}].region`, region, regions),
  );
  const fallback = seen.includes('*')
    ? []
    : [
        {
          path: 'routing.locations',
          message: 'has no default location, so clients elsewhere would get no answer',
          allowed: 'one entry with location "*"',
          remedy: 'add { location: "*", region: … }',
        },
      ];
  return [...repeated, ...unknown, ...fallback];
}

function residencyProblems({ residency }: Geolocation, regions: readonly string[]): readonly Problem[] {
  return residency.flatMap((group, groupIndex) =>
    group.flatMap((region, index) => {
      const path = `routing.residency[${groupIndex}][${index}]`;
      const elsewhere = residency.findIndex((other, otherIndex) => otherIndex < groupIndex && other.includes(region));
      const twice =
        elsewhere === -1
          ? []
          : [
              {
                path,
                message: `is in group ${elsewhere} as well`,
                value: region,
                remedy: 'a Region belongs to one residency group',
              },
            ];
      return [...unknownRegion(path, region, regions), ...twice];
    }),
  );
}

function unknownRegion(path: string, region: string, regions: readonly string[]): readonly Problem[] {
  if (regions.includes(region)) return [];
  return [
    {
      path,
      message: 'is not an application Region',
      value: region,
      allowed: regions.join(', '),
      remedy: 'name one of the regions',
    },
  ];
}
