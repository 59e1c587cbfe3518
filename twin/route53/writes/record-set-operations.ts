import * as z from 'zod';
import { RefusedInputError } from '../../../core/errors.ts';
import { apiName, canonicalName, listingKey, parseName } from '../../../core/routing/dns-name.ts';
import type { RecordType, ResourceRecordSet } from '../../../core/routing/record-set.ts';
import { bareZoneId } from '../../../core/routing/validate-record-sets.ts';
import { recordSetShape } from '../api-shapes.ts';
import { findUnmodelled } from '../unmodelled.ts';
import { type Account, changeInfo, commitZone, type HostedZoneState } from './account.ts';
import { type ApiResult, apiError, invalidChangeBatch } from './api-error.ts';
import { applyChangeBatch, type Change } from './change-batch.ts';
import { defineOperation, type Operation, pageOf } from './operation.ts';
import { CHANGE_TOKENS } from './throttle.ts';

/** Record sets on one page, at most (API_ListResourceRecordSets). */
const MAX_LIST_ITEMS = 300;

const changeShape = z.strictObject({
  Action: z.enum(['CREATE', 'DELETE', 'UPSERT']),
  ResourceRecordSet: recordSetShape,
});

const changeRequestShape = z.strictObject({
  HostedZoneId: z.string(),
  ChangeBatch: z.strictObject({ Comment: z.string().max(256).optional(), Changes: z.array(changeShape).min(1) }),
});

const listRequestShape = z.strictObject({
  HostedZoneId: z.string(),
  StartRecordName: z.string().optional(),
  StartRecordType: z.string().optional(),
  StartRecordIdentifier: z.string().optional(),
  MaxItems: z.coerce.number().int().min(1).optional(),
});

/** `ChangeResourceRecordSets`, `ListResourceRecordSets` and `GetChange`. */
export function recordSetOperations(account: Account): Readonly<Record<string, Operation>> {
  return {
    ChangeResourceRecordSets: defineOperation(
      changeRequestShape,
      (input) => changeRecordSets(account, input),
      ({ ChangeBatch }) => ChangeBatch.Changes.reduce((sum, { Action }) => sum + CHANGE_TOKENS[Action], 0),
    ),
    ListResourceRecordSets: defineOperation(listRequestShape, (input) => listRecordSets(account, input)),
    GetChange: defineOperation(z.strictObject({ Id: z.string() }), ({ Id }) => {
      const change = account.changes.get(Id.replace(/^\/?change\//, ''));
      if (change === undefined) return apiError('NoSuchChange', `Could not find resource with ID: ${Id}`);
      return { output: { ChangeInfo: changeInfo(change, account.clock.now()) } };
    }),
  };
}

/** The zone of a request, or how the API says that there is none. */
export function findZone(account: Account, id: string): ApiResult<HostedZoneState> {
  const zone = account.zones.get(bareZoneId(id));
  return zone === undefined
    ? apiError('NoSuchHostedZone', `No hosted zone found with ID: ${bareZoneId(id)}`)
    : { output: zone };
}

/** As the API says that a zone is still being changed. */
export function refuseIfBusy(account: Account, zone: HostedZoneState): ApiResult<never> | undefined {
  if (account.clock.now() >= zone.busyUntilMs) return undefined;
  return apiError(
    'PriorRequestNotComplete',
    'The request was rejected because Route 53 was still processing a prior request.',
  );
}

function changeRecordSets(account: Account, input: z.infer<typeof changeRequestShape>): ApiResult<unknown> {
  const { output: zone, error } = findZone(account, input.HostedZoneId);
  if (zone === undefined) return { error };
  const busy = refuseIfBusy(account, zone);
  if (busy !== undefined) return busy;
  const { Changes, Comment } = input.ChangeBatch;
  const unknownCheck = findUnknownCheck(account, Changes);
  if (unknownCheck !== undefined) {
    return apiError('NoSuchHealthCheck', `A health check with id ${unknownCheck} does not exist.`);
  }
  assertModelled(Changes);
  const protections = new Map([...zone.protections].map(([key, { comment }]) => [key, comment]));
  const { content, messages } = applyChangeBatch(zone.content, Changes, { id: zone.id, apex: zone.apex, protections });
  if (content === undefined) return invalidChangeBatch(messages);
  const change = commitZone(account, zone, { content, comment: Comment });
  return { output: { ChangeInfo: changeInfo(change, account.clock.now()) } };
}

function findUnknownCheck({ healthChecks }: Account, changes: readonly Change[]): string | undefined {
  return changes
    .filter(({ Action }) => Action !== 'DELETE')
    .map(({ ResourceRecordSet: recordSet }) => recordSet.HealthCheckId)
    .find((id) => id !== undefined && !healthChecks.has(id));
}

function listRecordSets(account: Account, input: z.infer<typeof listRequestShape>): ApiResult<unknown> {
  const { output: zone, error } = findZone(account, input.HostedZoneId);
  if (zone === undefined) return { error };
  const { StartRecordName: name, StartRecordType: type, StartRecordIdentifier: identifier } = input;
  if (name === undefined && type !== undefined) {
    return apiError('InvalidInput', 'a record type to start from needs a record name to start from');
  }
  if (name !== undefined && parseName(name).fault !== undefined) {
    return apiError('InvalidInput', `the name to start from cannot be read: ${name}`);
  }
  const size = Math.min(input.MaxItems ?? MAX_LIST_ITEMS, MAX_LIST_ITEMS);
  const listed = inListingOrder([...zone.content.values()]);
  const from = name === undefined ? [] : [listingKey(canonicalName(name)), type ?? '', identifier ?? ''];
  const first = listed.findIndex(({ key }) => compareKeys(key, from) >= 0);
  const sorted = listed.map(({ recordSet }) => recordSet);
  const { page, next } = pageOf(sorted, first === -1 ? sorted.length : first, size);
  return {
    output: {
      ResourceRecordSets: page.map(asListed),
      IsTruncated: next !== undefined,
      MaxItems: size,
      ...(next === undefined ? {} : nextOf(next)),
    },
  };
}

/** By name with the labels reversed, then type, then set identifier, all as ASCII (API_ListResourceRecordSets). */
function inListingOrder(
  recordSets: readonly ResourceRecordSet[],
): readonly { readonly recordSet: ResourceRecordSet; readonly key: readonly string[] }[] {
  const keyed = recordSets.map((recordSet) => ({ recordSet, key: keyOf(recordSet) }));
  return keyed.sort((one, other) => compareKeys(one.key, other.key));
}

function keyOf({ Name, Type, SetIdentifier }: ResourceRecordSet): readonly string[] {
  return [listingKey(canonicalName(Name)), Type, SetIdentifier ?? ''];
}

function compareKeys(one: readonly string[], other: readonly string[]): number {
  for (const [index, part] of one.entries()) {
    const counterpart = other[index] ?? '';
    if (part !== counterpart) return part < counterpart ? -1 : 1;
  }
  return 0;
}

function asListed(recordSet: ResourceRecordSet): ResourceRecordSet {
  const { AliasTarget: alias } = recordSet;
  return {
    ...recordSet,
    Name: apiName(canonicalName(recordSet.Name)),
    ...(alias === undefined ? {} : { AliasTarget: { ...alias, DNSName: apiName(canonicalName(alias.DNSName)) } }),
  };
}

function nextOf({ Name, Type, SetIdentifier }: ResourceRecordSet): {
  readonly NextRecordName: string;
  readonly NextRecordType: RecordType;
  readonly NextRecordIdentifier?: string;
} {
  return {
    NextRecordName: apiName(canonicalName(Name)),
    NextRecordType: Type,
    ...(SetIdentifier === undefined ? {} : { NextRecordIdentifier: SetIdentifier }),
  };
}

/** A policy that the twin cannot answer for is a fault of its use, not a refusal of Route 53's. */
function assertModelled(changes: readonly Change[]): void {
  const problems = findUnmodelled(changes.map(({ ResourceRecordSet: recordSet }) => recordSet));
  if (problems.length > 0) throw new RefusedInputError('the change batch', problems, 'POLICY_NOT_MODELLED');
}
