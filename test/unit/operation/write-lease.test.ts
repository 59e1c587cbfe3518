import { describe, expect, it } from 'vitest';
import type { ApplicationState } from '../../../core/operation/application-state.ts';
import { grantWriter, raiseWriterEpoch, returnWriter } from '../../../core/operation/transitions.ts';
import { nextLeaseAction, proveFence, WRITE_LEASE, writersDueAt } from '../../../core/operation/write-lease.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/config.ts';
import { NOW } from '../../_helpers/observations.ts';
import { apply, stateOf } from '../../_helpers/operations.ts';

const HOLDER = { epoch: 1, operationId: 'op-1' };
const OPEN = stateOf({ epoch: 1, operationId: 'op-1', leaseExpiresAtEpochMs: NOW + 60_000 });

/** What the writer of a Region does, given the epoch it writes under, and the state afterwards. */
function act(state: ApplicationState, region: string, heldEpoch: number | null): ApplicationState {
  const action = nextLeaseAction(state, { region, holder: region, heldEpoch, nowEpochMs: NOW });
  return action.kind === 'stand-by' ? state : (apply(state, action.transition) ?? state);
}

/** The state after transitions that must all be made. */
function made(
  state: ApplicationState,
  ...steps: readonly ((state: ApplicationState) => ApplicationState | undefined)[]
): ApplicationState {
  return steps.reduce((now, step) => {
    const next = step(now);
    if (next === undefined) throw new Error('a transition was not made');
    return next;
  }, state);
}

const renewed = (state: ApplicationState): ApplicationState => act(state, SINGAPORE, null);
const fenced = (state: ApplicationState): ApplicationState | undefined => apply(state, raiseWriterEpoch(HOLDER));
const grantedToTokyo = (state: ApplicationState): ApplicationState | undefined =>
  apply(state, grantWriter(HOLDER, TOKYO));

describe('a right to commit that a roll back gave back', () => {
  const returned = (state: ApplicationState): ApplicationState | undefined =>
    apply(state, returnWriter(HOLDER, SINGAPORE));

  it('is not taken for fenced by the word that was given before', () => {
    const acknowledged = made(OPEN, renewed, fenced, (state) => act(state, SINGAPORE, 0));
    expect(proveFence(acknowledged, NOW)).toEqual({ fenced: true, by: 'acknowledged' });
    expect(proveFence(made(acknowledged, returned, fenced), NOW)).toMatchObject({ fenced: false });
  });

  it('is not vouched for by a word that comes late', () => {
    const raised = made(OPEN, renewed, fenced);
    const late = nextLeaseAction(raised, { region: SINGAPORE, holder: SINGAPORE, heldEpoch: 0, nowEpochMs: NOW });
    if (late.kind !== 'acknowledge-fence') throw new Error(`the writer does ${late.kind}`);
    expect(apply(made(raised, returned), late.transition)).toBeUndefined();
  });
});

describe('the times of the write lease', () => {
  it('leave a writer two renewals to miss, and both clocks a margin', () => {
    const { durationMs, renewEveryMs, clockMarginMs } = WRITE_LEASE;
    expect(durationMs - clockMarginMs).toBeGreaterThanOrEqual(3 * renewEveryMs);
    expect(WRITE_LEASE).toEqual({ durationMs: 20_000, renewEveryMs: 5_000, clockMarginMs: 5_000 });
  });
});

describe('the writer Region', () => {
  it('renews for 20 s under the epoch that the fence raised last', () => {
    const state = stateOf({ writerEpoch: 3 });
    const action = nextLeaseAction(state, { region: SINGAPORE, holder: SINGAPORE, heldEpoch: 3, nowEpochMs: NOW });
    expect(action).toMatchObject({ kind: 'renew', writerEpoch: 3 });
    expect(act(state, SINGAPORE, 3)).toMatchObject({ writeLeaseExpiresAtEpochMs: NOW + 20_000, writerEpoch: 3 });
  });

  it('renews nothing once the fence was raised between its look and its renewal', () => {
    const action = nextLeaseAction(OPEN, { region: SINGAPORE, holder: SINGAPORE, heldEpoch: 0, nowEpochMs: NOW });
    if (action.kind !== 'renew') throw new Error(action.kind);
    expect(apply(made(OPEN, fenced), action.transition)).toBeUndefined();
    expect(apply(made(OPEN, fenced, grantedToTokyo), action.transition)).toBeUndefined();
  });

  it('renews nothing if the lease was renewed after its look, so that a late renewal cannot shorten it', () => {
    const early = nextLeaseAction(OPEN, {
      region: SINGAPORE,
      holder: SINGAPORE,
      heldEpoch: 0,
      nowEpochMs: NOW - 12_000,
    });
    if (early.kind !== 'renew') throw new Error(early.kind);
    expect(apply(made(OPEN, renewed), early.transition)).toBeUndefined();
  });

  it('stops and says so when it learns of the fence', () => {
    const state = made(OPEN, renewed, fenced);
    expect(nextLeaseAction(state, { region: SINGAPORE, holder: SINGAPORE, heldEpoch: 0, nowEpochMs: NOW }).kind).toBe(
      'acknowledge-fence',
    );
    expect(act(state, SINGAPORE, 0)).toMatchObject({ fenceAcknowledgedEpoch: 1, writerRegion: null });
  });

  it('has nothing more to say once it has said so', () => {
    const state = act(made(OPEN, renewed, fenced), SINGAPORE, 0);
    expect(nextLeaseAction(state, { region: SINGAPORE, holder: SINGAPORE, heldEpoch: 0, nowEpochMs: NOW })).toEqual({
      kind: 'stand-by',
    });
  });

  it('says nothing of a fence if it writes under no epoch', () => {
    const state = made(OPEN, renewed, fenced);
    expect(nextLeaseAction(state, { region: SINGAPORE, holder: SINGAPORE, heldEpoch: null, nowEpochMs: NOW })).toEqual({
      kind: 'stand-by',
    });
  });

  it('takes the right up again where it is given back under the new epoch', () => {
    const state = made(OPEN, renewed, fenced, (now) => apply(now, grantWriter(HOLDER, SINGAPORE)));
    expect(
      nextLeaseAction(state, { region: SINGAPORE, holder: SINGAPORE, heldEpoch: 0, nowEpochMs: NOW }),
    ).toMatchObject({
      kind: 'renew',
      writerEpoch: 1,
    });
  });
});

describe('another Region', () => {
  it('stands by', () => {
    expect(nextLeaseAction(stateOf(), { region: TOKYO, holder: TOKYO, heldEpoch: null, nowEpochMs: NOW })).toEqual({
      kind: 'stand-by',
    });
  });

  it('renews once the right to commit is granted to it, and the former writer does not', () => {
    const state = made(OPEN, renewed, fenced, grantedToTokyo);
    expect(nextLeaseAction(state, { region: TOKYO, holder: TOKYO, heldEpoch: null, nowEpochMs: NOW })).toMatchObject({
      kind: 'renew',
      writerEpoch: 1,
    });
    expect(
      nextLeaseAction(state, { region: SINGAPORE, holder: SINGAPORE, heldEpoch: 0, nowEpochMs: NOW }).kind,
    ).not.toBe('renew');
  });
});

describe('a Region that wrote before the present writer', () => {
  const second = { epoch: 2, operationId: 'op-2' };
  const moved = made(
    OPEN,
    renewed,
    fenced,
    (now) => act(now, SINGAPORE, 0),
    grantedToTokyo,
    (now) => act(now, TOKYO, null),
    (now) => apply(now, { expect: {}, set: second }),
    (now) => apply(now, raiseWriterEpoch(second)),
  );

  it('does not acknowledge a fence of which it is not the subject', () => {
    expect(act(moved, SINGAPORE, 0)).toBe(moved);
    expect(proveFence(moved, NOW)).toEqual({ fenced: false, waitMs: 25_000 });
  });

  it('leaves that to the Region which is', () => {
    expect(proveFence(act(moved, TOKYO, 1), NOW)).toEqual({ fenced: true, by: 'acknowledged' });
  });

  it('cannot acknowledge late either, once the other has taken the lease up', () => {
    const first = made(OPEN, renewed, fenced);
    const late = nextLeaseAction(first, { region: SINGAPORE, holder: SINGAPORE, heldEpoch: 0, nowEpochMs: NOW });
    if (late.kind !== 'acknowledge-fence') throw new Error(late.kind);
    const taken = made(first, grantedToTokyo, (now) => act(now, TOKYO, null));
    expect(apply(taken, late.transition)).toBeUndefined();
  });
});

describe('the proof of a fence', () => {
  const raised = (changes: Partial<ApplicationState>): ApplicationState =>
    stateOf({ writerEpoch: 4, writerRegion: null, fenceAcknowledgedEpoch: 3, ...changes });

  it('is the acknowledgement of the epoch that was raised', () => {
    const state = raised({ fenceAcknowledgedEpoch: 4, writeLeaseExpiresAtEpochMs: NOW + 20_000 });
    expect(proveFence(state, NOW)).toEqual({ fenced: true, by: 'acknowledged' });
  });

  it('is not the acknowledgement of an older one', () => {
    const state = raised({ writeLeaseExpiresAtEpochMs: NOW + 20_000 });
    expect(proveFence(state, NOW)).toEqual({ fenced: false, waitMs: 25_000 });
  });

  it.each([
    { msAfterExpiry: 4_999, proof: { fenced: false, waitMs: 1 } },
    { msAfterExpiry: 5_000, proof: { fenced: true, by: 'lease-expired' } },
    { msAfterExpiry: 5_001, proof: { fenced: true, by: 'lease-expired' } },
  ])('is a lease that ended a clock margin ago: $msAfterExpiry ms', ({ msAfterExpiry, proof }) => {
    const state = raised({ writeLeaseExpiresAtEpochMs: NOW - msAfterExpiry });
    expect(proveFence(state, NOW)).toEqual(proof);
  });

  it('waits for a lease that was given back and not renewed, since its holder may not have heard of either', () => {
    const back = made(OPEN, renewed, fenced, (now) => apply(now, grantWriter(HOLDER, SINGAPORE)));
    const again = made(
      back,
      (now) => apply(now, { expect: {}, set: { epoch: 2, operationId: 'op-2' } }),
      (now) => apply(now, raiseWriterEpoch({ epoch: 2, operationId: 'op-2' })),
    );
    expect(proveFence(again, NOW)).toEqual({ fenced: false, waitMs: 25_000 });
  });

  it('is a lease that nobody ever held', () => {
    expect(proveFence(raised({ writeLeaseExpiresAtEpochMs: null }), NOW)).toEqual({ fenced: true, by: 'never-held' });
  });
});

describe('the lease of a Region with several processes', () => {
  const ask = (state: ApplicationState, holder: string, nowEpochMs: number, heldEpoch: number | null = 0) =>
    nextLeaseAction(state, { region: SINGAPORE, holder, heldEpoch, nowEpochMs });
  const renewedBy = (state: ApplicationState, holder: string, nowEpochMs: number): ApplicationState => {
    const action = ask(state, holder, nowEpochMs);
    if (action.kind !== 'renew') throw new Error(action.kind);
    return apply(state, action.transition) ?? state;
  };
  const one = renewedBy(OPEN, 'one', NOW);
  const both = renewedBy(one, 'other', NOW + 1000);

  it('ends no earlier than any of them was promised', () => {
    expect(renewedBy(both, 'one', NOW - 3000).writeLeaseExpiresAtEpochMs).toBe(NOW + 21_000);
  });

  it.each([
    { what: 'while another was promised more', afterMs: 25_000, kind: 'stand-by' },
    { what: 'once that has ended by more than the margin', afterMs: 25_001, kind: 'acknowledge-fence' },
  ])('is acknowledged by the last of them: $kind $what', ({ afterMs, kind }) => {
    expect(ask(made(both, fenced), 'other', NOW + afterMs).kind).toBe(kind);
  });

  it('is never acknowledged by one that was not the last', () => {
    expect(ask(made(both, fenced), 'one', NOW + 60_000).kind).toBe('stand-by');
  });

  it('keeps what was promised to another from a renewal that the table takes late', () => {
    const late = ask(one, 'one', NOW);
    const promised = renewedBy(one, 'other', NOW - 1);
    expect(promised.writeLeaseExpiresAtEpochMs).toBe(one.writeLeaseExpiresAtEpochMs);
    expect(late.kind === 'renew' && apply(promised, late.transition)).toBeUndefined();
  });
});

describe('the moment by which writers are due', () => {
  const held = { writerRegion: SINGAPORE, writeLeaseRegion: SINGAPORE, writeLeaseExpiresAtEpochMs: 1_000 };

  it.each([
    { what: 'of the Region that holds the lease', state: held, due: 1_000 + WRITE_LEASE.clockMarginMs },
    { what: 'of a Region that does not write', state: { ...held, writerRegion: TOKYO }, due: undefined },
    { what: 'of a writer that never took the lease', state: { ...held, writeLeaseRegion: TOKYO }, due: undefined },
    { what: 'where nobody holds one', state: { ...held, writeLeaseExpiresAtEpochMs: null }, due: undefined },
  ])('is $due $what', ({ state, due }) => {
    expect(writersDueAt(state, SINGAPORE)).toBe(due);
  });
});
