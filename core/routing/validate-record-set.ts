import type { Problem } from '../errors.ts';
import { isWildcard, MAX_LABEL_BYTES, MAX_NAME_BYTES, parseName } from './dns-name.ts';
import { geoLocationFault } from './geo-locations.ts';
import {
  isRecordType,
  policiesOf,
  RECORD_TYPES,
  type RecordType,
  type ResourceRecordSet,
  type RoutingPolicy,
} from './record-set.ts';
import {
  isIntegerIn,
  LATENCY_REGIONS,
  MAX_HEALTH_CHECK_ID_LENGTH,
  MAX_SET_IDENTIFIER_LENGTH,
  MAX_WEIGHT,
} from './route53-limits.ts';
import { validateRecordContent } from './validate-record-content.ts';

const API = 'API_ResourceRecordSet';

/** Types that only a simple record set may have, and those that a multivalue one may not (API_ResourceRecordSet, Type). */
const SIMPLE_ONLY: readonly RecordType[] = ['NS', 'SOA', 'DS'];
const NEVER_MULTIVALUE: readonly RecordType[] = [...SIMPLE_ONLY, 'CNAME'];

type Check = (recordSet: ResourceRecordSet, path: string) => readonly Problem[];

/**
 * Everything that Route 53 would refuse about one record set by itself, whatever else is in its zone. Never throws.
 *
 * @param path where the record set stands in its input, e.g. `ResourceRecordSets[3]`
 */
export function validateRecordSet(recordSet: ResourceRecordSet, path: string): readonly Problem[] {
  return CHECKS.flatMap((check) => check(recordSet, path));
}

const CHECKS: readonly Check[] = [
  checkName,
  checkType,
  checkPolicyCount,
  checkPolicyType,
  checkSetIdentifier,
  checkWeight,
  checkRegion,
  checkFailover,
  checkGeoLocation,
  checkMultiValue,
  validateRecordContent,
  checkHealthCheckId,
];

function checkName({ Name, Type }: ResourceRecordSet, path: string): readonly Problem[] {
  const { name, fault } = parseName(Name);
  if (fault !== undefined || name === '') {
    return [
      {
        path: `${path}.Name`,
        message: `the name is no domain name: ${fault ?? 'it is empty'}`,
        value: Name,
        allowed: `labels of 1 to ${MAX_LABEL_BYTES} bytes, ${MAX_NAME_BYTES} bytes in all, other characters as \\ooo`,
        source: 'DomainNameFormat',
      },
    ];
  }
  if (!isWildcard(name) || Type !== 'NS') return [];
  return [
    {
      path: `${path}.Name`,
      message: 'an NS record set cannot be a wildcard',
      value: Name,
      remedy: 'name the subdomain that is delegated',
      source: 'DomainNameFormat',
    },
  ];
}

function checkType({ Type }: ResourceRecordSet, path: string): readonly Problem[] {
  if (isRecordType(Type)) return [];
  return [
    {
      path: `${path}.Type`,
      message: 'the record type is unknown',
      value: Type,
      allowed: RECORD_TYPES.join(', '),
      source: API,
    },
  ];
}

function checkPolicyCount(recordSet: ResourceRecordSet, path: string): readonly Problem[] {
  const policies = policiesOf(recordSet);
  if (policies.length === 1) return [];
  return [
    {
      path,
      message: 'a record set has more than one routing policy',
      value: policies,
      allowed:
        'one of Weight, Region, Failover, GeoLocation, GeoProximityLocation, MultiValueAnswer, CidrRoutingConfig',
      remedy: 'keep one, and nest the others behind an alias to another name',
      source: API,
    },
  ];
}

function checkPolicyType(recordSet: ResourceRecordSet, path: string): readonly Problem[] {
  const policies = policiesOf(recordSet);
  const refused: readonly RecordType[] = policies.includes('multivalue')
    ? NEVER_MULTIVALUE
    : policies.includes('simple')
      ? []
      : SIMPLE_ONLY;
  if (!refused.includes(recordSet.Type)) return [];
  return [
    {
      path: `${path}.Type`,
      message: `a ${policies.join(' and ')} record set cannot have this type`,
      value: recordSet.Type,
      allowed: RECORD_TYPES.filter((type) => !refused.includes(type)).join(', '),
      source: `${API}, Type`,
    },
  ];
}

function checkSetIdentifier(recordSet: ResourceRecordSet, path: string): readonly Problem[] {
  const { SetIdentifier: identifier } = recordSet;
  const simple = isOfPolicy(recordSet, 'simple');
  const allowed = `1 to ${MAX_SET_IDENTIFIER_LENGTH} characters`;
  if (identifier === undefined) {
    if (simple) return [];
    return [{ path: `${path}.SetIdentifier`, message: 'a set identifier is missing', allowed, source: API }];
  }
  const problem = { path: `${path}.SetIdentifier`, value: identifier, source: API };
  if (simple) {
    return [{ ...problem, message: 'a simple record set has no set identifier', remedy: 'add a routing policy' }];
  }
  if (identifier.length >= 1 && identifier.length <= MAX_SET_IDENTIFIER_LENGTH) return [];
  return [{ ...problem, message: `the set identifier has ${identifier.length} characters`, allowed }];
}

function checkWeight({ Weight }: ResourceRecordSet, path: string): readonly Problem[] {
  if (Weight === undefined || isIntegerIn(Weight, 0, MAX_WEIGHT)) return [];
  return [
    {
      path: `${path}.Weight`,
      message: 'the weight is out of range',
      value: Weight,
      allowed: `an integer from 0 to ${MAX_WEIGHT}`,
      source: `${API}, Weight`,
    },
  ];
}

function checkRegion({ Region }: ResourceRecordSet, path: string): readonly Problem[] {
  if (Region === undefined || LATENCY_REGIONS.includes(Region)) return [];
  return [
    {
      path: `${path}.Region`,
      message: 'the Region is unknown',
      value: Region,
      allowed: LATENCY_REGIONS.join(', '),
      source: `${API}, Region`,
    },
  ];
}

function checkFailover({ Failover }: ResourceRecordSet, path: string): readonly Problem[] {
  if (Failover === undefined || Failover === 'PRIMARY' || Failover === 'SECONDARY') return [];
  return [
    {
      path: `${path}.Failover`,
      message: 'the failover role is unknown',
      value: Failover,
      allowed: 'PRIMARY, SECONDARY',
      source: API,
    },
  ];
}

function checkGeoLocation({ GeoLocation }: ResourceRecordSet, path: string): readonly Problem[] {
  const fault = GeoLocation === undefined ? undefined : geoLocationFault(GeoLocation);
  if (fault === undefined) return [];
  return [
    {
      path: `${path}.GeoLocation`,
      message: `the location cannot be used: ${fault}`,
      value: GeoLocation,
      allowed: 'a ContinentCode, a CountryCode (* for the default), or US with a SubdivisionCode',
      source: 'API_GeoLocation',
    },
  ];
}

function checkMultiValue({ MultiValueAnswer, AliasTarget }: ResourceRecordSet, path: string): readonly Problem[] {
  if (MultiValueAnswer === undefined) return [];
  const at = `${path}.MultiValueAnswer`;
  if (MultiValueAnswer !== true) {
    return [{ path: at, message: 'the value is not true', value: MultiValueAnswer, allowed: 'true', source: API }];
  }
  if (AliasTarget === undefined) return [];
  return [
    { path: at, message: 'a multivalue answer record set cannot be an alias', remedy: 'give it values', source: API },
  ];
}

function checkHealthCheckId({ HealthCheckId: id }: ResourceRecordSet, path: string): readonly Problem[] {
  if (id === undefined || (id.length >= 1 && id.length <= MAX_HEALTH_CHECK_ID_LENGTH)) return [];
  return [
    {
      path: `${path}.HealthCheckId`,
      message: `the health check id has ${id.length} characters`,
      value: id,
      allowed: `1 to ${MAX_HEALTH_CHECK_ID_LENGTH} characters`,
      source: API,
    },
  ];
}

function isOfPolicy(recordSet: ResourceRecordSet, policy: RoutingPolicy): boolean {
  return policiesOf(recordSet).includes(policy);
}
