import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ApplicationState } from '../../../core/operation/application-state.ts';
import { initialState, isHeld } from '../../../core/operation/application-state.ts';
import { REQUESTED_AUTOMATICALLY } from '../../../core/operation/requested-automatically.ts';
import {
  clearEvacuation,
  closeOperation,
  confirmRecords,
  confirmWeights,
  extendLease,
  grantWriter,
  markNeedsOperator,
  type Opening,
  openOperation,
  raiseWriterEpoch,
  restoreTraffic,
  setWeights,
  shiftTraffic,
  type Transition,
} from '../../../core/operation/transitions.ts';
import { activeInput, regionsOf, SINGAPORE, SYDNEY, TOKYO, testConfig } from '../../_helpers/config.ts';
import { NOW } from '../../_helpers/observations.ts';
import { apply, recordOf, requestOf, stateOf, transitionOf } from '../../_helpers/operations.ts';

const HOLDER = { epoch: 4, operationId: 'op-4' };
const HELD = stateOf({ epoch: 4, operationId: 'op-4', leaseExpiresAtEpochMs: NOW + 60_000, phase: 'FAILING_OVER' });

function opening(changes: Partial<Opening> = {}): Opening {
  return {
    kind: 'failover',
    request: requestOf(),
    operationId: 'op-1',
    leaseExpiresAtEpochMs: NOW + 120_000,
    nowEpochMs: NOW,
    ...changes,
  };
}

const FAILBACK = opening({ kind: 'failback', request: requestOf({ source: TOKYO, target: SINGAPORE }) });
const AWAY = { activeRegion: TOKYO, phase: 'FAILED_OVER' } as const;

describe('the state of an application that has never moved', () => {
  it('has its home active and writing, and nobody holds it', () => {
    expect(initialState(testConfig())).toEqual({
      application: 'storefront',
      epoch: 0,
      writerEpoch: 0,
      activeRegion: SINGAPORE,
      writerRegion: SINGAPORE,
      writeLeaseExpiresAtEpochMs: null,
      writeLeaseRegion: null,
      writeLeaseHolder: null,
      writeLeaseSharedUntilEpochMs: null,
      fenceAcknowledgedEpoch: 0,
      phase: 'STEADY',
      operationId: null,
      leaseExpiresAtEpochMs: null,
      weights: { [SINGAPORE]: 100, [TOKYO]: 0 },
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
    });
  });

  it.each([
    { operationId: null, lease: null, held: false },
    { operationId: null, lease: NOW + 1, held: false },
    { operationId: 'op', lease: null, held: false },
    { operationId: 'op', lease: NOW - 1, held: false },
    { operationId: 'op', lease: NOW, held: false },
    { operationId: 'op', lease: NOW + 1, held: true },
  ])('is held by $operationId until $lease: $held', ({ operationId, lease, held }) => {
    expect(isHeld(stateOf({ operationId, leaseExpiresAtEpochMs: lease }), NOW)).toBe(held);
  });
});

describe('opening a failover', () => {
  it('takes the lease, raises the epoch and leaves the right to commit alone', () => {
    const before = stateOf({ epoch: 6, writerEpoch: 5 });
    const after = apply(before, transitionOf(openOperation(before, opening())));
    expect(after).toEqual({
      ...before,
      epoch: 7,
      operationId: 'op-1',
      leaseExpiresAtEpochMs: NOW + 120_000,
      phase: 'FAILING_OVER',
    });
  });

  it.each([
    { what: 'the epoch', changes: { epoch: 1 } },
    { what: 'the holder', changes: { operationId: 'other' } },
    { what: 'the lease', changes: { leaseExpiresAtEpochMs: NOW + 1 } },
  ])('changes nothing where $what has changed since it was read', ({ changes }) => {
    const transition = transitionOf(openOperation(stateOf(), opening()));
    expect(apply(stateOf(changes), transition)).toBeUndefined();
  });

  it('takes over from an operation whose lease has ended, whatever phase that one left', () => {
    for (const phase of ['FAILING_OVER', 'FAILING_BACK', 'NEEDS_OPERATOR', 'FAILED_OVER'] as const) {
      const left = stateOf({ operationId: 'op-0', leaseExpiresAtEpochMs: NOW, epoch: 3, phase });
      const after = apply(left, transitionOf(openOperation(left, opening())));
      expect(after).toMatchObject({ epoch: 4, operationId: 'op-1' });
    }
  });

  it('counts an automatic start and no other', () => {
    const before = stateOf({ automaticStartsEpochMs: [1] });
    const automatic = requestOf({ requestedBy: REQUESTED_AUTOMATICALLY });
    const starts = (given: Opening): unknown => transitionOf(openOperation(before, given)).set.automaticStartsEpochMs;
    expect(starts(opening())).toEqual([1]);
    expect(starts(opening({ request: automatic }))).toEqual([1, NOW]);
  });

  it('keeps the newest 32 starts, more than any budget of a day', () => {
    const starts = Array.from({ length: 40 }, (_, index) => index);
    const before = stateOf({ automaticStartsEpochMs: starts });
    const request = requestOf({ requestedBy: REQUESTED_AUTOMATICALLY });
    const { set } = transitionOf(openOperation(before, opening({ request })));
    expect(set.automaticStartsEpochMs).toEqual([...starts.slice(-31), NOW]);
  });

  it('may go on from epochs that fit: none given, or the one that was read', () => {
    expect(openOperation(stateOf({ epoch: 3 }), opening())).not.toHaveProperty('code');
    expect(openOperation(stateOf({ epoch: 3 }), opening({ request: requestOf({ epoch: 3 }) }))).not.toHaveProperty(
      'code',
    );
  });

  it('does not wait for the records: leaving must not need a control plane', () => {
    expect(openOperation(stateOf({ recordsPending: true }), opening())).not.toHaveProperty('code');
  });
});

describe('opening is refused', () => {
  const refusals: readonly {
    readonly what: string;
    readonly state: ApplicationState;
    readonly opening: Opening;
    readonly code: string;
    readonly reason: RegExp;
  }[] = [
    {
      what: 'while another operation holds the application',
      state: stateOf({ operationId: 'op-0', leaseExpiresAtEpochMs: NOW + 1, phase: 'FAILING_OVER' }),
      opening: opening(),
      code: 'held',
      reason: /^operation op-0 holds storefront in phase FAILING_OVER$/,
    },
    {
      what: 'to a decision of an older epoch',
      state: stateOf({ epoch: 5 }),
      opening: opening({ request: requestOf({ epoch: 4 }) }),
      code: 'stale-epoch',
      reason: /^decided under epoch 4, the application is at epoch 5$/,
    },
    {
      what: 'to a decision of an epoch that has not been',
      state: stateOf({ epoch: 5 }),
      opening: opening({ request: requestOf({ epoch: 6 }) }),
      code: 'stale-epoch',
      reason: /epoch 6/,
    },
    {
      what: 'where the source is not the active Region',
      state: stateOf({ activeRegion: TOKYO }),
      opening: opening(),
      code: 'wrong-region',
      reason: new RegExp(`^${SINGAPORE} is not the active Region, ${TOKYO} is$`),
    },
    ...(['STEADY', 'FAILING_OVER'] as const).map((phase) => ({
      what: `for a failback in phase ${phase}`,
      state: stateOf({ ...AWAY, phase }),
      opening: FAILBACK,
      code: 'wrong-phase',
      reason: new RegExp(`is in ${phase}; a failback may begin in FAILED_OVER, FAILING_BACK, NEEDS_OPERATOR$`),
    })),
    {
      what: 'for a failback while the records are behind',
      state: stateOf({ ...AWAY, recordsPending: true }),
      opening: FAILBACK,
      code: 'records-pending',
      reason: /^the records do not yet say what the switch says/,
    },
  ];

  it.each(refusals)('$what: $code', ({ state, opening: given, code, reason }) => {
    expect(openOperation(state, given)).toEqual({ code, reason: expect.stringMatching(reason) });
  });

  it('for one reason at a time, whoever holds it first', () => {
    const state = stateOf({ operationId: 'op-0', leaseExpiresAtEpochMs: NOW + 1, epoch: 5, activeRegion: TOKYO });
    expect(openOperation(state, opening({ request: requestOf({ epoch: 4 }) }))).toMatchObject({ code: 'held' });
  });
});

describe('opening a failback', () => {
  it('is for an application that was left and whose records say so', () => {
    const before = stateOf(AWAY);
    const after = apply(before, transitionOf(openOperation(before, FAILBACK)));
    expect(after).toMatchObject({ phase: 'FAILING_BACK', epoch: 1, activeRegion: TOKYO });
  });
});

const BEFORE = recordOf().before;
const CHANGES: readonly { readonly what: string; readonly transition: Transition; readonly set: unknown }[] = [
  {
    what: 'extends the lease',
    transition: extendLease(HOLDER, NOW + 1),
    set: { leaseExpiresAtEpochMs: NOW + 1 },
  },
  {
    what: 'raises the fence under its own epoch',
    transition: raiseWriterEpoch(HOLDER),
    set: { writerEpoch: 4, writerRegion: null },
  },
  {
    what: 'shifts the traffic',
    transition: shiftTraffic(testConfig(), HOLDER, { state: HELD, source: SINGAPORE, target: TOKYO }),
    set: {
      activeRegion: TOKYO,
      evacuated: [SINGAPORE],
      heldOut: [],
      weights: { [SINGAPORE]: 0, [TOKYO]: 100 },
      recordsPending: true,
    },
  },
  {
    what: 'sets weights',
    transition: setWeights(HOLDER, { [SINGAPORE]: 10, [TOKYO]: 90 }),
    set: { weights: { [SINGAPORE]: 10, [TOKYO]: 90 }, recordsPending: true },
  },
  {
    what: 'puts the traffic back',
    transition: restoreTraffic(HOLDER, BEFORE),
    set: {
      activeRegion: SINGAPORE,
      evacuated: [],
      heldOut: [],
      weights: { [SINGAPORE]: 100, [TOKYO]: 0 },
      recordsPending: true,
    },
  },
  {
    what: 'lets a Region in again',
    transition: clearEvacuation(HOLDER, stateOf({ evacuated: [SINGAPORE, TOKYO] }), SINGAPORE),
    set: { evacuated: [TOKYO], heldOut: [] },
  },
  { what: 'holds for a person', transition: markNeedsOperator(HOLDER), set: { phase: 'NEEDS_OPERATOR' } },
  {
    what: 'ends and gives the lease back',
    transition: closeOperation(HOLDER, { phase: 'FAILED_OVER', nowEpochMs: NOW, coolDown: true }),
    set: {
      phase: 'FAILED_OVER',
      operationId: null,
      leaseExpiresAtEpochMs: null,
      lastOperationEndedAtEpochMs: NOW,
    },
  },
];

describe('an operation that holds the application', () => {
  it.each(CHANGES)('$what', ({ transition, set }) => {
    expect(transition.set).toEqual(set);
    expect(apply(HELD, transition)).toEqual({ ...HELD, ...(set as Partial<ApplicationState>) });
  });

  it.each(CHANGES)('$what only while it is the holder', ({ transition }) => {
    expect(apply({ ...HELD, epoch: 5 }, transition)).toBeUndefined();
    expect(apply({ ...HELD, operationId: 'op-5' }, transition)).toBeUndefined();
    expect(apply({ ...HELD, operationId: null }, transition)).toBeUndefined();
  });

  it('grants the right to commit without moving the epoch', () => {
    const { set } = grantWriter(HOLDER, TOKYO);
    expect(set).toMatchObject({ writerRegion: TOKYO });
    expect(set).not.toHaveProperty('writerEpoch');
    expect(grantWriter(HOLDER, TOKYO).expect).toEqual(HOLDER);
  });

  it('ends without a cool-down where a failover must not wait for it', () => {
    const closing = { phase: 'FAILED_OVER', nowEpochMs: NOW, coolDown: false } as const;
    expect(closeOperation(HOLDER, closing).set.lastOperationEndedAtEpochMs).toBeNull();
  });

  it('names the Region that serves from now on only where it changed that', () => {
    const closing = { phase: 'STEADY', nowEpochMs: NOW, coolDown: true } as const;
    expect(closeOperation(HOLDER, closing).set).not.toHaveProperty('activeRegion');
    expect(closeOperation(HOLDER, { ...closing, activeRegion: TOKYO }).set.activeRegion).toBe(TOKYO);
  });
});

describe('shifting the traffic', () => {
  const evacuatedAfter = (evacuated: readonly string[]): unknown =>
    shiftTraffic(testConfig(), HOLDER, { state: stateOf({ evacuated }), source: SINGAPORE, target: TOKYO }).set
      .evacuated;

  it.each([
    { before: [], after: [SINGAPORE] },
    { before: [SINGAPORE], after: [SINGAPORE] },
    { before: [TOKYO], after: [SINGAPORE] },
    { before: ['ap-south-1', TOKYO], after: ['ap-south-1', SINGAPORE] },
  ])('from $before evacuated leaves $after out', ({ before, after }) => {
    expect(evacuatedAfter(before)).toEqual(after);
  });

  it('leaves the Regions alone that are neither left nor moved to, where all of them serve', () => {
    const config = resolveConfig(activeInput({ regions: regionsOf([SINGAPORE, TOKYO, SYDNEY], 'active') }));
    const weights = { [SINGAPORE]: 100, [TOKYO]: 40, [SYDNEY]: 100 };
    const shift = { state: stateOf({ weights }), source: SINGAPORE, target: TOKYO };
    expect(shiftTraffic(config, HOLDER, shift).set.weights).toEqual({ [SINGAPORE]: 0, [TOKYO]: 100, [SYDNEY]: 100 });
  });

  it('gives a third Region nothing where one of them serves', () => {
    const config = testConfig({ regions: regionsOf([SINGAPORE, TOKYO, SYDNEY]) });
    const weights = { [SINGAPORE]: 90, [TOKYO]: 0, [SYDNEY]: 10 };
    const shift = { state: stateOf({ weights }), source: SINGAPORE, target: TOKYO };
    expect(shiftTraffic(config, HOLDER, shift).set.weights).toEqual({ [SINGAPORE]: 0, [TOKYO]: 100, [SYDNEY]: 0 });
  });

  it('twice is shifting it once', () => {
    const shift = (state: ApplicationState): ApplicationState | undefined =>
      apply(state, shiftTraffic(testConfig(), HOLDER, { state, source: SINGAPORE, target: TOKYO }));
    const once = shift(HELD);
    expect(once === undefined ? undefined : shift(once)).toEqual(once);
  });
});

describe('confirming the records', () => {
  const written = stateOf({ epoch: 4, weights: { [SINGAPORE]: 0, [TOKYO]: 100 }, recordsPending: true });

  it('clears what was pending, whoever wrote them', () => {
    expect(apply(written, confirmRecords(written, NOW))).toEqual({
      ...written,
      recordsPending: false,
      recordsWrittenAtEpochMs: NOW,
      weightsPending: true,
    });
  });

  it('leaves the weights to be kept for the next deployment, and then says so', () => {
    const confirmed = apply(written, confirmRecords(written, NOW)) ?? written;
    expect(apply(confirmed, confirmWeights(confirmed))).toEqual({ ...confirmed, weightsPending: false });
    expect(apply({ ...confirmed, epoch: 5 }, confirmWeights(confirmed))).toBeUndefined();
  });

  it('confirms nothing where the weights, the TTL or the epoch have moved on', () => {
    const transition = confirmRecords(written, NOW);
    expect(apply({ ...written, loweredTtlSeconds: 60 }, transition)).toBeUndefined();
    expect(apply({ ...written, ttlPending: true }, transition)).toBeUndefined();
    expect(apply({ ...written, weights: { [SINGAPORE]: 10, [TOKYO]: 90 } }, transition)).toBeUndefined();
    expect(apply({ ...written, epoch: 5 }, transition)).toBeUndefined();
  });
});

describe('an emergency rollback', () => {
  const rollback = { ...FAILBACK, request: { ...FAILBACK.request, mode: 'emergency' as const } };
  const ago = (minutes: number): number => NOW - minutes * 60_000;

  it.each([
    { when: 'a moment after the failover', state: { failedOverAtEpochMs: ago(0) } },
    { when: '30 min after it', state: { failedOverAtEpochMs: ago(30) } },
    { when: 'as an older version ended it', state: { lastOperationEndedAtEpochMs: ago(30) } },
  ])('is opened $when', ({ state }) => {
    expect(openOperation(stateOf({ ...AWAY, ...state }), rollback)).toHaveProperty('set.phase', 'FAILING_BACK');
  });

  it('is refused later, with what to do instead', () => {
    const state = stateOf({ ...AWAY, failedOverAtEpochMs: ago(30) - 1, lastOperationEndedAtEpochMs: NOW });
    const reason = expect.stringMatching(
      /^the last failover ended 30 min ago; .* within 30 min of one; start it in mode "manual"/,
    );
    expect(openOperation(state, rollback)).toEqual({ code: 'too-late', reason });
    expect(openOperation(state, FAILBACK)).toHaveProperty('set.phase', 'FAILING_BACK');
  });

  it('is refused where nobody knows when the failover was', () => {
    const reason = expect.stringContaining('not known when the last failover ended');
    expect(openOperation(stateOf(AWAY), rollback)).toEqual({ code: 'too-late', reason });
  });

  it('is no name for a failover, which may be an emergency at any time', () => {
    const failover = opening({ request: requestOf({ mode: 'emergency' }) });
    expect(openOperation(stateOf(), failover)).toHaveProperty('set.phase', 'FAILING_OVER');
  });
});
