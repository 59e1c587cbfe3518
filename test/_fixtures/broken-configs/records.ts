import type { ConfigInput } from '../../../core/config/types.ts';
import { activeInput, MUMBAI, passiveInput, regionsOf, SINGAPORE, TOKYO } from '../../_helpers/config.ts';
import type { BrokenConfig } from './broken-config.ts';

const ALIAS =
  'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html';
const GEO = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-geo.html';

const LOAD_BALANCER = 'storefront-1.ap-southeast-1.elb.amazonaws.com';
const endpoints = (...given: ConfigInput['regions'][number]['endpoint'][]): ConfigInput['regions'] =>
  regionsOf([SINGAPORE, TOKYO]).map((region, index) => ({ ...region, endpoint: given[index] ?? region.endpoint }));
const geolocation = (changes: Record<string, unknown>): unknown =>
  activeInput({ routing: { policy: 'geolocation', locations: [{ location: '*', region: TOKYO }], ...changes } });

const APEX = {
  source: ALIAS,
  path: 'record',
  message: 'is the apex of its zone, where a CNAME is not possible, and an endpoint is a host name',
  remedy: 'use addresses or load balancers as endpoints, or a name below the apex',
};

export const BROKEN_RECORDS: readonly BrokenConfig[] = [
  {
    what: 'a record outside its zone',
    input: passiveInput({ hostedZoneName: 'other.example' }),
    problems: [
      {
        source: ALIAS,
        path: 'record',
        message: 'lies outside the hosted zone',
        value: 'api.storefront.example',
        allowed: 'names under "other.example"',
        remedy: 'correct the record or hostedZoneName',
      },
    ],
  },
  {
    what: 'a record that only ends like its zone',
    input: passiveInput({ record: 'api.mystorefront.example', hostedZoneName: 'storefront.example' }),
    problems: [
      {
        source: ALIAS,
        path: 'record',
        message: 'lies outside the hosted zone',
        value: 'api.mystorefront.example',
        allowed: 'names under "storefront.example"',
        remedy: 'correct the record or hostedZoneName',
      },
    ],
  },
  {
    what: 'a record right below a top-level domain, and no zone',
    input: passiveInput({ record: 'storefront.example' }),
    problems: [
      {
        source: ALIAS,
        path: 'hostedZoneName',
        message: 'is missing, and the parent of the record, "example", is no zone of yours',
        allowed: 'for example "storefront.example"',
        remedy: 'name the zone that holds the record',
      },
    ],
  },
  {
    what: 'host names at the apex',
    input: passiveInput({ hostedZoneName: 'api.storefront.example' }),
    problems: [{ ...APEX, value: 'api.storefront.example' }],
  },
  {
    what: 'a load balancer as a bare name',
    input: passiveInput({ regions: endpoints(`https://${LOAD_BALANCER}`) }),
    problems: [
      {
        source: ALIAS,
        path: 'regions[0].endpoint',
        message: 'is a load balancer, whose alias needs the id of its hosted zone',
        value: `https://${LOAD_BALANCER}`,
        remedy: 'write { loadBalancer: "…", hostedZoneId: "<its CanonicalHostedZoneId>" }',
      },
    ],
  },
  {
    what: 'a host name beside an address',
    input: passiveInput({ regions: endpoints('https://singapore.storefront.example', '192.0.2.1') }),
    problems: [
      {
        source: ALIAS,
        path: 'regions',
        message:
          'mixes host names, which become CNAME records, with addresses or load balancers, which become A records',
        value: ['https://singapore.storefront.example', '192.0.2.1'],
        remedy: 'give every Region the same kind of endpoint: one name has one record type',
      },
    ],
  },
  {
    what: 'a TTL beside a load balancer',
    input: passiveInput({
      ttlSeconds: 30,
      regions: endpoints(
        { loadBalancer: LOAD_BALANCER, hostedZoneId: 'Z1LMS91P8CMLE5' },
        { loadBalancer: LOAD_BALANCER, hostedZoneId: 'Z1LMS91P8CMLE5' },
      ),
    }),
    problems: [
      {
        source: ALIAS,
        path: 'ttlSeconds',
        message: 'cannot be chosen for an alias to a load balancer',
        value: 30,
        allowed: '60',
        remedy: 'set 60, or give each Region a host name of its own',
      },
    ],
  },
  {
    what: 'routing among Regions of which one serves',
    input: passiveInput({ routing: { policy: 'latency' } }),
    problems: [
      {
        source: GEO,
        path: 'routing',
        message: 'has no effect with the preset "active-passive"',
        remedy: 'remove it, or choose the preset "active-active" or "data-active-active"',
      },
    ],
  },
  {
    what: 'a location listed twice',
    input: geolocation({
      locations: [
        { location: '*', region: TOKYO },
        { location: 'TW', region: TOKYO },
        { location: 'TW', region: SINGAPORE },
      ],
    }),
    problems: [
      {
        source: GEO,
        path: 'routing.locations[2].location',
        message: 'is listed twice',
        value: 'TW',
        remedy: 'list each location once',
      },
    ],
  },
  {
    what: 'a location answered by a Region in which the application does not run',
    input: geolocation({ locations: [{ location: '*', region: MUMBAI }] }),
    problems: [
      {
        source: GEO,
        path: 'routing.locations[0].region',
        message: 'is not an application Region',
        value: MUMBAI,
        allowed: `${SINGAPORE}, ${TOKYO}`,
        remedy: 'name one of the regions',
      },
    ],
  },
  {
    what: 'no default location',
    input: geolocation({ locations: [{ location: 'TW', region: TOKYO }] }),
    problems: [
      {
        source: GEO,
        path: 'routing.locations',
        message: 'has no default location, so clients elsewhere would get no answer',
        allowed: 'one entry with location "*"',
        remedy: 'add { location: "*", region: … }',
      },
    ],
  },
  {
    what: 'a Region in two residency groups',
    input: geolocation({ residency: [[SINGAPORE, TOKYO], [TOKYO]] }),
    problems: [
      {
        source: GEO,
        path: 'routing.residency[1][0]',
        message: 'is in group 0 as well',
        value: TOKYO,
        remedy: 'a Region belongs to one residency group',
      },
    ],
  },
  {
    what: 'a residency group with a stranger',
    input: geolocation({ residency: [[SINGAPORE, MUMBAI]] }),
    problems: [
      {
        source: GEO,
        path: 'routing.residency[0][1]',
        message: 'is not an application Region',
        value: MUMBAI,
        allowed: `${SINGAPORE}, ${TOKYO}`,
        remedy: 'name one of the regions',
      },
    ],
  },
];
