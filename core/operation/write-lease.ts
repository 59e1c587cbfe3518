import type { ApplicationState } from './application-state.ts';
import type { Transition } from './transitions.ts';

/**
 * Times of the writer Region's right to commit. A writer renews well before the lease ends and stops a margin early; a
 * fence waits the same margin longer, so that no two clocks within the margin can both believe.
 */
export const WRITE_LEASE = { durationMs: 20_000, renewEveryMs: 5_000, clockMarginMs: 5_000 } as const;

/** What a Region may do with the write lease now. */
export type LeaseAction =
  | { readonly kind: 'renew'; readonly transition: Transition; readonly writerEpoch: number }
  /** Another epoch has been raised: the Region stops writing, and says so. */
  | { readonly kind: 'acknowledge-fence'; readonly transition: Transition }
  | { readonly kind: 'stand-by' };

/** Who asks what to do with the lease. */
export interface LeaseAsker {
  readonly region: string;
  /** The process; unique among all that ever ask. */
  readonly holder: string;
  /** The epoch that it writes under, if any. */
  readonly heldEpoch: number | null;
  readonly nowEpochMs: number;
}

/**
 * Decides from the coordination item what a writer does next. Any number of processes of the writer Region renew the one
 * lease; only one that knows to be alone can acknowledge a fence, since it cannot speak for the others.
 */
export function nextLeaseAction(state: ApplicationState, asker: LeaseAsker): LeaseAction {
  if (state.writerRegion === asker.region) return renew(state, asker);
  if (!canAcknowledge(state, asker)) return { kind: 'stand-by' };
  return {
    kind: 'acknowledge-fence',
    transition: {
      // The writer that was read: a word that the table takes late must not vouch for a Region that writes again.
      expect: {
        writerEpoch: state.writerEpoch,
        writerRegion: state.writerRegion,
        writeLeaseRegion: asker.region,
        writeLeaseHolder: asker.holder,
      },
      set: { fenceAcknowledgedEpoch: state.writerEpoch },
    },
  };
}

function renew(state: ApplicationState, { region, holder, nowEpochMs }: LeaseAsker): LeaseAction {
  const { writerEpoch, writeLeaseExpiresAtEpochMs: endsAt } = state;
  // Another Region's processes were fenced before this one was granted the right; another process of this one was not.
  const sharedUntil = state.writeLeaseHolder === holder ? state.writeLeaseSharedUntilEpochMs : endsAt;
  return {
    kind: 'renew',
    writerEpoch,
    transition: {
      // The lease as it was read: a renewal that the table takes late must not undo one that was made after it.
      expect: {
        writerEpoch,
        writerRegion: region,
        writeLeaseExpiresAtEpochMs: endsAt,
        writeLeaseHolder: state.writeLeaseHolder,
        writeLeaseSharedUntilEpochMs: state.writeLeaseSharedUntilEpochMs,
      },
      set: {
        // Never earlier than another process was promised: this one may have begun to renew before it.
        writeLeaseExpiresAtEpochMs: Math.max(endsAt ?? 0, nowEpochMs + WRITE_LEASE.durationMs),
        writeLeaseRegion: region,
        writeLeaseHolder: holder,
        writeLeaseSharedUntilEpochMs: state.writeLeaseRegion === region ? sharedUntil : null,
      },
    },
  };
}

/**
 * Whether a fence is for this process to acknowledge: it was the last to hold the lease, under an older epoch, and what
 * any other process held has ended. A Region that wrote before the present writer did cannot speak for it.
 */
function canAcknowledge(state: ApplicationState, { region, holder, heldEpoch, nowEpochMs }: LeaseAsker): boolean {
  const sharedUntil = state.writeLeaseSharedUntilEpochMs;
  const alone = sharedUntil === null || nowEpochMs > sharedUntil + WRITE_LEASE.clockMarginMs;
  return (
    alone &&
    state.writeLeaseRegion === region &&
    state.writeLeaseHolder === holder &&
    heldEpoch !== null &&
    heldEpoch < state.writerEpoch &&
    state.fenceAcknowledgedEpoch < state.writerEpoch
  );
}

/** Whether the former writer can no longer commit, and by what proof; otherwise how long to wait at most. */
export type FenceProof =
  | { readonly fenced: true; readonly by: 'acknowledged' | 'lease-expired' | 'never-held' }
  | { readonly fenced: false; readonly waitMs: number };

/** Judges the fence of an operation whose epoch has been raised as `writerEpoch`. */
export function proveFence(state: ApplicationState, nowEpochMs: number): FenceProof {
  if (state.fenceAcknowledgedEpoch >= state.writerEpoch) return { fenced: true, by: 'acknowledged' };
  const expiresAt = state.writeLeaseExpiresAtEpochMs;
  if (expiresAt === null) return { fenced: true, by: 'never-held' };
  const waitMs = expiresAt + WRITE_LEASE.clockMarginMs - nowEpochMs;
  return waitMs <= 0 ? { fenced: true, by: 'lease-expired' } : { fenced: false, waitMs };
}

/** Since when a Region's writers would have renewed their lease if they could, epoch ms; undefined where they hold none. */
export function writersDueAt(
  state: Pick<ApplicationState, 'writerRegion' | 'writeLeaseRegion' | 'writeLeaseExpiresAtEpochMs'>,
  region: string,
): number | undefined {
  const { writerRegion, writeLeaseRegion, writeLeaseExpiresAtEpochMs } = state;
  const isTheirs = writerRegion === region && writeLeaseRegion === region;
  return isTheirs && writeLeaseExpiresAtEpochMs !== null
    ? writeLeaseExpiresAtEpochMs + WRITE_LEASE.clockMarginMs
    : undefined;
}
