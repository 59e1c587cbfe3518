import { continentOf, DEFAULT_LOCATION } from '../../../core/routing/geo-locations.ts';
import type { DnsClient } from './dns-client.ts';
import type { IsEntryHealthy } from './record-health.ts';
import type { ZoneEntry } from './zone-index.ts';

/** With this probability the answer is `take` members, drawn evenly from `from`. */
export interface Pick {
  readonly probability: number;
  readonly from: readonly ZoneEntry[];
  readonly take: number;
}

/** What the group answers: picks whose probabilities sum to 1, or none where it has no answer for the client. */
export interface Selection {
  readonly picks: readonly Pick[];
  /** Why it is not what the policy alone would say; left out where it is. */
  readonly because?: string;
}

/** Everything that decides among the members of one group. */
export interface Choice {
  readonly entries: readonly ZoneEntry[];
  readonly client: DnsClient;
  readonly isHealthy: IsEntryHealthy;
}

/** Record sets in one multivalue answer, at most (DeveloperGuide routing-policy-multivalue). */
export const MAX_MULTIVALUE_ANSWERS = 8;

/** Said of a group of which nothing is healthy (rule 3). */
export const FAIL_OPEN = 'no record set of the group is healthy, so all count as healthy';

/** Policies that the twin models; the others are refused by name when a zone is read. */
export const MODELLED_POLICIES = ['simple', 'weighted', 'latency', 'failover', 'geolocation', 'multivalue'] as const;
type ModelledPolicy = (typeof MODELLED_POLICIES)[number];

const CHOOSE: Readonly<Record<ModelledPolicy, (choice: Choice) => Selection>> = {
  simple: ({ entries }) => evenly(entries),
  weighted: chooseWeighted,
  latency: chooseLatency,
  failover: chooseFailover,
  geolocation: chooseGeolocation,
  multivalue: chooseMultivalue,
};

/**
 * Chooses by the group's policy first, leaving out what is unhealthy and choosing again among the rest by the same
 * policy; where nothing is healthy, everything counts as healthy.
 *
 * Source: DeveloperGuide health-checks-how-route-53-chooses-records.
 */
export function choose(choice: Choice): Selection {
  const policy = choice.entries[0]?.policy;
  const modelled = MODELLED_POLICIES.find((known) => known === policy);
  return modelled === undefined ? { picks: [] } : CHOOSE[modelled](choice);
}

/** Zero-weight members come in only when every other is unhealthy, and stay out again when all of them are. */
function chooseWeighted({ entries, isHealthy }: Choice): Selection {
  const nonZero = entries.filter((entry) => weightOf(entry) > 0);
  const zero = entries.filter((entry) => weightOf(entry) === 0);
  const healthy = nonZero.filter(isHealthy);
  if (healthy.length > 0) return byWeight(healthy);
  const spare = zero.filter(isHealthy);
  if (spare.length > 0) {
    const because = 'every record set with a weight above 0 is unhealthy, so those of weight 0 answer';
    return nonZero.length === 0 ? evenly(spare) : { ...evenly(spare), because };
  }
  return { ...(nonZero.length > 0 ? byWeight(nonZero) : evenly(zero)), because: FAIL_OPEN };
}

/**
 * The lowest latency among the healthy. Regions whose latency to the client is unknown come after all known ones and,
 * like any equal latencies, share evenly; Route 53's own measurements are not public.
 */
function chooseLatency(choice: Choice): Selection {
  const { candidates, because } = healthyOrAll(choice);
  const latencyOf = ({ recordSet }: ZoneEntry) =>
    choice.client.latencyMs?.[recordSet.Region ?? ''] ?? Number.POSITIVE_INFINITY;
  const lowest = Math.min(...candidates.map(latencyOf));
  return { ...evenly(candidates.filter((entry) => latencyOf(entry) === lowest)), ...because };
}

function chooseFailover({ entries, isHealthy }: Choice): Selection {
  const primary = entries.find(({ recordSet }) => recordSet.Failover === 'PRIMARY');
  const secondary = entries.find(({ recordSet }) => recordSet.Failover === 'SECONDARY');
  if (primary === undefined) return evenly(entries);
  if (isHealthy(primary)) return evenly([primary]);
  if (secondary !== undefined && isHealthy(secondary)) {
    return { ...evenly([secondary]), because: 'the primary is unhealthy, so the secondary answers' };
  }
  return { ...evenly([primary]), because: 'neither is healthy, so the primary answers' };
}

/** The smallest matching location that is healthy; if none is, the smallest matching one; if none matches, no answer. */
function chooseGeolocation({ entries, client, isHealthy }: Choice): Selection {
  const matching = locationsOf(client).flatMap((location) =>
    entries.filter(({ recordSet }) => locationText(recordSet.GeoLocation) === location),
  );
  const smallest = matching[0];
  if (smallest === undefined) {
    return {
      picks: [],
      because: "no location matches the client and there is no default ('*'), so there is no answer",
    };
  }
  const healthy = matching.find(isHealthy);
  if (healthy === undefined) {
    const because = 'no matching location is healthy, so the smallest matching one answers';
    return { ...evenly([smallest]), because };
  }
  if (healthy === smallest) return evenly([healthy]);
  return { ...evenly([healthy]), because: 'a smaller matching location is unhealthy, so a larger one answers' };
}

function chooseMultivalue(choice: Choice): Selection {
  const { candidates, because } = healthyOrAll(choice);
  const take = Math.min(MAX_MULTIVALUE_ANSWERS, candidates.length);
  return { picks: [{ probability: 1, from: candidates, take }], ...because };
}

function healthyOrAll({ entries, isHealthy }: Choice): {
  readonly candidates: readonly ZoneEntry[];
  readonly because: { readonly because?: string };
} {
  const healthy = entries.filter(isHealthy);
  return healthy.length > 0
    ? { candidates: healthy, because: {} }
    : { candidates: entries, because: { because: FAIL_OPEN } };
}

function evenly(entries: readonly ZoneEntry[]): Selection {
  return { picks: entries.map((entry) => ({ probability: 1 / entries.length, from: [entry], take: 1 })) };
}

function byWeight(entries: readonly ZoneEntry[]): Selection {
  const sum = entries.reduce((total, entry) => total + weightOf(entry), 0);
  return { picks: entries.map((entry) => ({ probability: weightOf(entry) / sum, from: [entry], take: 1 })) };
}

function weightOf({ recordSet }: ZoneEntry): number {
  return recordSet.Weight ?? 0;
}

/** The locations that contain the client, smallest first, the default last. */
function locationsOf({ continent, country, subdivision }: DnsClient): readonly string[] {
  const around = continent ?? (country === undefined ? undefined : continentOf(country));
  return [
    ...(country === undefined || subdivision === undefined ? [] : [`${country}/${subdivision}`]),
    ...(country === undefined ? [] : [country]),
    ...(around === undefined ? [] : [`continent ${around}`]),
    DEFAULT_LOCATION,
  ];
}

function locationText(location: ZoneEntry['recordSet']['GeoLocation']): string | undefined {
  if (location?.ContinentCode !== undefined) return `continent ${location.ContinentCode}`;
  return location?.SubdivisionCode === undefined
    ? location?.CountryCode
    : `${location.CountryCode}/${location.SubdivisionCode}`;
}
