import { SwitchyardError } from '../core/errors.ts';
import { nextLeaseAction, WRITE_LEASE } from '../core/operation/write-lease.ts';
import type { Clock, Coordination } from '../core/ports.ts';

/** This Region may not commit now. Retry in the Region that holds the writer, or once it has moved here. */
export class StaleEpochError extends SwitchyardError {
  override readonly name = 'StaleEpochError';

  constructor(region: string) {
    super(`${region} does not hold the write lease; try again, there or in the Region that writes now`, {
      code: 'STALE_EPOCH',
      source: 'platform',
      retryable: true,
      context: { region },
    });
  }
}

/** Whether the coordination table is reached; `unknown` before it had the time to answer. */
export type CoordinationReach = 'reachable' | 'unreachable' | 'unknown';

/** A Region's right to commit, kept as long as it can be renewed. */
export interface WriteFence {
  /** The epoch under which a write may be committed at a moment (default: now); undefined where it may not. */
  writableEpoch(nowEpochMs?: number): number | undefined;
  /** Gives that epoch. @throws {StaleEpochError} where this Region may not commit. */
  assertWritable(): number;
  /**
   * Whether the table's last answer is young enough for a lease to rest on it. Where it is not, nothing that was held is
   * held any more, and no process of the Region that fares alike writes.
   */
  coordinationReachable(): CoordinationReach;
  /** Renews the lease until stopped. */
  run(): Promise<void>;
  stop(): void;
}

/** Looks of one renewal: what changed the lease in between was a fence, which the next look finds, or a late renewal. */
const MOST_TRIES = 3;

/** How long a lease may be used, and how long an answer of the table vouches that it is reached. */
const ANSWER_HOLDS_MS = WRITE_LEASE.durationMs - WRITE_LEASE.clockMarginMs;

/** What the fence is made of. */
export interface WriteFenceSettings {
  readonly region: string;
  /** Name of this process, unique among all that ever hold the lease: a UUID, drawn when the process starts. */
  readonly holder: string;
  readonly coordination: Pick<Coordination, 'readState' | 'transition'>;
  readonly clock: Clock;
}

/**
 * Keeps a Region's write lease: renewed every 5 s, valid for 20 s, given up 5 s early. A Region that cannot renew stops by
 * itself before anybody else may write; one that learns of a newer epoch stops at once, and says so where no other process of the
 * Region could still be writing.
 *
 * The end of the lease is counted from before the renewal was sent, so that no delay of the answer can lengthen it.
 */
export function createWriteFence({ region, holder, coordination, clock }: WriteFenceSettings): WriteFence {
  let held: { readonly epoch: number; readonly untilEpochMs: number } | undefined;
  let lastEpoch: number | null = null;
  let stopped = false;
  let begunAt: number | undefined;
  let answeredAt: number | undefined;

  /** False where the lease has changed since it was looked at. */
  const tryToRenew = async (): Promise<boolean> => {
    const startedAt = clock.nowEpochMs();
    const state = await coordination.readState();
    answeredAt = startedAt;
    const action = nextLeaseAction(state, { region, holder, heldEpoch: lastEpoch, nowEpochMs: startedAt });
    if (action.kind !== 'renew') held = undefined;
    if (action.kind === 'stand-by') return true;
    const changed = await coordination.transition(action.transition);
    if (action.kind === 'acknowledge-fence') return true;
    if (changed === undefined) return false;
    lastEpoch = action.writerEpoch;
    held = { epoch: action.writerEpoch, untilEpochMs: startedAt + ANSWER_HOLDS_MS };
    return true;
  };

  const renew = async (): Promise<void> => {
    for (let tries = 0; tries < MOST_TRIES; tries++) if (await tryToRenew()) return;
  };

  const writableEpoch = (nowEpochMs = clock.nowEpochMs()): number | undefined =>
    held !== undefined && nowEpochMs < held.untilEpochMs ? held.epoch : undefined;

  return {
    writableEpoch,
    assertWritable: () => {
      const epoch = writableEpoch();
      if (epoch === undefined) throw new StaleEpochError(region);
      return epoch;
    },
    coordinationReachable: () => {
      const since = answeredAt ?? begunAt;
      if (since !== undefined && clock.nowEpochMs() >= since + ANSWER_HOLDS_MS) return 'unreachable';
      return answeredAt === undefined ? 'unknown' : 'reachable';
    },
    run: async () => {
      begunAt = clock.nowEpochMs();
      while (!stopped) {
        const startedAt = clock.nowEpochMs();
        // No answer leaves the lease as it is: it runs out by itself.
        await renew().catch(() => undefined);
        await clock.sleep(startedAt + WRITE_LEASE.renewEveryMs - clock.nowEpochMs());
      }
    },
    stop: () => {
      stopped = true;
    },
  };
}
