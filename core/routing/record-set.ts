/**
 * Record sets in the very shape of the Route 53 API, so that one value serves the compiled tree, a change batch,
 * the twin and a fixture that somebody pasted from `aws route53 list-resource-record-sets`.
 *
 * Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
 */
export interface ResourceRecordSet {
  readonly Name: string;
  readonly Type: RecordType;
  readonly SetIdentifier?: string;
  /** 0–255; share = weight / sum of the group. */
  readonly Weight?: number;
  readonly Region?: string;
  readonly GeoLocation?: GeoLocation;
  readonly GeoProximityLocation?: GeoProximityLocation;
  readonly CidrRoutingConfig?: { readonly CollectionId: string; readonly LocationName: string };
  readonly Failover?: 'PRIMARY' | 'SECONDARY';
  readonly MultiValueAnswer?: boolean;
  /** Seconds; absent on an alias, which has none of its own. */
  readonly TTL?: number;
  readonly ResourceRecords?: readonly { readonly Value: string }[];
  readonly AliasTarget?: AliasTarget;
  readonly HealthCheckId?: string;
}

/** Where an alias points: a record set of the same zone, or an AWS resource with a hosted zone id of its own. */
export interface AliasTarget {
  readonly HostedZoneId: string;
  readonly DNSName: string;
  readonly EvaluateTargetHealth: boolean;
}

/** `ContinentCode`, or `CountryCode` (`*` is the default location), the latter with a `SubdivisionCode` where wanted. */
export interface GeoLocation {
  readonly ContinentCode?: string;
  readonly CountryCode?: string;
  readonly SubdivisionCode?: string;
}

/** Where a geoproximity resource stands. */
export interface GeoProximityLocation {
  readonly AWSRegion?: string;
  readonly LocalZoneGroup?: string;
  readonly Coordinates?: { readonly Latitude: string; readonly Longitude: string };
  /** −99 to 99. */
  readonly Bias?: number;
}

/** The record types of the API model's `RRType`. */
export const RECORD_TYPES = [
  'SOA',
  'A',
  'TXT',
  'NS',
  'CNAME',
  'MX',
  'NAPTR',
  'PTR',
  'SRV',
  'SPF',
  'AAAA',
  'CAA',
  'DS',
  'TLSA',
  'SSHFP',
  'SVCB',
  'HTTPS',
] as const;
/** One of `RECORD_TYPES`. */
export type RecordType = (typeof RECORD_TYPES)[number];

/** Whether a text is one of `RECORD_TYPES`. */
export function isRecordType(type: string): type is RecordType {
  return RECORD_TYPES.some((known) => known === type);
}

/** What decides among record sets of one name and type. */
export const ROUTING_POLICIES = [
  'simple',
  'weighted',
  'latency',
  'failover',
  'geolocation',
  'geoproximity',
  'multivalue',
  'cidr',
] as const;
/** One of `ROUTING_POLICIES`. */
export type RoutingPolicy = (typeof ROUTING_POLICIES)[number];

const POLICY_FIELDS: readonly (readonly [keyof ResourceRecordSet, RoutingPolicy])[] = [
  ['Weight', 'weighted'],
  ['Region', 'latency'],
  ['Failover', 'failover'],
  ['GeoLocation', 'geolocation'],
  ['GeoProximityLocation', 'geoproximity'],
  ['MultiValueAnswer', 'multivalue'],
  ['CidrRoutingConfig', 'cidr'],
];

/** Every policy that the record set's fields name; more than one is an error that the validation reports. */
export function policiesOf(recordSet: ResourceRecordSet): readonly RoutingPolicy[] {
  const named = POLICY_FIELDS.filter(([field]) => recordSet[field] !== undefined).map(([, policy]) => policy);
  return named.length === 0 ? ['simple'] : named;
}
