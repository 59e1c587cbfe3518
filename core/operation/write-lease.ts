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

/** Decides from the coordination item what a Region's writer does next. `heldEpoch` is the epoch it writes under, if any. */
export function nextLeaseAction(
  state: ApplicationState,
  { region, heldEpoch, nowEpochMs }: { region: string; heldEpoch: number | null; nowEpochMs: number },
): LeaseAction {
  if (state.writerRegion === region) {
    return {
      kind: 'renew',
      writerEpoch: state.writerEpoch,
      transition: {
        // The end that was read: a renewal that the table takes late must not shorten one that was made after it.
        expect: {
          writerEpoch: state.writerEpoch,
          writerRegion: region,
          writeLeaseExpiresAtEpochMs: state.writeLeaseExpiresAtEpochMs,
        },
        set: { writeLeaseExpiresAtEpochMs: nowEpochMs + WRITE_LEASE.durationMs, writeLeaseRegion: region },
      },
    };
  }
  if (heldEpoch === null || !isAddressed(state, { region, heldEpoch })) return { kind: 'stand-by' };
  return {
    kind: 'acknowledge-fence',
    transition: {
      // The writer that was read: a word that the table takes late must not vouch for a Region that writes again.
      expect: { writerEpoch: state.writerEpoch, writerRegion: state.writerRegion, writeLeaseRegion: region },
      set: { fenceAcknowledgedEpoch: state.writerEpoch },
    },
  };
}

/** A Region that wrote before the present writer did cannot speak for it: the fence is that of the last lease. */
function isAddressed(state: ApplicationState, { region, heldEpoch }: { region: string; heldEpoch: number }): boolean {
  return (
    state.writeLeaseRegion === region &&
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
