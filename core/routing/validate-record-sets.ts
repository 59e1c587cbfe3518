import type { Problem } from '../errors.ts';
import { findLoops } from './alias-loops.ts';
import { canonicalName, isAtOrBelow } from './dns-name.ts';
import type { HealthCheck } from './health-check.ts';
import { groupRecordSets, type RecordGroup } from './record-groups.ts';
import type { ResourceRecordSet } from './record-set.ts';
import { MAX_RECORD_SETS_PER_ZONE } from './route53-limits.ts';
import { validateRecordGroup } from './validate-record-group.ts';
import { validateRecordSet } from './validate-record-set.ts';

/** What is known about the zone that the record sets shall live in; a check whose facts are not given is left out. */
export interface RecordSetContext {
  /** `Id` with or without `/hostedzone/`. */
  readonly hostedZone?: { readonly Name: string; readonly Id?: string };
  /** All health checks of the account; given, an id that is not among them is a problem. */
  readonly healthChecks?: readonly Pick<HealthCheck, 'Id'>[];
}

const API = 'API_ResourceRecordSet';

/**
 * Every reason for which Route 53 would refuse these record sets as the whole content of a zone, with paths such as
 * `ResourceRecordSets[3].Weight`; empty where it would take them. Never throws. What AWS advises without refusing it is
 * in `adviseRecordSets`.
 */
export function validateRecordSets(
  recordSets: readonly ResourceRecordSet[],
  context: RecordSetContext = {},
): readonly Problem[] {
  const groups = [...groupRecordSets(recordSets).values()];
  const byName = Map.groupBy(groups, (group) => group.name);
  const zone = context.hostedZone;
  return [
    ...recordSets.flatMap((recordSet, index) => validateRecordSet(recordSet, pathOf(index))),
    ...groups.flatMap(validateRecordGroup),
    ...[...byName.values()].flatMap(checkCnameNeighbours),
    ...(zone === undefined ? [] : checkApex(recordSets, canonicalName(zone.Name))),
    ...recordSets.flatMap((recordSet, index) => checkAlias(recordSet, index, { byName, zone })),
    ...findLoops(recordSets).map((index) => loopProblem(recordSets, index)),
    ...checkHealthCheckIds(recordSets, context.healthChecks),
    ...checkZoneSize(recordSets),
  ];
}

/** A hosted zone's id without the `/hostedzone/` that the API puts before it. */
export function bareZoneId(id: string): string {
  return id.replace(/^\/?hostedzone\//, '');
}

/** Which of the validated record sets a problem is about; nothing for a problem of the list as a whole. */
export function recordSetIndexOf(problem: Problem): number | undefined {
  const index = /^ResourceRecordSets\[(\d+)\]/.exec(problem.path)?.[1];
  return index === undefined ? undefined : Number(index);
}

function pathOf(index: number): string {
  return `ResourceRecordSets[${index}]`;
}

function checkCnameNeighbours(sharingName: readonly RecordGroup[]): readonly Problem[] {
  const cname = sharingName.find((group) => group.type === 'CNAME');
  const others = sharingName.filter((group) => group !== cname).map((group) => group.type);
  if (cname === undefined || others.length === 0) return [];
  return cname.members.map(({ index }) => ({
    path: pathOf(index),
    message: `a CNAME stands beside other types under ${cname.name}`,
    value: others,
    remedy: 'remove one of them, or use an alias',
    source: 'ResourceRecordTypes, CNAME',
  }));
}

function checkApex(recordSets: readonly ResourceRecordSet[], apex: string): readonly Problem[] {
  return recordSets.flatMap(({ Name, Type }, index): readonly Problem[] => {
    const name = canonicalName(Name);
    const problem = { path: `${pathOf(index)}.Name`, value: Name };
    if (!isAtOrBelow(name, apex)) {
      return [
        { ...problem, message: 'the name is outside the hosted zone', allowed: `${apex} or below it`, source: API },
      ];
    }
    if (Type === 'CNAME' && name === apex) {
      const remedy = 'use an alias of the wanted type';
      return [
        { ...problem, message: 'a CNAME cannot stand at the zone apex', remedy, source: 'ResourceRecordTypes, CNAME' },
      ];
    }
    if (Type !== 'SOA' || name === apex) return [];
    return [
      { ...problem, message: 'an SOA stands elsewhere than at the zone apex', allowed: apex, source: 'SOA-NSrecords' },
    ];
  });
}

interface Zone {
  readonly byName: ReadonlyMap<string, readonly RecordGroup[]>;
  readonly zone: RecordSetContext['hostedZone'];
}

function checkAlias(
  { AliasTarget, Type }: ResourceRecordSet,
  index: number,
  { byName, zone }: Zone,
): readonly Problem[] {
  if (AliasTarget === undefined) return [];
  const path = `${pathOf(index)}.AliasTarget`;
  const target = canonicalName(AliasTarget.DNSName);
  const source = 'API_AliasTarget';
  const zoneId = zone?.Id === undefined ? undefined : bareZoneId(zone.Id);
  const saysOwnZone = zoneId !== undefined && bareZoneId(AliasTarget.HostedZoneId) === zoneId;
  const types = byName.get(target)?.map((group) => group.type) ?? [];
  if (types.length === 0) {
    if (!saysOwnZone) return [];
    const remedy = "create it first, or give the hosted zone id of the target's own zone";
    const message = 'the alias target is not among the record sets of this hosted zone';
    return [{ path: `${path}.DNSName`, message, value: AliasTarget.DNSName, remedy, source }];
  }
  const problems: Problem[] = [];
  if (!types.includes(Type)) {
    const message = `the alias has type ${Type}, its target in this zone has not`;
    problems.push({ path: `${path}.DNSName`, message, value: AliasTarget.DNSName, allowed: types.join(', '), source });
  }
  if (zoneId !== undefined && !saysOwnZone) {
    const message = 'the alias target is in this hosted zone, the id is another';
    problems.push({ path: `${path}.HostedZoneId`, message, value: AliasTarget.HostedZoneId, allowed: zoneId, source });
  }
  return problems;
}

function loopProblem(recordSets: readonly ResourceRecordSet[], index: number): Problem {
  const target = recordSets[index]?.AliasTarget?.DNSName ?? recordSets[index]?.ResourceRecords?.[0]?.Value;
  return {
    path: pathOf(index),
    message: 'the record set closes a loop of CNAMEs or aliases in the zone',
    value: target,
    remedy: 'point it at a record set with values',
  };
}

function checkHealthCheckIds(
  recordSets: readonly ResourceRecordSet[],
  healthChecks: RecordSetContext['healthChecks'],
): readonly Problem[] {
  if (healthChecks === undefined) return [];
  const known = new Set(healthChecks.map(({ Id }) => Id));
  return recordSets.flatMap(({ HealthCheckId: id }, index) => {
    if (id === undefined || known.has(id)) return [];
    const path = `${pathOf(index)}.HealthCheckId`;
    const remedy = 'create the health check first, or name an existing one';
    return [{ path, message: 'no health check has this id', value: id, remedy, source: 'NoSuchHealthCheck' }];
  });
}

function checkZoneSize(recordSets: readonly ResourceRecordSet[]): readonly Problem[] {
  if (recordSets.length <= MAX_RECORD_SETS_PER_ZONE) return [];
  const message = `the zone has ${recordSets.length} record sets`;
  const allowed = `at most ${MAX_RECORD_SETS_PER_ZONE} without a raised quota`;
  return [{ path: 'ResourceRecordSets', message, allowed, source: 'DNSLimitations' }];
}
