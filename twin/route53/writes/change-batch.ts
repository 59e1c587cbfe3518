import { isDeepStrictEqual } from 'node:util';
import type { Problem } from '../../../core/errors.ts';
import { findUncheckedPrimaries } from '../../../core/routing/advise-record-sets.ts';
import { canonicalName } from '../../../core/routing/dns-name.ts';
import { groupKey } from '../../../core/routing/record-groups.ts';
import type { RecordType, ResourceRecordSet } from '../../../core/routing/record-set.ts';
import { MAX_RECORDS_PER_BATCH, MAX_VALUE_CHARACTERS_PER_BATCH } from '../../../core/routing/route53-limits.ts';
import { bareZoneId, recordSetIndexOf, validateRecordSets } from '../../../core/routing/validate-record-sets.ts';

/** What a change does (API_Change). */
export type ChangeAction = 'CREATE' | 'DELETE' | 'UPSERT';

/** One change of a batch (API_Change). */
export interface Change {
  readonly Action: ChangeAction;
  readonly ResourceRecordSet: ResourceRecordSet;
}

/** The content of a zone, by `recordSetKey`. */
export type ZoneContent = ReadonlyMap<string, ResourceRecordSet>;

/** What a batch is judged by besides the content of the zone. */
export interface ZoneFacts {
  readonly id: string;
  /** Canonical. */
  readonly apex: string;
  /** Comments of the protections by `groupKey`; `''` where there is none. */
  readonly protections: ReadonlyMap<string, string>;
}

/** The zone after the batch, or everything that is wrong with it; never both. */
export type BatchOutcome =
  | { readonly content: ZoneContent; readonly messages?: undefined }
  | { readonly content?: undefined; readonly messages: readonly string[] };

/** What tells one record set of a zone from every other: name, type and set identifier. */
export function recordSetKey({ Name, Type, SetIdentifier }: ResourceRecordSet): string {
  return `${groupKey(Name, Type)} ${SetIdentifier ?? ''}`;
}

/**
 * Applies a batch, all of it or nothing. The changes are made one after the other, each judged on what those before it
 * left; what they leave together must then be a zone that Route 53 takes.
 *
 * Sources: API_ChangeResourceRecordSets; DNSLimitations; rrset-protection. That an alias must come after its target
 * within a batch is seen, not documented (github.com/DNSControl/dnscontrol/issues/937).
 */
export function applyChangeBatch(content: ZoneContent, changes: readonly Change[], zone: ZoneFacts): BatchOutcome {
  const oversize = sizeFaults(changes);
  if (oversize.length > 0) return { messages: oversize };
  const next = new Map(content);
  const faults = changes.flatMap((change) => [...protectionFaults(change, zone), ...applyChange(next, change, zone)]);
  const messages = [...faults, ...contentFaults(next, zone)];
  return messages.length > 0 ? { messages } : { content: next };
}

/** Elements and characters of the whole request; those of an UPSERT count twice, an alias counts as one element. */
function sizeFaults(changes: readonly Change[]): readonly string[] {
  let records = 0;
  let characters = 0;
  for (const { Action, ResourceRecordSet: recordSet } of changes) {
    const times = Action === 'UPSERT' ? 2 : 1;
    const values = recordSet.ResourceRecords ?? [];
    records += times * (recordSet.AliasTarget === undefined ? values.length : 1);
    characters += times * values.reduce((sum, { Value }) => sum + Value.length, 0);
  }
  return [
    ...(records > MAX_RECORDS_PER_BATCH ? [`Number of records limit of ${MAX_RECORDS_PER_BATCH} exceeded.`] : []),
    ...(characters > MAX_VALUE_CHARACTERS_PER_BATCH
      ? [`Number of characters limit of ${MAX_VALUE_CHARACTERS_PER_BATCH} exceeded.`]
      : []),
  ];
}

function protectionFaults({ ResourceRecordSet: recordSet }: Change, { protections }: ZoneFacts): readonly string[] {
  const comment = protections.get(groupKey(recordSet.Name, recordSet.Type));
  if (comment === undefined) return [];
  const why = comment === '' ? '' : `: ${comment}`;
  return [`${describe(recordSet)} has a resource record set protection${why}; delete the protection first`];
}

/** Makes one change and says what is wrong with it. */
function applyChange(content: Map<string, ResourceRecordSet>, change: Change, zone: ZoneFacts): readonly string[] {
  const { Action, ResourceRecordSet: recordSet } = change;
  const key = recordSetKey(recordSet);
  const current = content.get(key);
  if (Action === 'DELETE') {
    if (current === undefined) return [`Tried to delete ${describe(recordSet)} but it was not found`];
    if (!isSame(current, recordSet)) {
      return [`Tried to delete ${describe(recordSet)} but the values provided do not match the current values`];
    }
    content.delete(key);
    return [];
  }
  if (Action === 'CREATE' && current !== undefined) {
    return [`Tried to create ${describe(recordSet)} but it already exists`];
  }
  const missing = missingTarget(content, recordSet, zone);
  content.set(key, recordSet);
  return missing;
}

function missingTarget(content: ZoneContent, recordSet: ResourceRecordSet, zone: ZoneFacts): readonly string[] {
  const target = recordSet.AliasTarget;
  if (target === undefined || bareZoneId(target.HostedZoneId) !== zone.id) return [];
  const wanted = groupKey(target.DNSName, recordSet.Type);
  if ([...content.values()].some(({ Name, Type }) => groupKey(Name, Type) === wanted)) return [];
  const name = canonicalName(target.DNSName);
  return [
    `Tried to create an alias that targets ${name}., type ${recordSet.Type} in zone ${zone.id}, but that target was not found`,
  ];
}

function contentFaults(content: ZoneContent, zone: ZoneFacts): readonly string[] {
  const recordSets = [...content.values()];
  const problems = [
    ...validateRecordSets(recordSets, { hostedZone: { Id: zone.id, Name: zone.apex } }),
    ...findUncheckedPrimaries(recordSets),
  ];
  const atApex = (Type: RecordType) => content.has(recordSetKey({ Name: zone.apex, Type }));
  return [
    ...problems.map((problem) => explain(problem, recordSets)),
    ...(atApex('SOA') ? [] : ['A HostedZone must contain exactly one SOA record.']),
    ...(atApex('NS') ? [] : ['A HostedZone must contain at least one NS record for the zone itself.']),
  ];
}

/** A problem of the whole zone, told by the record set's name instead of its place. */
function explain(problem: Problem, recordSets: readonly ResourceRecordSet[]): string {
  const recordSet = recordSets[recordSetIndexOf(problem) ?? -1];
  return recordSet === undefined ? problem.message : `${describe(recordSet)}: ${problem.message}`;
}

function describe({ Name, Type, SetIdentifier }: ResourceRecordSet): string {
  const identifier = SetIdentifier === undefined ? '' : `, set identifier='${SetIdentifier}'`;
  return `resource record set [name='${canonicalName(Name)}.', type='${Type}'${identifier}]`;
}

/** Whether two record sets say the same, names in any spelling and values in any order. */
function isSame(one: ResourceRecordSet, other: ResourceRecordSet): boolean {
  return isDeepStrictEqual(comparable(one), comparable(other));
}

function comparable({ Name, AliasTarget: alias, ResourceRecords: records, ...rest }: ResourceRecordSet): unknown {
  const said = {
    ...rest,
    Name: canonicalName(Name),
    alias: alias && [bareZoneId(alias.HostedZoneId), canonicalName(alias.DNSName), alias.EvaluateTargetHealth],
    values: records?.map(({ Value }) => Value).sort(),
  };
  // A field that is undefined says the same as one that is not there.
  return JSON.parse(JSON.stringify(said));
}
