import { homeRegion } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { homeWeights, type Weights } from '../routing/weights.ts';

/** Where an application stands. */
export type Phase = 'STEADY' | 'FAILING_OVER' | 'FAILED_OVER' | 'FAILING_BACK' | 'NEEDS_OPERATOR';

/**
 * Up to when all Regions are known to have had the same rows, epoch ms: the earliest of all partings since a
 * reconciliation ended in agreement. `null` where nobody knows, `agreed` where they have not parted since.
 */
export type Parting = number | null | 'agreed';

/**
 * The one item per application in the coordination table. Every change of it is a conditional write; `null` stands for
 * "none", so that a condition can name it.
 */
export interface ApplicationState {
  readonly application: string;
  /** Number of the last operation opened; the fencing token. */
  readonly epoch: number;
  /** The epoch under which the writer Region may commit; raised by the fence alone. */
  readonly writerEpoch: number;
  /** The Region that serves now. */
  readonly activeRegion: string;
  /** The Region that may commit writes; `null` between fence and promotion. */
  readonly writerRegion: string | null;
  /** The writer's right to commit ends here unless renewed, epoch ms; `null` where nobody holds it. */
  readonly writeLeaseExpiresAtEpochMs: number | null;
  /** The Region that renewed that lease last; `null` where none ever did. */
  readonly writeLeaseRegion: string | null;
  /** The process of that Region that renewed it last; `null` where none ever did. */
  readonly writeLeaseHolder: string | null;
  /** The end of the lease as any other process had it last, epoch ms: until then that one may believe too. */
  readonly writeLeaseSharedUntilEpochMs: number | null;
  /** Since when Regions may differ. Not there before the first failover, nor in items of older versions. */
  readonly partedAtEpochMs?: Parting;
  /** The highest `writerEpoch` that the former writer has acknowledged by ceasing to write. */
  readonly fenceAcknowledgedEpoch: number;
  readonly phase: Phase;
  /** The operation in progress. */
  readonly operationId: string | null;
  /** Until then no other operation may begin, epoch ms. */
  readonly leaseExpiresAtEpochMs: number | null;
  /** Weight of each application Region in the weighted group, 0–255. */
  readonly weights: Weights;
  /** Regions whose evacuation switch is set. */
  readonly evacuated: readonly string[];
  /** Regions of those that the fleet's switch keeps out, and not the application's own. Not there in items of older versions. */
  readonly leftByFleet?: readonly string[];
  /** Regions kept out by their switch only until the records say who serves: with no weight left, all would share. */
  readonly heldOut: readonly string[];
  /** The TTL that planned work has lowered the records to, seconds; `null` where it has not. */
  readonly loweredTtlSeconds: number | null;
  /** True where planned work is over and the records have still to be given the TTL of the config again. */
  readonly ttlPending: boolean;
  /** True from the moment traffic moved, or the TTL changed, until the records say so too. */
  readonly recordsPending: boolean;
  /** True where the records were written and the weights for the next deployment could not be kept. */
  readonly weightsPending: boolean;
  /** When the records last said what the weights say, epoch ms. */
  readonly recordsWrittenAtEpochMs: number | null;
  /** Cool-down counts from here, epoch ms; `null` where it does not apply. */
  readonly lastOperationEndedAtEpochMs: number | null;
  /**
   * When a failover last left the application where it is, epoch ms: an emergency rollback counts from here. Not there
   * before the first one, nor in items of older versions.
   */
  readonly failedOverAtEpochMs?: number;
  /** When automatic failovers were started, epoch ms, newest last. */
  readonly automaticStartsEpochMs: readonly number[];
  /** Set by an operator: outcomes are decided and nothing starts by itself. */
  readonly automationPaused: boolean;
}

/** Whatever has never moved: no epoch handed out, nobody's lease, nothing left to be done. */
export const NEVER_MOVED = {
  epoch: 0,
  writerEpoch: 0,
  writeLeaseExpiresAtEpochMs: null,
  writeLeaseRegion: null,
  writeLeaseHolder: null,
  writeLeaseSharedUntilEpochMs: null,
  fenceAcknowledgedEpoch: 0,
  phase: 'STEADY',
  operationId: null,
  leaseExpiresAtEpochMs: null,
  evacuated: [],
  heldOut: [],
  loweredTtlSeconds: null,
  ttlPending: false,
  recordsPending: false,
  weightsPending: false,
  recordsWrittenAtEpochMs: null,
  lastOperationEndedAtEpochMs: null,
  automaticStartsEpochMs: [],
  automationPaused: false,
} as const satisfies Partial<ApplicationState>;

/** The state of an application that has never moved. */
export function initialState(config: Pick<ResolvedConfig, 'application' | 'regions' | 'preset'>): ApplicationState {
  const home = homeRegion(config).id;
  return {
    ...NEVER_MOVED,
    application: config.application,
    activeRegion: home,
    writerRegion: home,
    weights: homeWeights(config, home),
  };
}

/** Whether an operation holds the application now. */
export function isHeld(state: ApplicationState, nowEpochMs: number): boolean {
  return state.operationId !== null && (state.leaseExpiresAtEpochMs ?? 0) > nowEpochMs;
}
