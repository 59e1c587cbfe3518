import { applicationRegions, traitsOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { type Weights, weightsAfterShift } from '../routing/weights.ts';
import { type ApplicationState, isHeld, type Parting, type Phase } from './application-state.ts';
import type { Snapshot } from './operation-record.ts';
import type { OperationKind, OperationRequest } from './request.ts';
import { REQUESTED_AUTOMATICALLY } from './requested-automatically.ts';
import { tooLateToRollBack } from './rollback-window.ts';

/**
 * A change of the application item: made only if every field in `expect` still has exactly that value.
 * Every transition of an operation expects its own epoch and id, so a stale one changes nothing.
 */
export interface Transition {
  readonly expect: Partial<ApplicationState>;
  readonly set: Partial<ApplicationState>;
}

/** A transition that must not be made, and why. */
export interface Refusal {
  readonly code: 'held' | 'stale-epoch' | 'wrong-region' | 'wrong-phase' | 'records-pending' | 'too-late';
  readonly reason: string;
}

/** A failback follows a failover, another failback that died, or an operation that was left for a person. */
const BEFORE_FAILBACK: ReadonlySet<Phase> = new Set(['FAILED_OVER', 'FAILING_BACK', 'NEEDS_OPERATOR']);

/** Automatic starts kept; more than any budget allows in a day. */
const STARTS_KEPT = 32;

/** What opening needs to know. */
export interface Opening {
  readonly kind: OperationKind;
  readonly request: OperationRequest;
  readonly operationId: string;
  readonly leaseExpiresAtEpochMs: number;
  readonly nowEpochMs: number;
}

/** Opens an operation: takes the lease and raises the epoch, or says who holds it and what does not fit. */
export function openOperation(state: ApplicationState, opening: Opening): Transition | Refusal {
  const refusal = refuseOpening(state, opening);
  if (refusal !== undefined) return refusal;
  const { kind, request, operationId, leaseExpiresAtEpochMs, nowEpochMs } = opening;
  const automatic = request.requestedBy === REQUESTED_AUTOMATICALLY;
  const starts = automatic ? [...state.automaticStartsEpochMs, nowEpochMs] : state.automaticStartsEpochMs;
  return {
    expect: { epoch: state.epoch, operationId: state.operationId, leaseExpiresAtEpochMs: state.leaseExpiresAtEpochMs },
    set: {
      epoch: state.epoch + 1,
      operationId,
      leaseExpiresAtEpochMs,
      phase: kind === 'failover' ? 'FAILING_OVER' : 'FAILING_BACK',
      automaticStartsEpochMs: starts.slice(-STARTS_KEPT),
      // Planned work that died has left the records with a TTL of its own.
      ...(state.loweredTtlSeconds === null ? {} : TTL_DUE),
    },
  };
}

function refuseOpening(state: ApplicationState, { kind, request, nowEpochMs }: Opening): Refusal | undefined {
  if (isHeld(state, nowEpochMs)) {
    return {
      code: 'held',
      reason: `operation ${state.operationId} holds ${state.application} in phase ${state.phase}`,
    };
  }
  if (request.epoch !== undefined && request.epoch !== state.epoch) {
    return {
      code: 'stale-epoch',
      reason: `decided under epoch ${request.epoch}, the application is at epoch ${state.epoch}`,
    };
  }
  if (request.source !== state.activeRegion) {
    return { code: 'wrong-region', reason: `${request.source} is not the active Region, ${state.activeRegion} is` };
  }
  if (kind === 'failover') return undefined;
  if (!BEFORE_FAILBACK.has(state.phase)) {
    const allowed = [...BEFORE_FAILBACK].join(', ');
    return { code: 'wrong-phase', reason: `the application is in ${state.phase}; a failback may begin in ${allowed}` };
  }
  const tooLate = request.mode === 'emergency' ? tooLateToRollBack(state, nowEpochMs) : undefined;
  if (tooLate !== undefined) return { code: 'too-late', reason: tooLate };
  return state.recordsPending
    ? {
        code: 'records-pending',
        reason:
          'the records do not yet say what the switch says; the reconciler writes them as soon as Route 53 takes changes',
      }
    : undefined;
}

/** The fields that only the holder of the operation may change under. */
export interface Holder {
  readonly epoch: number;
  readonly operationId: string;
}

function held({ epoch, operationId }: Holder, set: Partial<ApplicationState>): Transition {
  return { expect: { epoch, operationId }, set };
}

/** Extends the lease to the end of the step and of the longest wait that may follow it. */
export function extendLease(holder: Holder, leaseExpiresAtEpochMs: number): Transition {
  return held(holder, { leaseExpiresAtEpochMs });
}

/**
 * Takes the right to commit from everybody: from here on no lease of an older epoch can be renewed. Where somebody writes
 * under this operation's own epoch by now, the operation takes a new one: no epoch has two writers.
 *
 * @param usedEpoch the epoch that somebody may write under now
 * @param partedAtEpochMs of a failover, since when Regions may differ; on the way back they do not part
 */
export function raiseWriterEpoch(holder: Holder, usedEpoch = 0, partedAtEpochMs?: Parting): Transition {
  const epoch = Math.max(holder.epoch, usedEpoch + 1);
  return held(holder, {
    ...(epoch === holder.epoch ? {} : { epoch }),
    ...(partedAtEpochMs === undefined ? {} : { partedAtEpochMs }),
    writerEpoch: epoch,
    writerRegion: null,
  });
}

/**
 * Gives the right to commit to a Region, which takes it up under the epoch that the fence raised. The end of the last
 * lease stays: until then a former writer may still believe, and the next fence has to wait for it.
 */
export function grantWriter(holder: Holder, region: string): Transition {
  return held(holder, { writerRegion: region });
}

/**
 * Gives the right to commit back to the Region that a fence took it from. It writes again under the epoch that it may have
 * acknowledged, so that word proves nothing any more: another fence of this operation waits for its lease.
 */
export function returnWriter(holder: Holder, region: string): Transition {
  return held(holder, { writerRegion: region, fenceAcknowledgedEpoch: holder.epoch - 1 });
}

/** Traffic is about to leave a Region by its switch; the records follow when Route 53 takes changes. */
export function shiftTraffic(
  config: Pick<ResolvedConfig, 'regions' | 'preset'>,
  holder: Holder,
  { state, source, target }: { state: ApplicationState; source: string; target: string },
): Transition {
  const evacuated = [...new Set([...state.evacuated.filter((region) => region !== target), source])];
  const leftByFleet = (state.leftByFleet ?? []).filter((region) => region !== target && region !== source);
  return held(holder, {
    activeRegion: target,
    evacuated,
    ...(state.leftByFleet === undefined ? {} : { leftByFleet }),
    heldOut: standbysInTheWay(config, [target, ...evacuated]),
    weights: weightsAfterShift(config, { weights: state.weights, source, target }),
    recordsPending: true,
  });
}

/** As {@link shiftTraffic}, where the fleet's switch has taken the source out already: the application's own stays unset. */
export function shiftWithFleet(
  config: Pick<ResolvedConfig, 'regions' | 'preset'>,
  holder: Holder,
  move: { state: ApplicationState; source: string; target: string },
): Transition {
  const { expect, set } = shiftTraffic(config, holder, move);
  return { expect, set: { ...set, leftByFleet: [...(set.leftByFleet ?? []), move.source] } };
}

/** The application's own switch keeps a Region out from now on, and not the fleet's. Expects what was read. */
export function takeOverSwitch({ epoch, evacuated, leftByFleet = [] }: ApplicationState, region: string): Transition {
  return {
    expect: { epoch, evacuated, leftByFleet },
    set: { leftByFleet: leftByFleet.filter((other) => other !== region) },
  };
}

/**
 * Until the records can be written, no Region but the source has a weight, and Route 53 answers such a group in equal
 * shares: every other standby would get its part. Where all Regions serve, each is to go on.
 */
function standbysInTheWay(
  config: Pick<ResolvedConfig, 'regions' | 'preset'>,
  others: readonly string[],
): readonly string[] {
  if (traitsOf(config).roles === 'all-active') return [];
  return applicationRegions(config).filter((region) => !others.includes(region));
}

/** The records say who serves, everywhere: other standbys may be let in again. Expects those that were held out. */
export function releaseHeldOut({ epoch, heldOut }: ApplicationState): Transition {
  return { expect: { epoch, heldOut }, set: { heldOut: [] } };
}

/** Planned work is ahead: resolvers are to ask again more often. */
export function lowerTtl(holder: Holder, loweredTtlSeconds: number): Transition {
  return held(holder, { loweredTtlSeconds, ttlPending: false, recordsPending: true });
}

const TTL_DUE = { loweredTtlSeconds: null, ttlPending: true, recordsPending: true } as const;

/** The records are to have the TTL of the config again. */
export function restoreTtl(holder: Holder): Transition {
  return held(holder, TTL_DUE);
}

/** The same where the operation that lowered it is gone, as the state was read. */
export function restoreLostTtl({ epoch, operationId, leaseExpiresAtEpochMs }: ApplicationState): Transition {
  return { expect: { epoch, operationId, leaseExpiresAtEpochMs }, set: TTL_DUE };
}

/** The weights that the records are to have next. */
export function setWeights(holder: Holder, weights: Weights): Transition {
  return held(holder, { weights, recordsPending: true });
}

/** Traffic goes back to where it was before the operation. */
export function restoreTraffic(holder: Holder, { activeRegion, evacuated, heldOut, weights }: Snapshot): Transition {
  return held(holder, { activeRegion, evacuated, heldOut, weights, recordsPending: true });
}

/** The records say what the state says; the parameters do not yet. Expects those weights and TTL, whoever wrote them. */
export function confirmRecords(
  { epoch, weights, loweredTtlSeconds, ttlPending }: ApplicationState,
  nowEpochMs: number,
): Transition {
  return {
    expect: { epoch, weights, loweredTtlSeconds, ttlPending },
    set: { recordsPending: false, ttlPending: false, recordsWrittenAtEpochMs: nowEpochMs, weightsPending: true },
  };
}

/** The next deployment finds the weights. Expects those weights, whoever kept them. */
export function confirmWeights({ epoch, weights }: ApplicationState): Transition {
  return { expect: { epoch, weights }, set: { weightsPending: false } };
}

/** A Region's switch no longer keeps it out. */
export function clearEvacuation(holder: Holder, { evacuated, heldOut }: ApplicationState, region: string): Transition {
  const without = (regions: readonly string[]): readonly string[] => regions.filter((other) => other !== region);
  return held(holder, { evacuated: without(evacuated), heldOut: without(heldOut) });
}

/** The operation waits for a person and keeps the application. */
export function markNeedsOperator(holder: Holder): Transition {
  return held(holder, { phase: 'NEEDS_OPERATOR' });
}

/** How an operation leaves the application. */
export interface Closing {
  readonly phase: Phase;
  readonly nowEpochMs: number;
  /** False where a failover must not have to wait for what this operation did. */
  readonly coolDown: boolean;
  /** Whether a failover has left the application where it is now. */
  readonly failedOver?: boolean;
  /** The Region that serves from now on, where the operation changed that. */
  readonly activeRegion?: string;
}

/** Ends an operation and gives the lease back. */
export function closeOperation(
  holder: Holder,
  { phase, nowEpochMs, coolDown, failedOver = false, activeRegion }: Closing,
): Transition {
  return held(holder, {
    phase,
    operationId: null,
    leaseExpiresAtEpochMs: null,
    lastOperationEndedAtEpochMs: coolDown ? nowEpochMs : null,
    ...(failedOver ? { failedOverAtEpochMs: nowEpochMs } : {}),
    ...(activeRegion === undefined ? {} : { activeRegion }),
  });
}
