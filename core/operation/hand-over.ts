import type { ApplicationState } from './application-state.ts';
import type { Transition } from './transitions.ts';

/**
 * Ends a failback whose original Region has failed with the data writer in it, as it was read: that Region is the one that
 * serves, and from now on the one that a failover leaves, without waiting for a cool-down. Writer, weights and switches stay
 * as they are: the failover fences and moves them. One that is held for a person stays with the person, who may now start
 * that failover; its machine can take no answer any more.
 *
 * Made only while the writer is still there: a move back that has begun is let go on.
 */
export function handOverFailback(state: ApplicationState, original: string): Transition {
  const { epoch, operationId, phase } = state;
  return {
    expect: { epoch, operationId, phase, writerRegion: original },
    set: {
      operationId: null,
      leaseExpiresAtEpochMs: null,
      lastOperationEndedAtEpochMs: null,
      activeRegion: original,
      phase: phase === 'NEEDS_OPERATOR' ? 'NEEDS_OPERATOR' : 'FAILED_OVER',
    },
  };
}
