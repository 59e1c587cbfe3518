import { type Classified, isProvenUndeleted, otherSide, type SideState } from './classify.ts';
import type { DifferenceClass, Resolution } from './difference.ts';
import type { Entity, RepairSides, Side, Sides } from './entity.ts';

/** A resolution, before the merge function has been asked. */
export type Ruling = Exclude<Resolution, { readonly kind: 'merge' }> | { readonly kind: 'merge' };

/** What of an entity a ruling depends on. */
export type RuledEntity = Pick<Entity, 'tier' | 'policy'>;

/** A difference that a policy is to rule on. */
export interface Dispute {
  readonly classified: Classified;
  readonly states: Sides<SideState>;
  readonly regions: Sides<string>;
  readonly cutEpochMs: number | null;
  readonly repair: RepairSides;
}

/** Rules on one difference. Where a policy cannot tell, it says why and leaves it to a person. */
export function resolve(entity: RuledEntity, dispute: Dispute): Ruling {
  switch (entity.policy) {
    case 'source-wins':
      return { kind: 'take', side: 'source' };
    case 'target-wins':
      return { kind: 'take', side: 'target' };
    case 'last-writer-wins':
      return carryMissing(entity, dispute) ?? takeLater(dispute);
    case 'merge':
      return carryMissing(entity, dispute) ?? mergeRows(dispute);
    case 'manual':
      return carryMissing(entity, dispute) ?? carryOneSided(dispute.classified);
  }
}

/**
 * A row that one side only has is copied. Where the other side may have deleted it without a trace, entities that lose
 * nothing silently ask a person.
 */
function carryMissing(entity: RuledEntity, dispute: Dispute): Ruling | undefined {
  const { classified, states, regions } = dispute;
  const has = sideThatHas(dispute);
  const row = has && states[has].row;
  if (has === undefined || row === undefined) return undefined;
  const isCareful = entity.policy === 'manual' || entity.tier === 'critical';
  if (!isCareful || isProvenUndeleted(row, states[otherSide(has)], dispute.cutEpochMs))
    return { kind: 'take', side: has };
  if (classified.changedIn === has && isTakenForNew(entity, dispute, has)) return { kind: 'take', side: has };
  const reason = `only ${regions[has]} has it, ${ageOf(dispute, has)}: ${regions[otherSide(has)]} may have deleted it`;
  return { kind: 'unresolved', reason };
}

/** The side whose row stands against nothing, or against a deletion that does not count. */
function sideThatHas({ classified, states: { source, target } }: Dispute): Side | undefined {
  const isAlone = source.tombstone === undefined && target.tombstone === undefined;
  if (!isAlone && !MISSING.has(classified.class)) return undefined;
  if (source.row === undefined) return 'target';
  return target.row === undefined ? 'source' : undefined;
}

const MISSING: ReadonlySet<DifferenceClass> = new Set(['missing-in-target', 'missing-in-source']);

/**
 * Of a row that was written since the Regions parted: that it was made since, too. Tier 1 goes by when it was made, or by a
 * deletion that does count; but a row of the source that nobody has to write anywhere stays where it is in any case.
 */
function isTakenForNew({ tier }: RuledEntity, { states, repair }: Dispute, has: Side): boolean {
  if (tier !== 'critical' || states[otherSide(has)].tombstone !== undefined) return true;
  if (repair === 'source-only' && has === 'source') return true;
  return (states[has].row?.createdAtEpochMs ?? null) !== null;
}

function ageOf({ classified, states }: Dispute, has: Side): string {
  if (classified.class === 'conflict') return 'since before the Regions parted, and changed it afterwards';
  if (classified.changedIn === 'unknown') return 'perhaps since before the Regions parted';
  if (classified.changedIn === 'neither') return 'since before the Regions parted';
  const isSilent = (states[has].row?.createdAtEpochMs ?? null) === null;
  return isSilent ? 'and nothing says when it was made (createdColumn)' : 'and wrote it since the Regions parted';
}

function carryOneSided({ changedIn }: Classified): Ruling {
  if (changedIn === 'source' || changedIn === 'target') return { kind: 'take', side: changedIn };
  return { kind: 'unresolved', reason: REASONS[changedIn] };
}

const REASONS = {
  both: 'both Regions changed it since they parted',
  neither: 'it differed before the Regions parted, so that neither side is known to be right',
  unknown: 'when it was changed, or when the Regions parted, is not known',
} as const;

function takeLater({ states, regions }: Dispute): Ruling {
  const times = { source: changedAt(states.source), target: changedAt(states.target) };
  if (times.source === null || times.target === null) {
    const silent: Side = times.source === null ? 'source' : 'target';
    return { kind: 'unresolved', reason: `the version in ${regions[silent]} does not say when it was written` };
  }
  if (times.source !== times.target) return { kind: 'take', side: times.source > times.target ? 'source' : 'target' };
  return { kind: 'take', side: regions.source < regions.target ? 'source' : 'target' };
}

function changedAt({ row, tombstone }: SideState): number | null {
  return row === undefined ? (tombstone?.deletedAtEpochMs ?? null) : row.modifiedAtEpochMs;
}

/** A function can make one of two versions; of a deletion that stands against a change it cannot. */
function mergeRows({ classified, states }: Dispute): Ruling {
  if (states.source.row !== undefined && states.target.row !== undefined) return { kind: 'merge' };
  if (classified.class === 'deleted') return carryOneSided(classified);
  const side: Side = states.source.row === undefined ? 'source' : 'target';
  const { changedIn } = classified;
  const reason = changedIn === 'unknown' ? REASONS.unknown : `deleted in ${side}, changed in ${otherSide(side)}`;
  return { kind: 'unresolved', reason };
}
