import type { ApplicationState } from '../operation/application-state.ts';
import { findEvent, findStanding, type OperationRecord } from '../operation/operation-record.ts';

/** Where a member stands with a Region that the fleet is leaving. */
export interface MemberStanding {
  /** `fenced`: nobody commits there in its name any more, on record. `failed`: it will not come to that by itself. */
  readonly standing: 'fenced' | 'waiting' | 'failed';
  readonly reason: string;
}

/** What is known of a member. */
export interface MemberSight {
  readonly state: ApplicationState;
  /** The operation that the fleet has started for it; undefined until it is opened. */
  readonly own: OperationRecord | undefined;
  /** The operation that holds it, where that is another one. */
  readonly holding: OperationRecord | undefined;
  /** The Region that the fleet is leaving. */
  readonly source: string;
}

/**
 * Judges whether DNS may take a member out of a Region: only with the fence on record, whichever operation put it there;
 * a member that neither serves nor writes there has nothing to lose.
 */
export function memberStanding({ state, own, holding, source }: MemberSight): MemberStanding {
  if (state.activeRegion !== source && state.writerRegion !== source) {
    return { standing: 'fenced', reason: `serves from ${state.activeRegion}` };
  }
  const fencing = [own, holding].find((record) => record?.operationId === state.operationId);
  if (fencing?.kind === 'failover' && fencing.request.source === source && mayBeMoved(fencing)) {
    return { standing: 'fenced', reason: `by ${fencing.operationId}` };
  }
  if (state.phase === 'NEEDS_OPERATOR') return { standing: 'failed', reason: 'is held for a person' };
  if (own !== undefined && own.status !== 'RUNNING' && fencing === undefined) {
    return { standing: 'failed', reason: `ended with ${own.status}: ${endOf(own)}` };
  }
  return { standing: 'waiting', reason: 'is not fenced yet' };
}

/**
 * The promotion was asked for behind the fence: until then the operation may still put everything back, and the member
 * would be out of a Region that writes again.
 */
function mayBeMoved(record: OperationRecord): boolean {
  const fenced = findStanding(record, 'fence-source', 'fence') !== undefined;
  const promoting =
    findEvent(record, 'start-promotion', 'requested') ?? findEvent(record, 'start-promotion', 'skipped');
  return fenced && promoting !== undefined;
}

function endOf(record: OperationRecord): string {
  const closed =
    findEvent(record, 'close-operation', 'done') ??
    findEvent(record, 'roll-back', 'done') ??
    findEvent(record, 'open-operation', 'refused');
  return String(closed?.detail['reason'] ?? 'no reason on record');
}
