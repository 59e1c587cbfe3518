import * as z from 'zod';
import { apiName, canonicalName, isWildcard, listingKey, parseName } from '../../../core/routing/dns-name.ts';
import { defaultApexRecords, NAME_SERVERS } from '../answering/default-apex-records.ts';
import { type Account, changeInfo, commitZone, createId, type HostedZoneState } from './account.ts';
import { type ApiResult, apiError } from './api-error.ts';
import { recordSetKey } from './change-batch.ts';
import { defineOperation, type Operation, pageOf } from './operation.ts';
import { findZone, refuseIfBusy } from './record-set-operations.ts';
import { HOSTED_ZONE_CHANGE_TOKENS } from './throttle.ts';

/** Hosted zones on one page, at most (API_ListHostedZones). */
const MAX_LIST_ITEMS = 100;
const LOCATION = 'https://route53.amazonaws.com/2013-04-01/hostedzone';

const createShape = z.strictObject({
  Name: z.string(),
  CallerReference: z.string().min(1).max(128),
  HostedZoneConfig: z
    .strictObject({ Comment: z.string().max(256).optional(), PrivateZone: z.boolean().optional() })
    .optional(),
  VPC: z.strictObject({ VPCRegion: z.string(), VPCId: z.string() }).optional(),
});

const maxItems = z.coerce.number().int().min(1).optional();

/** Creating, showing, listing and deleting hosted zones. */
export function hostedZoneOperations(account: Account): Readonly<Record<string, Operation>> {
  const byId = z.strictObject({ Id: z.string() });
  return {
    CreateHostedZone: defineOperation(
      createShape,
      (input) => createZone(account, input),
      () => HOSTED_ZONE_CHANGE_TOKENS,
    ),
    DeleteHostedZone: defineOperation(
      byId,
      ({ Id }) => deleteZone(account, Id),
      () => HOSTED_ZONE_CHANGE_TOKENS,
    ),
    GetHostedZone: defineOperation(byId, ({ Id }) => {
      const { output: zone, error } = findZone(account, Id);
      return zone === undefined ? { error } : { output: { HostedZone: shown(zone), DelegationSet: delegationSet() } };
    }),
    ListHostedZones: defineOperation(
      z.strictObject({ Marker: z.string().optional(), MaxItems: maxItems }),
      ({ Marker, MaxItems }) => listZones(account, Marker, MaxItems ?? MAX_LIST_ITEMS),
    ),
    ListHostedZonesByName: defineOperation(
      z.strictObject({ DNSName: z.string().optional(), HostedZoneId: z.string().optional(), MaxItems: maxItems }),
      (input) => listZonesByName(account, input),
    ),
  };
}

function createZone(account: Account, input: z.infer<typeof createShape>): ApiResult<unknown> {
  const { name, fault } = parseName(input.Name);
  if (fault !== undefined || name === '' || isWildcard(name)) {
    return apiError(
      'InvalidDomainName',
      `${input.Name} is not a valid domain name: ${fault ?? 'a zone needs a name of its own'}`,
    );
  }
  if ([...account.zones.values()].some((zone) => zone.callerReference === input.CallerReference)) {
    return apiError(
      'HostedZoneAlreadyExists',
      `A hosted zone has already been created with the specified caller reference.`,
    );
  }
  const zone: HostedZoneState = {
    id: createId('Z', account.clock.random),
    apex: name,
    callerReference: input.CallerReference,
    comment: input.HostedZoneConfig?.Comment,
    isPrivate: input.VPC !== undefined || input.HostedZoneConfig?.PrivateZone === true,
    content: new Map(),
    protections: new Map(),
    busyUntilMs: 0,
  };
  account.zones.set(zone.id, zone);
  const content = new Map(defaultApexRecords(name).map((recordSet) => [recordSetKey(recordSet), recordSet]));
  const change = commitZone(account, zone, { content });
  return {
    output: {
      HostedZone: shown(zone),
      ChangeInfo: changeInfo(change, account.clock.now()),
      DelegationSet: delegationSet(),
      Location: `${LOCATION}/${zone.id}`,
    },
  };
}

function deleteZone(account: Account, id: string): ApiResult<unknown> {
  const { output: zone, error } = findZone(account, id);
  if (zone === undefined) return { error };
  const busy = refuseIfBusy(account, zone);
  if (busy !== undefined) return busy;
  const own = new Set(defaultApexRecords(zone.apex).map(recordSetKey));
  if ([...zone.content.keys()].some((key) => !own.has(key))) {
    return apiError(
      'HostedZoneNotEmpty',
      'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
    );
  }
  if (zone.protections.size > 0) {
    return apiError(
      'HostedZoneNotEmpty',
      'The specified hosted zone has resource record set protections and so cannot be deleted.',
    );
  }
  const change = commitZone(account, zone, { content: undefined });
  account.zones.delete(zone.id);
  return { output: { ChangeInfo: changeInfo(change, account.clock.now()) } };
}

function listZones(account: Account, marker: string | undefined, size: number): ApiResult<unknown> {
  const zones = [...account.zones.values()];
  const start = marker === undefined ? 0 : zones.findIndex(({ id }) => id === marker);
  if (start === -1) return apiError('InvalidInput', `no hosted zone has the id of the marker: ${marker}`);
  const { page, next } = pageOf(zones, start, Math.min(size, MAX_LIST_ITEMS));
  return {
    output: {
      HostedZones: page.map(shown),
      Marker: marker ?? '',
      IsTruncated: next !== undefined,
      MaxItems: size,
      ...(next === undefined ? {} : { NextMarker: next.id }),
    },
  };
}

function listZonesByName(
  account: Account,
  {
    DNSName,
    HostedZoneId,
    MaxItems,
  }: {
    readonly DNSName?: string | undefined;
    readonly HostedZoneId?: string | undefined;
    readonly MaxItems?: number | undefined;
  },
): ApiResult<unknown> {
  const keyOf = (apex: string, id: string): string => `${listingKey(apex)} ${id}`;
  const zones = [...account.zones.values()].sort((one, other) =>
    keyOf(one.apex, one.id) < keyOf(other.apex, other.id) ? -1 : 1,
  );
  const from = DNSName === undefined ? '' : keyOf(canonicalName(DNSName), HostedZoneId ?? '');
  const first = zones.findIndex(({ apex, id }) => keyOf(apex, id) >= from);
  const size = Math.min(MaxItems ?? MAX_LIST_ITEMS, MAX_LIST_ITEMS);
  const { page, next } = pageOf(zones, first === -1 ? zones.length : first, size);
  return {
    output: {
      HostedZones: page.map(shown),
      ...(DNSName === undefined ? {} : { DNSName: apiName(canonicalName(DNSName)) }),
      ...(HostedZoneId === undefined ? {} : { HostedZoneId }),
      IsTruncated: next !== undefined,
      MaxItems: size,
      ...(next === undefined ? {} : { NextDNSName: apiName(next.apex), NextHostedZoneId: next.id }),
    },
  };
}

function shown({ id, apex, callerReference, comment, isPrivate, content }: HostedZoneState) {
  return {
    Id: `/hostedzone/${id}`,
    Name: apiName(apex),
    CallerReference: callerReference,
    Config: { ...(comment === undefined ? {} : { Comment: comment }), PrivateZone: isPrivate },
    ResourceRecordSetCount: content.size,
  };
}

function delegationSet() {
  return { NameServers: [...NAME_SERVERS] };
}
