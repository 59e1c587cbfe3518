import type { ResolvedConfig } from '../config/types.ts';
import type { ApplicationState } from './application-state.ts';
import type { OperationRecord } from './operation-record.ts';
import { shiftTraffic, type Transition } from './transitions.ts';

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

/**
 * The Region that a failback leaves active which a person has to settle: where the writer is, so that a failover from there
 * can be started, and the one that served where nobody may write.
 */
export function activeAfterHeldFailback({
  activeRegion,
  writerRegion,
}: Pick<ApplicationState, 'activeRegion' | 'writerRegion'>): string {
  return writerRegion ?? activeRegion;
}

/**
 * Ends a failback whose machine is gone, as it was read. With the writer where it was, all traffic is to go there and the
 * original is to stay out; otherwise the application waits for a person. A failover need not wait for a cool-down.
 */
export function abandonFailback(
  config: Pick<ResolvedConfig, 'regions' | 'preset'>,
  state: ApplicationState,
  original: string,
): Transition {
  const { epoch, operationId, leaseExpiresAtEpochMs, activeRegion, writerRegion } = state;
  const ended = { operationId: null, leaseExpiresAtEpochMs: null, lastOperationEndedAtEpochMs: null };
  const back = shiftTraffic(
    config,
    { epoch, operationId: operationId ?? '' },
    { state, source: original, target: activeRegion },
  );
  return {
    expect: { epoch, operationId, leaseExpiresAtEpochMs },
    set:
      writerRegion === activeRegion
        ? { ...back.set, ...ended, phase: 'FAILED_OVER' }
        : { ...ended, phase: 'NEEDS_OPERATOR', activeRegion: activeAfterHeldFailback(state) },
  };
}

/**
 * What is put right in the state when another operation begins over a failback whose machine is gone, with traffic on two
 * Regions: all of it is to be where the writer is, as {@link abandonFailback} has it. An operation that then ends with
 * nothing changed leaves the application at rest, with nobody on a Region that no one looks after. Empty where there is
 * nothing to put right, or the writer has left.
 */
export function settleLostFailback(
  config: Pick<ResolvedConfig, 'regions' | 'preset'>,
  state: ApplicationState,
  { kind, request, before }: Pick<OperationRecord, 'kind' | 'request' | 'before'>,
): Partial<ApplicationState> {
  const { phase, epoch, operationId, activeRegion, weights, evacuated } = state;
  if (kind !== 'failback' || phase !== 'FAILING_BACK') return {};
  const { target: original } = request;
  const isOut = weights[original] === 0 && evacuated.includes(original);
  if (isOut || (state.writerRegion ?? before.writerRegion) !== activeRegion) return {};
  const holder = { epoch, operationId: operationId ?? '' };
  return shiftTraffic(config, holder, { state, source: original, target: activeRegion }).set;
}
