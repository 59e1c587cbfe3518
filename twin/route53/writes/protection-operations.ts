import * as z from 'zod';
import { apiName, canonicalName, isAtOrBelow, listingKey, parseName } from '../../../core/routing/dns-name.ts';
import { groupKey } from '../../../core/routing/record-groups.ts';
import { RECORD_TYPES, type RecordType } from '../../../core/routing/record-set.ts';
import type { Account, HostedZoneState, ProtectionState } from './account.ts';
import { type ApiResult, apiError, type ProtectionFault } from './api-error.ts';
import { defineOperation, type Operation, pageOf } from './operation.ts';
import { findZone } from './record-set-operations.ts';

/** Protections in one request, and on one page of a list, at most (API_CreateResourceRecordSetProtections, API_List…). */
const MAX_PER_REQUEST = 100;
const MAX_LIST_ITEMS = 300;

const keyShape = z.strictObject({ RecordName: z.string(), RecordType: z.enum(RECORD_TYPES) });
const configShape = keyShape.extend({ Comment: z.string().max(256).optional() });

/** Creating, deleting and listing record set protections. Each request is all or nothing. */
export function protectionOperations(account: Account): Readonly<Record<string, Operation>> {
  return {
    CreateResourceRecordSetProtections: defineOperation(
      z.strictObject({ HostedZoneId: z.string(), Protections: z.array(configShape).min(1).max(MAX_PER_REQUEST) }),
      ({ HostedZoneId, Protections }) => create(account, HostedZoneId, Protections),
    ),
    DeleteResourceRecordSetProtections: defineOperation(
      z.strictObject({ HostedZoneId: z.string(), Protections: z.array(keyShape).min(1).max(MAX_PER_REQUEST) }),
      ({ HostedZoneId, Protections }) => remove(account, HostedZoneId, Protections),
    ),
    ListResourceRecordSetProtections: defineOperation(
      z.strictObject({
        HostedZoneId: z.string(),
        StartRecordName: z.string().optional(),
        StartRecordType: z.string().optional(),
        MaxResults: z.coerce.number().int().min(1).optional(),
        NextToken: z.string().optional(),
      }),
      (input) => list(account, input),
    ),
  };
}

type Key = z.infer<typeof keyShape>;

function create(account: Account, zoneId: string, entries: readonly z.infer<typeof configShape>[]): ApiResult<unknown> {
  const { output: zone, error } = findZone(account, zoneId);
  if (zone === undefined) return { error };
  const invalid = invalidEntries(zone, entries);
  if (invalid.length > 0) return refusal(invalid);
  const existing = entries
    .filter((entry) => zone.protections.has(keyOf(entry)))
    .map((entry) => fault(entry, 'ProtectionAlreadyExists', 'a protection already exists for the name and type'));
  if (existing.length === entries.length) {
    const message = 'A protection already exists for every name and type in the request.';
    return apiError('ProtectionAlreadyExists', message, { errors: existing });
  }
  if (existing.length > 0) return refusal(existing);
  for (const { RecordName, RecordType, Comment = '' } of entries) {
    const name = canonicalName(RecordName);
    zone.protections.set(groupKey(name, RecordType), { name, type: RecordType, comment: Comment });
  }
  return { output: {} };
}

function remove(account: Account, zoneId: string, entries: readonly Key[]): ApiResult<unknown> {
  const { output: zone, error } = findZone(account, zoneId);
  if (zone === undefined) return { error };
  const missing = entries
    .filter((entry) => !zone.protections.has(keyOf(entry)))
    .map((entry) => fault(entry, 'ProtectionNotFound', 'no protection exists for the name and type'));
  const faults = [...invalidEntries(zone, entries), ...missing];
  if (faults.length > 0) return refusal(faults);
  for (const entry of entries) zone.protections.delete(keyOf(entry));
  return { output: {} };
}

interface ListInput {
  readonly HostedZoneId: string;
  readonly StartRecordName?: string | undefined;
  readonly StartRecordType?: string | undefined;
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

function list(account: Account, input: ListInput): ApiResult<unknown> {
  const { output: zone, error } = findZone(account, input.HostedZoneId);
  if (zone === undefined) return { error };
  const { StartRecordName: name, StartRecordType: type, NextToken: token } = input;
  if (token === undefined && type !== undefined && name === undefined) {
    return apiError('InvalidInput', 'a record type to start from needs a record name to start from');
  }
  const sorted = [...zone.protections.values()].sort((one, other) => (listKey(one) < listKey(other) ? -1 : 1));
  const from = token ?? (name === undefined ? '' : listKey({ name: canonicalName(name), type: type ?? '' }));
  const first = sorted.findIndex((protection) => listKey(protection) >= from);
  const size = Math.min(input.MaxResults ?? MAX_LIST_ITEMS, MAX_LIST_ITEMS);
  const { page, next } = pageOf(sorted, first === -1 ? sorted.length : first, size);
  return {
    output: {
      ResourceRecordSetProtections: page.map(shown),
      ...(next === undefined ? {} : { NextToken: listKey(next) }),
    },
  };
}

/** Entries that could not be protected whatever exists: outside the zone, no name at all, or named twice. */
function invalidEntries({ apex }: HostedZoneState, entries: readonly Key[]): readonly ProtectionFault[] {
  return entries.flatMap((entry, index) => {
    const { name, fault: unreadable } = parseName(entry.RecordName);
    if (name === undefined) return [fault(entry, 'InvalidInput', unreadable)];
    if (!isAtOrBelow(name, apex)) return [fault(entry, 'InvalidInput', 'the name is not in the hosted zone')];
    const first = entries.findIndex((other) => keyOf(other) === keyOf(entry));
    return first < index ? [fault(entry, 'InvalidInput', 'the name and type appear more than once')] : [];
  });
}

function refusal(errors: readonly ProtectionFault[]): ApiResult<never> {
  const message = 'One or more entries of the request could not be processed.';
  return apiError('InvalidResourceRecordSetProtectionBatch', message, { errors });
}

function fault({ RecordName, RecordType }: Key, Code: ProtectionFault['Code'], Message: string): ProtectionFault {
  return { RecordName, RecordType, Code, Message };
}

function keyOf({ RecordName, RecordType }: Key): string {
  return groupKey(RecordName, RecordType);
}

function listKey({ name, type }: Pick<ProtectionState, 'name' | 'type'>): string {
  return `${listingKey(name)} ${type}`;
}

function shown({ name, type, comment }: ProtectionState) {
  return { RecordName: apiName(name), RecordType: type as RecordType, ...(comment === '' ? {} : { Comment: comment }) };
}
