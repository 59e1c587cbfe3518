import { type Classified, otherSide, type SideState } from './classify.ts';
import type { Resolution } from './difference.ts';
import type { Policy, Side, Sides } from './entity.ts';

/** A resolution, before the merge function has been asked. */
export type Ruling = Exclude<Resolution, { readonly kind: 'merge' }> | { readonly kind: 'merge' };

/** A difference that a policy is to rule on. */
export interface Dispute {
  readonly classified: Classified;
  readonly states: Sides<SideState>;
  readonly regions: Sides<string>;
}

/** Rules on one difference. Where a policy cannot tell, it says why and leaves it to a person. */
export function resolve(policy: Policy, dispute: Dispute): Ruling {
  switch (policy) {
    case 'source-wins':
      return { kind: 'take', side: 'source' };
    case 'target-wins':
      return { kind: 'take', side: 'target' };
    case 'last-writer-wins':
      return carryMissing(dispute) ?? takeLater(dispute);
    case 'merge':
      return carryMissing(dispute) ?? mergeRows(dispute);
    case 'manual':
      return carryMissing(dispute) ?? carryOneSided(dispute.classified);
  }
}

/** A row that one side only has, and that the other did not delete later, is copied: nothing is lost by it. */
function carryMissing({ classified }: Dispute): Ruling | undefined {
  if (classified.class === 'missing-in-target') return { kind: 'take', side: 'source' };
  if (classified.class === 'missing-in-source') return { kind: 'take', side: 'target' };
  return undefined;
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
