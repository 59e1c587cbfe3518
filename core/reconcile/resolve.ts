import { type Classified, otherSide, type SideState } from './classify.ts';
import type { DifferenceClass, Resolution } from './difference.ts';
import type { Entity, Side, Sides } from './entity.ts';

/** A resolution, before the merge function has been asked. */
export type Ruling = Exclude<Resolution, { readonly kind: 'merge' }> | { readonly kind: 'merge' };

/** What of an entity a ruling depends on. */
export type RuledEntity = Pick<Entity, 'tier' | 'policy' | 'tombstones'>;

/** A difference that a policy is to rule on. */
export interface Dispute {
  readonly classified: Classified;
  readonly states: Sides<SideState>;
  readonly regions: Sides<string>;
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
 * A row that one side only has is copied. Where it is older than the parting, the other side may have deleted it without
 * a trace: entities that lose nothing silently then ask a person, unless a table of deletions proves that it did not.
 */
function carryMissing(entity: RuledEntity, { classified, regions }: Dispute): Ruling | undefined {
  const has = MISSING_BESIDE[classified.class];
  if (has === undefined) return undefined;
  const isCareful = entity.policy === 'manual' || entity.tier === 'critical';
  if (!isCareful || classified.changedIn === has || entity.tombstones !== undefined) return { kind: 'take', side: has };
  const since = classified.changedIn === 'unknown' ? 'perhaps since before' : 'since before';
  const reason = `only ${regions[has]} has it, ${since} the Regions parted: ${regions[otherSide(has)]} may have deleted it`;
  return { kind: 'unresolved', reason };
}

/** By class, the side that has the row. */
const MISSING_BESIDE: Readonly<Partial<Record<DifferenceClass, Side>>> = {
  'missing-in-target': 'source',
  'missing-in-source': 'target',
};

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
