import { applicationRegions, traitsOf } from '../config/accessors.ts';
import { names } from '../config/names.ts';
import type { ResolvedConfig } from '../config/types.ts';

/** Weight of each application Region, 0–255, as the coordination state keeps it. */
export type Weights = Readonly<Record<string, number>>;

/** Weight of a Region that has all of the traffic; rungs of the ladder are shares of it. */
export const FULL_WEIGHT = 100;

/** All of the weight on one Region. */
export function allWeightOn(config: Pick<ResolvedConfig, 'regions'>, region: string): Weights {
  return Object.fromEntries(applicationRegions(config).map((id) => [id, id === region ? FULL_WEIGHT : 0]));
}

/** The weights of an application that has never moved. */
export function homeWeights(config: Pick<ResolvedConfig, 'regions' | 'preset'>, home: string): Weights {
  if (traitsOf(config).roles === 'one-primary') return allWeightOn(config, home);
  return Object.fromEntries(applicationRegions(config).map((id) => [id, FULL_WEIGHT]));
}

/**
 * The weights once traffic has left a Region for another. Where all Regions serve, the others go on as they were; one that
 * came after the state was written serves as a new one does.
 */
export function weightsAfterShift(
  config: Pick<ResolvedConfig, 'regions' | 'preset'>,
  { weights, source, target }: { weights: Weights; source: string; target: string },
): Weights {
  if (traitsOf(config).roles === 'one-primary') return allWeightOn(config, target);
  return { ...homeWeights(config, target), ...weights, [source]: 0, [target]: FULL_WEIGHT };
}

/** A weight that a record of the zone is to have. */
export interface DesiredWeight {
  readonly name: string;
  readonly setIdentifier: string;
  readonly weight: number;
}

/**
 * A Region's own share of its active/active group; those behind it carry in equal parts what it leaves, apart from those
 * that have no weight themselves. A Region that the weights do not know yet has just been added: it answers for itself, and
 * for others once an operation has taken it into the state.
 */
export function groupWeight({
  group,
  members,
  member,
  weights,
}: {
  group: string;
  /** All of the group, the Region itself among them or not. */
  members: readonly string[];
  member: string;
  weights: Weights;
}): number {
  const own = weights[group] ?? FULL_WEIGHT;
  if (member === group) return own;
  const standIns = members.filter((id) => id !== group && (weights[id] ?? 0) > 0);
  return standIns.includes(member) ? Math.ceil((FULL_WEIGHT - own) / standIns.length) : 0;
}

/** The Regions that may answer for another: all of them, or those of its residency group. */
export function mayStandInFor(config: Pick<ResolvedConfig, 'regions' | 'routing'>, region: string): readonly string[] {
  return (residencyGroup(config, region) ?? applicationRegions(config)).filter((id) => id !== region);
}

/** The Regions that a Region's data may not leave; undefined where the config names no group for it. */
export function residencyGroup(
  { routing }: Pick<ResolvedConfig, 'routing'>,
  region: string,
): readonly string[] | undefined {
  return routing?.policy === 'geolocation' ? routing.residency.find((group) => group.includes(region)) : undefined;
}

/** The weights that a state gives to the records of the zone; none where an accelerator chooses among the Regions. */
export function desiredWeights(config: ResolvedConfig, weights: Weights): readonly DesiredWeight[] {
  const regions = applicationRegions(config);
  if (traitsOf(config).front === 'accelerator') return [];
  if (traitsOf(config).roles === 'one-primary') {
    return regions.map((id) => ({ name: names.liveRecord(config), setIdentifier: id, weight: weights[id] ?? 0 }));
  }
  return regions.flatMap((group) => {
    const members = [group, ...mayStandInFor(config, group)];
    return members.map((member) => ({
      name: names.regionalRecord(config, group),
      setIdentifier: member,
      weight: groupWeight({ group, members, member, weights }),
    }));
  });
}

/** A group whose weights would all be 0: Route 53 answers such a group in equal shares. */
export function allZeroGroup(desired: readonly DesiredWeight[]): string | undefined {
  return [...new Set(desired.map(({ name }) => name))].find((group) =>
    desired.every(({ name, weight }) => name !== group || weight === 0),
  );
}
