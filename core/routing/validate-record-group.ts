import type { Problem } from '../errors.ts';
import { geoLocationKey } from './geo-locations.ts';
import type { IndexedRecordSet, RecordGroup } from './record-groups.ts';
import { policiesOf, type ResourceRecordSet } from './record-set.ts';
import { MAX_GEOPROXIMITY_GROUP_SIZE, MAX_GROUP_SIZE } from './route53-limits.ts';

const API = 'API_ResourceRecordSet';

/** The fields that tell the members of a group apart: no two may say the same. */
const DISTINCT: readonly (readonly [field: string, keyOf: (recordSet: ResourceRecordSet) => string | undefined])[] = [
  ['SetIdentifier', (recordSet) => recordSet.SetIdentifier],
  ['Region', (recordSet) => recordSet.Region],
  ['Failover', (recordSet) => recordSet.Failover],
  ['GeoLocation', ({ GeoLocation: location }) => (location === undefined ? undefined : geoLocationKey(location))],
  [
    'CidrRoutingConfig',
    ({ CidrRoutingConfig: cidr }) => (cidr === undefined ? undefined : `${cidr.CollectionId}/${cidr.LocationName}`),
  ],
];

/** Everything that Route 53 would refuse about the record sets of one name and type taken together. Never throws. */
export function validateRecordGroup(group: RecordGroup): readonly Problem[] {
  return [
    ...mixedPolicies(group),
    ...DISTINCT.flatMap(([field, keyOf]) => repeated(group, field, keyOf)),
    ...tooMany(group),
    ...differentTtls(group),
  ];
}

function mixedPolicies({ name, type, members }: RecordGroup): readonly Problem[] {
  const [first, ...others] = members;
  const policy = policiesOf(first.recordSet).join(' and ');
  return others.flatMap(({ recordSet, index }) => {
    const own = policiesOf(recordSet).join(' and ');
    const path = `ResourceRecordSets[${index}]`;
    const source = API;
    if (own !== policy) {
      const message = `a ${own} record set stands beside a ${policy} one under ${name} ${type}`;
      return [
        { path, message, value: own, allowed: policy, remedy: 'use one policy, or alias to another name', source },
      ];
    }
    if (own !== 'simple') return [];
    const message = `a second simple record set under ${name} ${type}`;
    return [{ path, message, remedy: 'put all values into one record set, or choose a routing policy', source }];
  });
}

function repeated(
  { name, type, members }: RecordGroup,
  field: string,
  keyOf: (recordSet: ResourceRecordSet) => string | undefined,
): readonly Problem[] {
  const firstAt = new Map<string, number>();
  return members.flatMap(({ recordSet, index }) => {
    const key = keyOf(recordSet);
    if (key === undefined) return [];
    const first = firstAt.get(key);
    if (first === undefined) {
      firstAt.set(key, index);
      return [];
    }
    const path = `ResourceRecordSets[${index}].${field}`;
    const message = `the value is taken by ResourceRecordSets[${first}] of ${name} ${type}`;
    const value = recordSet[field as keyof ResourceRecordSet];
    return [{ path, message, value, remedy: 'give every record set of a group its own', source: `${API}, ${field}` }];
  });
}

function tooMany({ name, type, members }: RecordGroup): readonly Problem[] {
  const geoproximity = members[0].recordSet.GeoProximityLocation !== undefined;
  const most = geoproximity ? MAX_GEOPROXIMITY_GROUP_SIZE : MAX_GROUP_SIZE;
  const excess = members[most];
  if (excess === undefined) return [];
  const path = `ResourceRecordSets[${excess.index}]`;
  const message = `${members.length} record sets under ${name} ${type}`;
  return [
    { path, message, allowed: `at most ${most}`, remedy: 'nest groups behind aliases', source: 'DNSLimitations' },
  ];
}

function differentTtls({ members }: RecordGroup): readonly Problem[] {
  const weighted = members.filter(
    ({ recordSet }) => recordSet.Weight !== undefined && recordSet.AliasTarget === undefined,
  );
  const ttl = weighted[0]?.recordSet.TTL;
  return weighted.filter(({ recordSet }) => recordSet.TTL !== ttl).map((member) => differentTtl(member, ttl));
}

function differentTtl({ recordSet, index }: IndexedRecordSet, ttl: number | undefined): Problem {
  return {
    path: `ResourceRecordSets[${index}].TTL`,
    message: 'the weighted record sets of a group have different TTLs',
    value: recordSet.TTL,
    allowed: `${ttl}, as the first of the group`,
    remedy: 'give all of them one TTL',
    source: `${API}, TTL`,
  };
}
