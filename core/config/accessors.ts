import { oncePer } from '../once-per.ts';
import { parentName } from '../routing/dns-name.ts';
import type { Check } from './checks.ts';
import { PRESET_TRAITS, type PresetTraits } from './preset.ts';
import type { RegionConfig, ResolvedConfig } from './types.ts';

/** A check together with its name. */
export interface NamedCheck {
  readonly name: string;
  readonly check: Check;
}

/** The rows of the check table that are in force. */
export function checksOf({ checks }: Pick<ResolvedConfig, 'checks'>): readonly NamedCheck[] {
  return namedChecks(checks);
}

const namedChecks = oncePer((checks: ResolvedConfig['checks']): readonly NamedCheck[] =>
  Object.entries(checks).flatMap(([name, check]) => (check === false ? [] : [{ name, check: check as Check }])),
);

/** The Regions in which the application runs, in order of preference. */
export function applicationRegions({ regions }: Pick<ResolvedConfig, 'regions'>): readonly string[] {
  return regions.map(({ id }) => id);
}

/** Members of the strongly consistent table: its replicas and, where there is one, its witness. */
export function coordinationMembers({ coordination }: Pick<ResolvedConfig, 'coordination'>): readonly string[] {
  const { replicas = [], witness } = coordination ?? {};
  return [...replicas, ...(witness === undefined ? [] : [witness])];
}

/**
 * Every Region with an observer. Vantages come first and the standby Regions last, so that a decider, which runs in a
 * standby Region, probes and decides after the others have reported.
 */
export const observersOf = oncePer(
  ({ regions, vantages }: Pick<ResolvedConfig, 'regions' | 'vantages'>): readonly string[] => {
    const standbysLast = regions.toSorted((a, b) => Number(a.role === 'standby') - Number(b.role === 'standby'));
    return [...vantages, ...applicationRegions({ regions: standbysLast })];
  },
);

/**
 * Fresh verdicts about a subject that must agree: a majority of the observers configured, and at least two. The
 * subject's own observer counts only while it speaks, since a dead Region takes its observer with it; so two vantages
 * survive one that is silent as well (docs/adr/0004-quorum.md).
 */
export function quorumOf(config: Pick<ResolvedConfig, 'regions' | 'vantages'>, subjectSpeaks: boolean): number {
  const voters = observersOf(config).length - (subjectSpeaks ? 0 : 1);
  return Math.max(2, Math.floor(voters / 2) + 1);
}

/** Where traffic starts: the primary, or the first of the active Regions. */
export function homeRegion({ regions }: Pick<ResolvedConfig, 'regions'>): RegionConfig {
  const home = regions.find(({ role }) => role === 'primary') ?? regions[0];
  if (home === undefined) throw new RangeError('a resolved config has at least two Regions');
  return home;
}

/** The Region with that id, undefined where the application does not run there. */
export function findRegion({ regions }: Pick<ResolvedConfig, 'regions'>, id: string): RegionConfig | undefined {
  return regions.find((region) => region.id === id);
}

/** The two Regions that hold a Region's evacuation switch. */
export function guardiansOf(
  { evacuation }: { readonly evacuation: Pick<ResolvedConfig['evacuation'], 'guardians'> },
  region: string,
): readonly string[] {
  return evacuation.guardians[region] ?? [];
}

/**
 * The Region of the records' stack and of the live weights: where the coordination table is defined, or the first
 * Region of an application that has none.
 */
export function routingRegion(config: Pick<ResolvedConfig, 'coordination' | 'regions'>): string {
  const [first] = config.coordination?.replicas ?? applicationRegions(config);
  if (first === undefined) throw new RangeError('a resolved config has at least two Regions');
  return first;
}

/** Name of the zone that holds the record: the record's parent where none is given. */
export function zoneNameOf({
  record,
  hostedZoneName,
}: {
  readonly record: string;
  readonly hostedZoneName?: string | undefined;
}): string {
  return hostedZoneName ?? parentName(record);
}

/** What the config's preset decides. */
export function traitsOf({ preset }: Pick<ResolvedConfig, 'preset'>): PresetTraits {
  return PRESET_TRAITS[preset];
}

/** Identifier of the member of the Aurora global cluster in a Region: as given, or named after the global cluster. */
export function memberCluster(
  { globalCluster, clusters }: Extract<ResolvedConfig['data'], { adapter: 'aurora-global' }>,
  region: string,
): string {
  return clusters?.[region] ?? `${globalCluster}-${region}`;
}

/** The fleet whose switch moves this application too; undefined where it is moved by its own alone. */
export function fleetOf({ evacuation }: Pick<ResolvedConfig, 'evacuation'>): ResolvedConfig['evacuation']['fleet'] {
  return evacuation.scopes.includes('fleet') ? evacuation.fleet : undefined;
}
