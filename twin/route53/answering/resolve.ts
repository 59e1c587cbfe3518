import { canonicalName } from '../../../core/routing/dns-name.ts';
import type { RecordType } from '../../../core/routing/record-set.ts';
import { choose, type Selection } from './choose.ts';
import type { CnameStep, Distribution, Leaf, Outcome, Question } from './distribution.ts';
import type { DnsClient } from './dns-client.ts';
import type { HealthView } from './health-view.ts';
import { createRecordHealth, type IsEntryHealthy } from './record-health.ts';
import type { ZoneEntry, ZoneIndex } from './zone-index.ts';

/**
 * Seconds that the answer of an alias to an AWS resource may be kept. 60 is documented for load balancers
 * (API_ResourceRecordSet, TTL); for other resources the guide says only "the default TTL for the resource", and the same
 * is assumed.
 */
export const AWS_TARGET_TTL_SECONDS = 60;

/** A group that was looked into on the way, for whoever wants to explain the answer. */
export interface Visit {
  readonly entries: readonly ZoneEntry[];
  readonly selection: Selection;
  readonly isHealthy: IsEntryHealthy;
}

/** One version of a zone, how its things fare, and who asks. */
export interface Situation {
  readonly zone: ZoneIndex;
  readonly health: HealthView;
  readonly client: DnsClient;
  /** Called for every group on the way, in order. */
  readonly onVisit?: (visit: Visit) => void;
}

interface Context extends Situation {
  readonly isHealthy: IsEntryHealthy;
}

/** A place on the way: the question as it stands there, and how it was reached. */
interface Place {
  readonly owner: string;
  readonly type: RecordType;
  readonly path: readonly string[];
  readonly cnames: readonly CnameStep[];
}

/** The exact probability distribution of answers to a question. Pure; deterministic in its arguments. */
export function resolve(situation: Situation, question: Question): Distribution {
  const context = { ...situation, isHealthy: createRecordHealth(situation.zone, situation.health) };
  const owner = canonicalName(question.name);
  return {
    question,
    outcomes: resolveName(context, { owner, type: question.type, path: [], cnames: [] }),
    negativeTtlSeconds: situation.zone.negativeTtlSeconds,
  };
}

function resolveName(context: Context, place: Place): readonly Outcome[] {
  const node = context.zone.find(place.owner, place.type);
  switch (node.kind) {
    case 'outside':
      return [nothing(place, 'REFUSED')];
    case 'missing':
      return [nothing(place, 'NXDOMAIN')];
    case 'delegated':
      return [{ ...nothing(place, 'NOERROR'), delegation: node.nameServers }];
    case 'found':
      return resolveNode(context, place, node.name);
  }
}

function resolveNode(context: Context, place: Place, name: string): readonly Outcome[] {
  const group = context.zone.group(name, place.type);
  if (group !== undefined) return resolveGroup(context, place, group);
  const cnames = context.zone.group(name, 'CNAME');
  if (cnames === undefined) return [nothing(place, 'NOERROR')];
  return resolveGroup(context, { ...place, type: 'CNAME' }, cnames).flatMap((outcome) =>
    followCname(context, place, outcome),
  );
}

function resolveGroup(context: Context, place: Place, entries: readonly ZoneEntry[]): readonly Outcome[] {
  const selection = choose({ entries, client: context.client, isHealthy: context.isHealthy });
  context.onVisit?.({ entries, selection, isHealthy: context.isHealthy });
  if (selection.picks.length === 0) return [nothing(place, 'NOERROR')];
  return selection.picks.flatMap(({ probability, from, take }) => {
    const [first] = from;
    const branch = first?.targetInside ? resolveAlias(context, place, first) : undefined;
    if (branch !== undefined) {
      return branch.map((outcome) => ({ ...outcome, probability: outcome.probability * probability }));
    }
    const leaves = from.map((entry) => toLeaf(entry, place.path));
    return [{ probability, rcode: 'NOERROR', owner: place.owner, from: leaves, take, cnames: place.cnames }];
  });
}

/** Goes on in the group that an alias points to; Route 53 answers as if that had been asked for. */
function resolveAlias(context: Context, place: Place, alias: ZoneEntry): readonly Outcome[] {
  const group = context.zone.group(alias.aliasTarget ?? '', place.type);
  // A missing target or a loop, both of which the API refuses, leads nowhere.
  if (group === undefined || place.path.includes(alias.label)) return [nothing(place, 'NOERROR')];
  return resolveGroup(context, { ...place, path: [...place.path, alias.label] }, group);
}

/** Asks on at a CNAME's target as long as that is in the zone; elsewhere the CNAME itself is the answer. */
function followCname(context: Context, place: Place, outcome: Outcome): readonly Outcome[] {
  const [leaf] = outcome.from;
  const [value] = leaf?.values ?? [];
  if (leaf === undefined || value === undefined || leaf.entry.recordSet.AliasTarget !== undefined) return [outcome];
  const target = canonicalName(value);
  const visited = target === place.owner || place.cnames.some((step) => step.owner === target);
  const node = context.zone.find(target, place.type);
  const leaves = node.kind === 'outside' || node.kind === 'delegated';
  // Without a known apex a name without records may as well belong to another zone.
  if (visited || leaves || (node.kind === 'missing' && context.zone.apex === undefined)) return [outcome];
  const step = { owner: place.owner, target, ttlSeconds: leaf.ttlSeconds };
  const next = { ...place, owner: target, path: leaf.path, cnames: [...place.cnames, step] };
  return resolveName(context, next).map((further) => ({
    ...further,
    probability: further.probability * outcome.probability,
  }));
}

function toLeaf(entry: ZoneEntry, path: readonly string[]): Leaf {
  const { AliasTarget, TTL } = entry.recordSet;
  return {
    entry,
    path: [...path, entry.label],
    values: AliasTarget === undefined ? entry.values : [AliasTarget.DNSName],
    ttlSeconds: AliasTarget === undefined ? (TTL ?? 0) : AWS_TARGET_TTL_SECONDS,
  };
}

function nothing({ owner, cnames }: Place, rcode: Outcome['rcode']): Outcome {
  return { probability: 1, rcode, owner, from: [], take: 0, cnames };
}
