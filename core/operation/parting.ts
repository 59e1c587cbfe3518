import type { ApplicationState, Parting } from './application-state.ts';
import { findEvent, type OperationRecord, type Snapshot } from './operation-record.ts';
import type { Transition } from './transitions.ts';

/**
 * Up to when the target of a failover is known to hold every write of its source, epoch ms: what was written later may be
 * on one side alone. In planned work that is the fence, before which the lag was waited down; otherwise the lag that was
 * measured last, counted back from its measurement. `null` where nothing was measured.
 */
export function partedAt(record: Pick<OperationRecord, 'request' | 'events'>, fencedAtEpochMs: number): number | null {
  if (record.request.mode === 'planned') return fencedAtEpochMs;
  const { lagSeconds, lagMeasuredAtEpochMs } = findEvent(record, 'validate-target', 'done')?.detail ?? {};
  if (typeof lagSeconds !== 'number' || typeof lagMeasuredAtEpochMs !== 'number') return null;
  return Math.min(fencedAtEpochMs, Math.floor(lagMeasuredAtEpochMs - lagSeconds * 1000));
}

/**
 * Since when Regions may differ once they part again: a parting that no reconciliation has settled stays the earliest one,
 * since a Region that was left before it may still hold what only it was given. Items of older versions say nothing: there
 * nobody knows, unless the application stood where it belongs.
 */
export function earliestParting(
  { phase, partedAtEpochMs = unsaid(phase) }: Pick<Snapshot, 'phase' | 'partedAtEpochMs'>,
  partedNowEpochMs: number | null,
): Parting {
  if (partedAtEpochMs === 'agreed') return partedNowEpochMs;
  if (partedAtEpochMs === null || partedNowEpochMs === null) return null;
  return Math.min(partedAtEpochMs, partedNowEpochMs);
}

/** What to go back to where a fence is taken back before anybody wrote elsewhere: the Regions have not parted by it. */
export function partingBefore({ phase, partedAtEpochMs = unsaid(phase) }: Snapshot): Parting {
  return partedAtEpochMs;
}

/** The cut of a comparison; `null` where nobody knows. */
export function cutOf({ partedAtEpochMs }: Pick<ApplicationState, 'partedAtEpochMs'>): number | null {
  return typeof partedAtEpochMs === 'number' ? partedAtEpochMs : null;
}

/**
 * Whether the end of a failback leaves no Region that may differ: it found the data of both in agreement, and no other
 * Region has been left since and not come back.
 */
export function hasSettledParting(
  { kind, request, events }: Pick<OperationRecord, 'kind' | 'request' | 'events'>,
  { evacuated }: Pick<ApplicationState, 'evacuated'>,
): boolean {
  const compared = findEvent({ events }, 'reconcile-data', 'done')?.detail['comparison'];
  const leftBesides = evacuated.filter((region) => region !== request.source && region !== request.target);
  return kind === 'failback' && compared === 'AGREED' && leftBesides.length === 0;
}

/** The same transition, which also says since when Regions may differ. */
export function withParting({ expect, set }: Transition, partedAtEpochMs: Parting): Transition {
  return { expect, set: { ...set, partedAtEpochMs } };
}

function unsaid(phase: Snapshot['phase']): Parting {
  return phase === 'STEADY' ? 'agreed' : null;
}
