import type { DifferenceClass, Stamp } from './difference.ts';
import type { Side, Sides } from './entity.ts';
import type { RowVersion, Tombstone } from './table.ts';

/** What a side has under one key. */
export interface SideState {
  readonly row: RowVersion | undefined;
  readonly tombstone: Tombstone | undefined;
  /** Since when its deletions are known, epoch ms; `null` or left out where they are not. */
  readonly tombstonesSinceEpochMs?: number | null | undefined;
}

/** What differs, and who changed it. */
export interface Classified {
  readonly class: DifferenceClass;
  readonly changedIn: Side | 'both' | 'neither' | 'unknown';
}

/**
 * Names the difference between what two sides have under one key; undefined where there is none. What was written at the
 * very moment of the cut counts as written after it: that asks a person rather than nobody.
 *
 * @param cutEpochMs when the Regions parted; `null` where nobody knows
 */
export function classify(states: Sides<SideState>, cutEpochMs: number | null): Classified | undefined {
  const { source, target } = states;
  if (source.row !== undefined && target.row !== undefined) {
    return source.row.digest === target.row.digest ? undefined : classifyRows(source.row, target.row, cutEpochMs);
  }
  if (source.row !== undefined) return classifyAbsence(source.row, target, { has: 'source', cutEpochMs });
  if (target.row !== undefined) return classifyAbsence(target.row, source, { has: 'target', cutEpochMs });
  return undefined;
}

/**
 * Whether a side that has neither the row nor a tombstone is known not to have deleted it: its tombstones reach back to when
 * the row was last known to be the same on both sides.
 */
export function isProvenUndeleted(row: RowVersion, absent: SideState, cutEpochMs: number | null): boolean {
  const since = absent.tombstonesSinceEpochMs ?? Number.POSITIVE_INFINITY;
  const { modifiedAtEpochMs } = row;
  return modifiedAtEpochMs !== null && since <= Math.min(modifiedAtEpochMs, cutEpochMs ?? modifiedAtEpochMs);
}

/** How a side stands, without its content. */
export function stampOf({ row, tombstone }: SideState): Stamp {
  if (row !== undefined) return { kind: 'row', digest: row.digest, modifiedAtEpochMs: row.modifiedAtEpochMs };
  if (tombstone !== undefined) return { kind: 'tombstone', deletedAtEpochMs: tombstone.deletedAtEpochMs };
  return { kind: 'nothing' };
}

/** The side that is not this one. */
export function otherSide(side: Side): Side {
  return side === 'source' ? 'target' : 'source';
}

function classifyRows(source: RowVersion, target: RowVersion, cutEpochMs: number | null): Classified {
  const [here, there] = [isAfter(source.modifiedAtEpochMs, cutEpochMs), isAfter(target.modifiedAtEpochMs, cutEpochMs)];
  if (here === undefined || there === undefined) return { class: 'conflict', changedIn: 'unknown' };
  if (here && there) return { class: 'conflict', changedIn: 'both' };
  return { class: 'mismatch', changedIn: here ? 'source' : there ? 'target' : 'neither' };
}

interface Absence {
  readonly has: Side;
  readonly cutEpochMs: number | null;
}

/** One side has the row, the other has not, and says when it deleted it or does not. */
function classifyAbsence(row: RowVersion, absent: SideState, { has, cutEpochMs }: Absence): Classified {
  const { tombstone } = absent;
  const missing = has === 'source' ? 'missing-in-target' : 'missing-in-source';
  const changed = isAfter(row.modifiedAtEpochMs, cutEpochMs);
  if (tombstone === undefined) {
    const isOld = changed === true && isAfter(row.createdAtEpochMs ?? null, cutEpochMs) === false;
    if (isOld && !isProvenUndeleted(row, absent, cutEpochMs)) return { class: 'conflict', changedIn: 'unknown' };
    return { class: missing, changedIn: changed === undefined ? 'unknown' : changed ? has : 'neither' };
  }
  const deleted = isAfter(tombstone.deletedAtEpochMs, cutEpochMs);
  if (changed === undefined || deleted === undefined) return { class: 'conflict', changedIn: 'unknown' };
  if (changed && deleted) return { class: 'conflict', changedIn: 'both' };
  if (changed) return { class: missing, changedIn: has };
  if (deleted) return { class: 'deleted', changedIn: otherSide(has) };
  const isNewer = tombstone.deletedAtEpochMs > (row.modifiedAtEpochMs ?? Number.NEGATIVE_INFINITY);
  return { class: isNewer ? 'deleted' : missing, changedIn: 'neither' };
}

function isAfter(atEpochMs: number | null, cutEpochMs: number | null): boolean | undefined {
  return atEpochMs === null || cutEpochMs === null ? undefined : atEpochMs >= cutEpochMs;
}
