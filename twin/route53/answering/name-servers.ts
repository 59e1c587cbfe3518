import { canonicalName, isAtOrBelow } from '../../../core/routing/dns-name.ts';
import type { DnsLocation } from '../ports.ts';
import type { Propagation } from '../propagation.ts';
import type { Distribution, Question } from './distribution.ts';
import type { DnsClient } from './dns-client.ts';
import type { HealthView } from './health-view.ts';
import { resolve } from './resolve.ts';
import { createSampler, type DnsAnswer, type Sampler } from './sample.ts';
import type { ZoneIndex } from './zone-index.ts';

/** One query, where and when it arrives. */
export interface Query {
  readonly location: DnsLocation;
  readonly question: Question;
  /** Answers are kept per client object, so one object per kind of client makes them fast. */
  readonly client: DnsClient;
  readonly nowMs: number;
}

/** The authoritative servers: at every location a version of each zone, and answers from it. */
export interface NameServers {
  /**
   * Sends a new version of a zone to all locations, each at its own time; nothing for a zone that is deleted.
   *
   * @returns when the last location has it, in epoch milliseconds
   */
  publish(version: PublishedVersion): number;
  /** Drops what was computed for a location, because health changed there. */
  forget(location: DnsLocation): void;
  answer(query: Query, random: () => number): DnsAnswer;
  distribution(query: Query): Distribution;
}

/** A zone as it is from some moment on. */
export interface PublishedVersion {
  readonly zoneId: string;
  readonly zone: ZoneIndex | undefined;
  readonly acceptedAtMs: number;
  /** Left out, every location has it at once. */
  readonly propagation?: Propagation;
}

/** Questions of one client that are kept at a location; names that do not exist are without number. */
const MAX_KEPT_QUESTIONS = 10_000;

interface Arrival {
  readonly atMs: number;
  readonly zoneId: string;
  readonly zone: ZoneIndex | undefined;
}

/** What one location holds. */
interface Servers {
  readonly zones: Map<string, ZoneIndex>;
  /** Versions under way, by arrival. */
  arrivals: Arrival[];
  samplers: WeakMap<DnsClient, Map<string, Sampler>>;
}

/**
 * Servers that hold no zone yet, at each of the locations.
 *
 * @param healthAt the health of things as a location sees it
 * @param onArrival told when a version will arrive at a location
 */
export function createNameServers(
  locations: readonly DnsLocation[],
  healthAt: (location: DnsLocation) => HealthView,
  onArrival: (location: DnsLocation, atMs: number) => void = () => undefined,
): NameServers {
  const servers = new Map<DnsLocation, Servers>(
    locations.map((location) => [location, { zones: new Map(), arrivals: [], samplers: new WeakMap() }]),
  );
  const serversAt = (location: DnsLocation): Servers => {
    const found = servers.get(location);
    if (found === undefined) throw new RangeError(`no DNS location ${location}; known: ${locations.join(', ')}`);
    return found;
  };

  const distribution = ({ location, question, client, nowMs }: Query): Distribution => {
    const at = serversAt(location);
    receive(at, nowMs);
    const zone = zoneOf(at, canonicalName(question.name));
    return zone === undefined ? refusal(question) : resolve({ zone, health: healthAt(location), client }, question);
  };

  return {
    distribution,
    publish: ({ zoneId, zone, acceptedAtMs, propagation }) => {
      const arrivals = [...servers].map(([location, at]) => {
        const delayMs = propagation?.delaysMs.get(location) ?? 0;
        const atMs = addArrival(at, { atMs: acceptedAtMs + delayMs, zoneId, zone });
        onArrival(location, atMs);
        return atMs;
      });
      return Math.max(...arrivals);
    },
    forget: (location) => {
      serversAt(location).samplers = new WeakMap();
    },
    answer: (query, random) => {
      const at = serversAt(query.location);
      receive(at, query.nowMs);
      return keptSampler(at, query, distribution).draw(random);
    },
  };
}

/** The sampler for a question of a client, computed where it is not kept. */
function keptSampler(at: Servers, query: Query, distribution: (query: Query) => Distribution): Sampler {
  const { client, question } = query;
  const samplers = at.samplers.get(client) ?? new Map<string, Sampler>();
  at.samplers.set(client, samplers);
  const key = `${question.type} ${question.name}`;
  const kept = samplers.get(key);
  if (kept !== undefined) return kept;
  if (samplers.size >= MAX_KEPT_QUESTIONS) samplers.clear();
  const sampler = createSampler(distribution(query));
  samplers.set(key, sampler);
  return sampler;
}

/** Versions of one zone never overtake each other on their way to a location. */
function addArrival(at: Servers, arrival: Arrival): number {
  const before = at.arrivals.filter(({ zoneId }) => zoneId === arrival.zoneId).map(({ atMs }) => atMs);
  const atMs = Math.max(arrival.atMs, ...before);
  at.arrivals.push({ ...arrival, atMs });
  at.arrivals.sort((one, other) => one.atMs - other.atMs);
  return atMs;
}

/** Takes the versions that have arrived by now. */
function receive(at: Servers, nowMs: number): void {
  for (let next = at.arrivals[0]; next !== undefined && next.atMs <= nowMs; next = at.arrivals[0]) {
    at.arrivals.shift();
    if (next.zone === undefined) at.zones.delete(next.zoneId);
    else at.zones.set(next.zoneId, next.zone);
    at.samplers = new WeakMap();
  }
}

/** The zone with the longest name that contains the name. */
function zoneOf({ zones }: Servers, name: string): ZoneIndex | undefined {
  return [...zones.values()]
    .filter(({ apex = '' }) => isAtOrBelow(name, apex))
    .sort((one, other) => (other.apex ?? '').length - (one.apex ?? '').length)[0];
}

function refusal(question: Question): Distribution {
  const outcome = { probability: 1, rcode: 'REFUSED', owner: question.name, from: [], take: 0, cnames: [] } as const;
  return { question, outcomes: [outcome], negativeTtlSeconds: 0 };
}
