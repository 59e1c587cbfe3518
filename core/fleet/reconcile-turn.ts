import { fleetOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';

/**
 * Requests that an account may go on making of the Route 53 API, per second.
 *
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/throttling-api-requests.html (bucket refill rate)
 */
export const ROUTE53_REQUESTS_PER_SECOND = 10;
/** Requests of one reconciler that has something to write: two listings of a name and a change (adapters/aws/route53-records.ts). */
const REQUESTS_PER_TURN = 3;
/** Share of that which reconcilers take: their turns fall unevenly, and operations and people need the rest (assumed). */
const SHARE = 0.25;
const MINUTE_MS = 60_000;

/** Applications whose reconcilers may ask Route 53 within one minute. */
export const TURNS_PER_MINUTE = Math.floor((ROUTE53_REQUESTS_PER_SECOND * 60 * SHARE) / REQUESTS_PER_TURN);

/** Minutes in which every member of a fleet of that size has had its turn once. */
export function turnMinutes(members: number): number {
  return Math.ceil(members / TURNS_PER_MINUTE);
}

/**
 * Whether an application's reconciler may ask Route 53 in this minute. One by itself always may; members of a fleet take
 * turns, so that all of them together stay within the account's rate.
 */
export function isTurn(config: Pick<ResolvedConfig, 'application' | 'evacuation'>, nowEpochMs: number): boolean {
  const turns = turnMinutes(fleetOf(config)?.members ?? 1);
  return Math.floor(nowEpochMs / MINUTE_MS) % turns === placeOf(config.application) % turns;
}

/** A number from a name, spread evenly: FNV-1a, 32 bits. */
function placeOf(name: string): number {
  let place = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) place = Math.imul(place ^ name.charCodeAt(index), 0x01000193);
  return place >>> 0;
}
