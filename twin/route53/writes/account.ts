import type { HealthCheckConfig } from '../../../core/routing/health-check.ts';
import type { DnsClient } from '../answering/dns-client.ts';
import type { NameServers } from '../answering/name-servers.ts';
import { createZoneIndex } from '../answering/zone-index.ts';
import type { HealthService } from '../health/health-service.ts';
import type { ClockPorts, DnsLocation } from '../ports.ts';
import { drawPropagation } from '../propagation.ts';
import type { ZoneContent } from './change-batch.ts';

/**
 * Milliseconds that Route 53 works on a request that changes a zone; another one for the same zone is turned away in
 * the meantime with `PriorRequestNotComplete`. Assumed. It is not the time until `INSYNC`.
 */
export const CHANGE_PROCESSING_MS = 250;

/** A hosted zone as the control plane holds it. */
export interface HostedZoneState {
  readonly id: string;
  /** Canonical. */
  readonly apex: string;
  readonly callerReference: string;
  readonly comment: string | undefined;
  readonly isPrivate: boolean;
  content: ZoneContent;
  /** Comments by group key; `''` where there is none. */
  readonly protections: Map<string, ProtectionState>;
  busyUntilMs: number;
}

/** A record set protection; the comment is `''` where there is none. */
export interface ProtectionState {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

/** A health check as the control plane holds it. */
export interface HealthCheckState {
  readonly id: string;
  readonly callerReference: string;
  readonly config: HealthCheckConfig;
  readonly version: number;
}

/** A change that was accepted. */
export interface ChangeState {
  readonly id: string;
  readonly submittedAtMs: number;
  readonly inSyncAtMs: number;
  readonly comment: string | undefined;
}

/** One AWS account's Route 53: what its control plane knows, and the data plane that it tells. */
export interface Account {
  readonly clock: ClockPorts;
  readonly locations: readonly DnsLocation[];
  readonly nameServers: NameServers;
  readonly health: HealthService;
  /** Who is behind an address or subnet, for `TestDNSAnswer`. */
  readonly clientAt: (cidr: string) => DnsClient;
  readonly zones: Map<string, HostedZoneState>;
  readonly healthChecks: Map<string, HealthCheckState>;
  readonly changes: Map<string, ChangeState>;
  /** Caller references of health checks that were deleted; they cannot be used again. */
  readonly retiredReferences: Set<string>;
}

/** Puts a zone's content in force: at once here, at each location at its own time. Gives the change that says when. */
export function commitZone(
  account: Account,
  zone: HostedZoneState,
  { content, comment }: { readonly content: ZoneContent | undefined; readonly comment?: string | undefined },
): ChangeState {
  const { clock, locations, nameServers } = account;
  const acceptedAtMs = clock.now();
  const propagation = drawPropagation(locations, clock.random);
  zone.content = content ?? new Map();
  zone.busyUntilMs = acceptedAtMs + CHANGE_PROCESSING_MS;
  const index = content === undefined ? undefined : createZoneIndex([...content.values()], zone.apex);
  const inSyncAtMs = nameServers.publish({ zoneId: zone.id, zone: index, acceptedAtMs, propagation });
  const change = {
    id: createId('C', clock.random),
    submittedAtMs: acceptedAtMs,
    inSyncAtMs,
    comment,
  };
  account.changes.set(change.id, change);
  return change;
}

/** A change as the API shows it. */
export function changeInfo({ id, submittedAtMs, inSyncAtMs, comment }: ChangeState, nowMs: number) {
  return {
    Id: `/change/${id}`,
    Status: nowMs >= inSyncAtMs ? 'INSYNC' : 'PENDING',
    SubmittedAt: new Date(submittedAtMs),
    ...(comment === undefined ? {} : { Comment: comment }),
  };
}

const ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const ID_LENGTH = 20;

/** An id of the form that Route 53 gives to zones (`Z…`) and changes (`C…`). */
export function createId(prefix: 'Z' | 'C', random: () => number): string {
  const characters = Array.from({ length: ID_LENGTH }, () => ID_CHARACTERS.charAt(Math.floor(random() * 36)));
  return `${prefix}${characters.join('')}`;
}

/** An id of the form that Route 53 gives to health checks. */
export function createUuid(random: () => number): string {
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replaceAll('x', () => Math.floor(random() * 16).toString(16));
}
