import type { Problem } from '../errors.ts';
import { parseName } from './dns-name.ts';
import { isRecordType, type RecordType, type ResourceRecordSet } from './record-set.ts';
import { valueFault, valueForm } from './record-value.ts';
import { isIntegerIn, MAX_TTL_SECONDS, MAX_VALUES_PER_RECORD_SET } from './route53-limits.ts';

const API = 'API_ResourceRecordSet';
const TYPES_PAGE = 'ResourceRecordTypes';

/** Types that an alias cannot have, and those that have one value only (API_ResourceRecordSet, Type; API_ResourceRecord). */
const NEVER_ALIAS: readonly RecordType[] = ['NS', 'SOA'];
const SINGLE_VALUE: readonly RecordType[] = ['CNAME', 'SOA'];

/** Everything that Route 53 would refuse about what a record set answers: its values or alias target, and its TTL. */
export function validateRecordContent(recordSet: ResourceRecordSet, path: string): readonly Problem[] {
  return [
    ...checkContent(recordSet, path),
    ...checkTtl(recordSet, path),
    ...checkValues(recordSet, path),
    ...checkAliasTarget(recordSet, path),
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
      message: `a record set of type ${Type} has ${ResourceRecords.length} values`,
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
