import type { Problem } from '../errors.ts';
import { isWildcard, MAX_LABEL_BYTES, MAX_NAME_BYTES, parseName } from './dns-name.ts';
import { geoLocationFault } from './geo-locations.ts';
import { policiesOf, RECORD_TYPES, type RecordType, type ResourceRecordSet, type RoutingPolicy } from './record-set.ts';
import { valueFault, valueForm } from './record-value.ts';
import {
  LATENCY_REGIONS,
  MAX_HEALTH_CHECK_ID_LENGTH,
  MAX_SET_IDENTIFIER_LENGTH,
  MAX_TTL_SECONDS,
  MAX_VALUES_PER_RECORD_SET,
  MAX_WEIGHT,
} from './route53-limits.ts';

const API = 'API_ResourceRecordSet';
const TYPES_PAGE = 'ResourceRecordTypes';

/** Types that only a simple record set may have, and those that a multivalue one may not (API_ResourceRecordSet, Type). */
const SIMPLE_ONLY: readonly RecordType[] = ['NS', 'SOA', 'DS'];
const NEVER_MULTIVALUE: readonly RecordType[] = [...SIMPLE_ONLY, 'CNAME'];
const NEVER_ALIAS: readonly RecordType[] = ['NS', 'SOA'];
const SINGLE_VALUE: readonly RecordType[] = ['CNAME', 'SOA'];

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
  checkContent,
  checkTtl,
  checkValues,
  checkAliasTarget,
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

function checkContent({ AliasTarget, ResourceRecords, Type }: ResourceRecordSet, path: string): readonly Problem[] {
  if (AliasTarget !== undefined && ResourceRecords !== undefined) {
    return [
      { path, message: 'a record set has both values and an alias target', remedy: 'keep one of the two', source: API },
    ];
  }
  if (AliasTarget === undefined && ResourceRecords === undefined) {
    return [
      {
        path,
        message: 'a record set has neither values nor an alias target',
        remedy: 'add ResourceRecords or AliasTarget',
        source: API,
      },
    ];
  }
  if (AliasTarget === undefined || !NEVER_ALIAS.includes(Type)) return [];
  return [
    {
      path: `${path}.Type`,
      message: 'an alias cannot have this type',
      value: Type,
      allowed: 'all but NS and SOA',
      source: API,
    },
  ];
}

function checkTtl({ AliasTarget, TTL }: ResourceRecordSet, path: string): readonly Problem[] {
  const at = `${path}.TTL`;
  const source = `${API}, TTL`;
  if (AliasTarget !== undefined) {
    if (TTL === undefined) return [];
    return [
      {
        path: at,
        message: 'an alias has no TTL of its own',
        value: TTL,
        remedy: 'omit it; the target decides',
        source,
      },
    ];
  }
  const allowed = `an integer from 0 to ${MAX_TTL_SECONDS}`;
  if (TTL === undefined) return [{ path: at, message: 'the TTL is missing', allowed, source }];
  if (isIntegerIn(TTL, 0, MAX_TTL_SECONDS)) return [];
  return [{ path: at, message: 'the TTL is out of range', value: TTL, allowed, source }];
}

function checkValues({ ResourceRecords, Type }: ResourceRecordSet, path: string): readonly Problem[] {
  if (ResourceRecords === undefined || !isRecordType(Type)) return [];
  const at = `${path}.ResourceRecords`;
  const most = SINGLE_VALUE.includes(Type) ? 1 : MAX_VALUES_PER_RECORD_SET;
  const problems: Problem[] = [];
  if (ResourceRecords.length < 1 || ResourceRecords.length > most) {
    problems.push({
      path: at,
      message: `a ${Type} record set has ${ResourceRecords.length} values`,
      allowed: most === 1 ? 'exactly 1' : `1 to ${most}`,
      source: most === 1 ? 'API_ResourceRecord' : 'DNSLimitations',
    });
  }
  for (const [index, { Value }] of ResourceRecords.entries()) {
    const fault = valueFault(Type, Value);
    const problem = { path: `${at}[${index}].Value`, value: Value };
    if (fault !== undefined) {
      const message = `the value cannot be read as ${Type}: ${fault}`;
      problems.push({ ...problem, message, allowed: valueForm(Type), source: TYPES_PAGE });
    }
    if (ResourceRecords.findIndex((other) => other.Value === Value) < index) {
      problems.push({ ...problem, message: 'the value is listed twice', remedy: 'remove one' });
    }
  }
  return problems;
}

function checkAliasTarget({ AliasTarget }: ResourceRecordSet, path: string): readonly Problem[] {
  if (AliasTarget === undefined) return [];
  const { name, fault } = parseName(AliasTarget.DNSName);
  const problems: Problem[] = [];
  if (fault !== undefined || name === '') {
    const message = `the alias target is no domain name: ${fault ?? 'it is empty'}`;
    problems.push({
      path: `${path}.AliasTarget.DNSName`,
      message,
      value: AliasTarget.DNSName,
      source: 'API_AliasTarget',
    });
  }
  if (AliasTarget.HostedZoneId === '') {
    const message = "the alias target's hosted zone is missing";
    const remedy = "give the target's hosted zone id, or this zone's for a record set of this zone";
    problems.push({ path: `${path}.AliasTarget.HostedZoneId`, message, remedy, source: 'API_AliasTarget' });
  }
  return problems;
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

function isRecordType(type: string): type is RecordType {
  return RECORD_TYPES.some((known) => known === type);
}

function isIntegerIn(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
