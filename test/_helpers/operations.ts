import type { ResolvedConfig } from '../../core/config/types.ts';
import { type ApplicationState, initialState } from '../../core/operation/application-state.ts';
import type { OperationEvent, OperationRecord } from '../../core/operation/operation-record.ts';
import type { OperationRequest } from '../../core/operation/request.ts';
import type { Refusal, Transition } from '../../core/operation/transitions.ts';
import { SINGAPORE, TOKYO, testConfig } from './config.ts';
import { NOW } from './observations.ts';

/** The state of an application that has never moved, with some fields changed. */
export function stateOf(
  changes: Partial<ApplicationState> = {},
  config: ResolvedConfig = testConfig(),
): ApplicationState {
  return { ...initialState(config), ...changes };
}

/** A manual move from Singapore to Tokyo. */
export function requestOf(changes: Partial<OperationRequest> = {}): OperationRequest {
  return {
    application: 'storefront',
    source: SINGAPORE,
    target: TOKYO,
    reason: 'a test',
    mode: 'manual',
    requestedBy: 'alice',
    approval: 'none',
    ...changes,
  };
}

/** A failover that was opened a minute ago and has done two things. */
export function recordOf(changes: Partial<OperationRecord> = {}): OperationRecord {
  const { phase, activeRegion, writerRegion, writerEpoch, weights, evacuated, heldOut } = stateOf();
  return {
    operationId: 'storefront-1-manual',
    application: 'storefront',
    kind: 'failover',
    epoch: 1,
    request: requestOf(),
    status: 'RUNNING',
    openedAtEpochMs: NOW - 60_000,
    endedAtEpochMs: null,
    executionArn: `arn:aws:states:${TOKYO}:123456789012:execution:switchyard-storefront-failover:storefront-1-manual`,
    before: { phase, activeRegion, writerRegion, writerEpoch, weights, evacuated, heldOut },
    events: [eventOf('open-operation', 'done', NOW - 60_000), eventOf('fence-source', 'done', NOW - 50_000)],
    ...changes,
  };
}

/** A line of the log. */
export function eventOf(
  step: string,
  outcome: OperationEvent['outcome'],
  atEpochMs: number = NOW,
  detail: OperationEvent['detail'] = {},
): OperationEvent {
  return { atEpochMs, step, outcome, detail };
}

/** The state after a transition, as a compare-and-set store makes it; undefined where an expectation does not hold. */
export function apply(state: ApplicationState, { expect, set }: Transition): ApplicationState | undefined {
  const holds = Object.entries(expect).every(
    ([field, value]) => canonical(state[field as keyof ApplicationState]) === canonical(value),
  );
  return holds ? { ...state, ...set } : undefined;
}

/** The transition of an outcome that must be none of the refusals. */
export function transitionOf(outcome: Transition | Refusal): Transition {
  if ('code' in outcome) throw new Error(`refused: ${outcome.reason}`);
  return outcome;
}

/** A store compares values, not the order of their keys. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value) ?? 'undefined';
  return JSON.stringify(Object.entries(value).toSorted(([a], [b]) => a.localeCompare(b)));
}
