import { canonicalName, isAtOrBelow, parentName } from '../../../core/routing/dns-name.ts';
import {
  policiesOf,
  type RecordType,
  type ResourceRecordSet,
  type RoutingPolicy,
} from '../../../core/routing/record-set.ts';
import { valueFields } from '../../../core/routing/record-value.ts';
import { DEFAULT_SOA_TTL_SECONDS } from './default-apex-records.ts';

/** A record set, prepared for answering. */
export interface ZoneEntry {
  readonly recordSet: ResourceRecordSet;
  /** Canonical. */
  readonly name: string;
  readonly policy: RoutingPolicy;
  /** `name/setIdentifier`, or the name alone for a simple record set. */
  readonly label: string;
  /** Canonical name of the alias target. */
  readonly aliasTarget?: string;
  /** True where the alias target is a name of this zone. */
  readonly targetInside: boolean;
  readonly values: readonly string[];
}

/** What a name leads to: records (perhaps through a wildcard), another zone's servers, nothing, or out of the zone. */
export type Node =
  | { readonly kind: 'found'; readonly name: string }
  | { readonly kind: 'delegated'; readonly nameServers: readonly ZoneEntry[] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'outside' };

/** One version of a zone's content, indexed by name and type. Immutable. */
export interface ZoneIndex {
  /** Canonical name of the zone; unknown for a bare list of record sets without an SOA. */
  readonly apex: string | undefined;
  /** Seconds that a resolver may keep a negative answer: the lesser of the SOA's TTL and its minimum. */
  readonly negativeTtlSeconds: number;
  readonly soa: ZoneEntry | undefined;
  group(name: string, type: RecordType): readonly ZoneEntry[] | undefined;
  /** Follows RFC 1034 §4.3.2 and RFC 4592: delegation, the name itself, the wildcard below its closest encloser. */
  find(name: string, type: RecordType): Node;
}

type Names = ReadonlyMap<string, ReadonlyMap<RecordType, readonly ZoneEntry[]>>;

/** Indexes the record sets of a zone. `apex` is canonical; left out, the SOA's name is taken where there is one. */
export function createZoneIndex(recordSets: readonly ResourceRecordSet[], zoneName?: string): ZoneIndex {
  const names = indexByName(recordSets);
  const apex = zoneName ?? [...names.keys()].find((name) => names.get(name)?.has('SOA'));
  const soa = apex === undefined ? undefined : names.get(apex)?.get('SOA')?.[0];
  const existing = withEmptyNonTerminals(names.keys(), apex);
  return {
    apex,
    soa,
    negativeTtlSeconds: negativeTtl(soa),
    group: (name, type) => names.get(name)?.get(type),
    find: (name, type) => {
      if (apex !== undefined && !isAtOrBelow(name, apex)) return { kind: 'outside' };
      return findDelegation(names, { name, type, apex }) ?? findName(names, existing, name);
    },
  };
}

function indexByName(recordSets: readonly ResourceRecordSet[]): Names {
  const present = new Set(recordSets.map((recordSet) => canonicalName(recordSet.Name)));
  const names = new Map<string, Map<RecordType, ZoneEntry[]>>();
  for (const recordSet of recordSets) {
    const entry = toEntry(recordSet, present);
    const types = names.get(entry.name) ?? new Map<RecordType, ZoneEntry[]>();
    types.set(recordSet.Type, [...(types.get(recordSet.Type) ?? []), entry]);
    names.set(entry.name, types);
  }
  return names;
}

function toEntry(recordSet: ResourceRecordSet, present: ReadonlySet<string>): ZoneEntry {
  const name = canonicalName(recordSet.Name);
  const { SetIdentifier: identifier, AliasTarget: alias } = recordSet;
  const aliasTarget = alias === undefined ? undefined : canonicalName(alias.DNSName);
  return {
    recordSet,
    name,
    policy: policiesOf(recordSet)[0] ?? 'simple',
    label: identifier === undefined ? name : `${name}/${identifier}`,
    ...(aliasTarget === undefined ? {} : { aliasTarget }),
    targetInside: aliasTarget !== undefined && present.has(aliasTarget),
    values: recordSet.ResourceRecords?.map(({ Value }) => Value) ?? [],
  };
}

/** Names that exist: those with records, and every name between one of them and the apex (RFC 4592 §2.2.2). */
function withEmptyNonTerminals(names: Iterable<string>, apex: string | undefined): ReadonlySet<string> {
  const existing = new Set<string>();
  for (const name of names) {
    for (let at = name; at !== '' && !existing.has(at); at = at === apex ? '' : parentName(at)) existing.add(at);
  }
  return existing;
}

interface Sought {
  readonly name: string;
  readonly type: RecordType;
  readonly apex: string | undefined;
}

/** The zone cut nearest the apex, at the name or above it. A DS record set at the cut belongs to the parent. */
function findDelegation(names: Names, { name, type, apex }: Sought): Node | undefined {
  if (apex === undefined) return undefined;
  let cut: Node | undefined;
  for (let at = name; at !== apex && at !== ''; at = parentName(at)) {
    const nameServers = names.get(at)?.get('NS');
    if (nameServers !== undefined && !(type === 'DS' && at === name)) cut = { kind: 'delegated', nameServers };
  }
  return cut;
}

function findName(names: Names, existing: ReadonlySet<string>, name: string): Node {
  if (existing.has(name)) return { kind: 'found', name };
  let encloser = parentName(name);
  while (encloser !== '' && !existing.has(encloser)) encloser = parentName(encloser);
  const wildcard = `*.${encloser}`;
  return names.has(wildcard) ? { kind: 'found', name: wildcard } : { kind: 'missing' };
}

/** Source: DeveloperGuide SOA-NSrecords, "negative caching" (RFC 2308 §5). */
function negativeTtl(soa: ZoneEntry | undefined): number {
  const minimum = Number(valueFields(soa?.values[0] ?? '')[6]);
  const ttl = soa?.recordSet.TTL ?? DEFAULT_SOA_TTL_SECONDS;
  return Number.isFinite(minimum) ? Math.min(ttl, minimum) : ttl;
}
