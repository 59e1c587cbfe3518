import { describe, expect, it } from 'vitest';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { createRollBack } from '../../../lambdas/roll-back/roll-back.ts';
import { createShiftTraffic } from '../../../lambdas/shift-traffic/shift-traffic.ts';
import { createStartPromotion } from '../../../lambdas/start-promotion/start-promotion.ts';
import { createWriteRecords } from '../../../lambdas/write-records/write-records.ts';
import type { StepInput } from '../../../state-machines/contracts.ts';
import { SEOUL, SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { noAnswer } from '../../_helpers/steps/fake-ports.ts';
import { NO_DATA, type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const error = { Error: 'PromotionRefusedError', Cause: '{"errorMessage":"the cluster is busy"}' };

/** A failover that has fenced and shifted, and whose promotion nobody accepted. */
async function shiftedFailover(world: StepWorld): Promise<StepInput> {
  const input = await world.openFenced();
  await createFenceSource(world.context())(input);
  await createShiftTraffic(world.context())(input);
  await createWriteRecords(world.context())(input);
  return input;
}

describe('roll-back', () => {
  it('puts everything back in reverse, records each part, and ends FAILED', async () => {
    const world = stepWorld();
    const input = await shiftedFailover(world);
    expect(world.ports.records.weightOf(TOKYO)).toBe(100);
    const now = world.ports.clock.nowMs;
    expect(await createRollBack(world.context())({ ...input, error })).toEqual({
      compensated: true,
      reason: 'the cluster is busy',
    });
    expect(world.ports.evacuation.evacuated()).toEqual([]);
    expect([world.ports.records.weightOf(SINGAPORE), world.ports.records.weightOf(TOKYO)]).toEqual([100, 0]);
    expect(await world.state()).toMatchObject({
      activeRegion: SINGAPORE,
      writerRegion: SINGAPORE,
      evacuated: [],
      recordsPending: false,
      phase: 'STEADY',
      operationId: null,
      lastOperationEndedAtEpochMs: now,
    });
    expect(await world.record(input)).toMatchObject({ status: 'FAILED', endedAtEpochMs: now });
    expect(await world.lines(input, 'roll-back')).toMatchObject([
      { outcome: 'compensated', detail: { what: 'switch' } },
      { outcome: 'compensated', detail: { what: 'records', did: 'weights and records restored' } },
      { outcome: 'compensated', detail: { what: 'fence' } },
      { outcome: 'compensated', detail: { what: 'ttl', did: 'nothing to do' } },
      { outcome: 'done', detail: { reason: 'the cluster is busy' } },
    ]);
  });

  it('ends ABORTED where nothing had been changed, and says so part by part', async () => {
    const world = stepWorld();
    const input = await world.openFenced();
    await createRollBack(world.context())({ ...input, error });
    expect((await world.record(input)).status).toBe('ABORTED');
    const nothing = (what: string) => ({ outcome: 'compensated', detail: { what, did: 'nothing to do' } });
    expect(await world.lines(input, 'roll-back')).toMatchObject([
      nothing('switch'),
      nothing('records'),
      nothing('fence'),
      nothing('ttl'),
      { outcome: 'done' },
    ]);
  });

  it('takes the fence back alone where nothing else was done: FAILED', async () => {
    const world = stepWorld();
    const input = await world.openFenced();
    await createFenceSource(world.context())(input);
    await createRollBack(world.context())({ ...input, error });
    expect((await world.state()).writerRegion).toBe(SINGAPORE);
    expect((await world.record(input)).status).toBe('FAILED');
  });

  it.each([
    { now: { writerRegion: null, movingTo: TOKYO }, reason: `the data tier is moving the writer to ${TOKYO}` },
    { now: { writerRegion: TOKYO, movingTo: null }, reason: `${TOKYO} has become the writer` },
  ])('puts nothing back once $reason', async ({ now, reason }) => {
    const world = stepWorld();
    const input = await shiftedFailover(world);
    world.ports.dataTier.now = now;
    const before = await world.state();
    expect(await createRollBack(world.context())({ ...input, error })).toEqual({ compensated: false, reason });
    expect(await world.state()).toMatchObject({ ...before, leaseExpiresAtEpochMs: expect.any(Number) });
    expect(world.ports.evacuation.evacuated()).toEqual([SINGAPORE]);
    expect(await world.lines(input, 'roll-back')).toMatchObject([{ outcome: 'refused', detail: { reason } }]);
  });

  it('puts nothing back once the target may commit, also where there is nothing to promote', async () => {
    const world = stepWorld(NO_DATA);
    const input = await world.openFenced();
    await createFenceSource(world.context())(input);
    world.ports.coordination.failNext('appendEvent');
    await expect(createStartPromotion(world.context())(input)).rejects.toThrow();
    expect(await createRollBack(world.context())({ ...input, error })).toEqual({
      compensated: false,
      reason: `${TOKYO} has been given the right to commit`,
    });
    expect((await world.state()).writerRegion).toBe(TOKYO);
  });

  it.each([
    { seconds: 300, compensated: false },
    { seconds: 301, compensated: true },
  ])('$seconds s after a promotion was accepted of which nothing is seen: $compensated', async (row) => {
    const world = stepWorld();
    const input = await world.openFenced();
    await createFenceSource(world.context())(input);
    await world.addLine(input, { step: 'start-promotion', outcome: 'requested' });
    world.ports.clock.pass(row.seconds);
    const { compensated, reason } = await createRollBack(world.context())({ ...input, error });
    expect(compensated).toBe(row.compensated);
    expect((await world.state()).writerRegion).toBe(row.compensated ? SINGAPORE : null);
    if (!row.compensated) expect(reason).toContain('accepted the promotion 300 s ago');
  });

  it('does not judge by a data tier that gives no answer', async () => {
    const world = stepWorld();
    const input = await shiftedFailover(world);
    world.ports.dataTier.failures.status = noAnswer();
    await expect(createRollBack(world.context())({ ...input, error })).rejects.toMatchObject({ retryable: true });
    expect(world.ports.evacuation.evacuated()).toEqual([SINGAPORE]);
    expect((await createRollBack(world.context())({ ...input, error })).compensated).toBe(true);
  });

  it('is tried again where a guardian does not let go, and moves nothing else before', async () => {
    const world = stepWorld();
    const input = await shiftedFailover(world);
    world.ports.evacuation.down.add(SEOUL);
    await expect(createRollBack(world.context())({ ...input, error })).rejects.toMatchObject({
      name: 'SwitchFailedError',
      retryable: true,
    });
    expect(await world.state()).toMatchObject({ activeRegion: TOKYO, writerRegion: null });
    world.ports.evacuation.down.clear();
    expect((await createRollBack(world.context())({ ...input, error })).compensated).toBe(true);
    expect(world.ports.evacuation.evacuated()).toEqual([]);
  });

  it('leaves the records to the reconciler where Route 53 takes no changes', async () => {
    const world = stepWorld();
    const input = await shiftedFailover(world);
    world.ports.records.failures.apply = noAnswer();
    expect((await createRollBack(world.context())({ ...input, error })).compensated).toBe(true);
    expect(await world.state()).toMatchObject({ weights: { [SINGAPORE]: 100, [TOKYO]: 0 }, recordsPending: true });
    expect((await world.lines(input, 'roll-back'))[1]?.detail).toMatchObject({
      did: 'weights restored; the records follow',
    });
  });

  it('lets a Region that was out before stay out', async () => {
    const world = stepWorld();
    await world.setState({ evacuated: [SINGAPORE] });
    const input = await world.openFenced();
    await createShiftTraffic(world.context())(input);
    await createRollBack(world.context())({ ...input, error });
    expect(world.ports.evacuation.evacuated()).toEqual([SINGAPORE]);
    expect((await world.state()).evacuated).toEqual([SINGAPORE]);
  });

  it('puts traffic back also where the shift was not lived to be recorded', async () => {
    const world = stepWorld();
    const input = await world.openFenced();
    world.ports.coordination.failNext('appendEvent');
    await expect(createShiftTraffic(world.context())(input)).rejects.toThrow();
    await createRollBack(world.context())({ ...input, error });
    expect(await world.state()).toMatchObject({ activeRegion: SINGAPORE, evacuated: [] });
    expect(world.ports.evacuation.evacuated()).toEqual([]);
  });

  it.each([0, 1, 2, 3])('finishes what a run left after %i lines', async (lines) => {
    const world = stepWorld();
    const input = await shiftedFailover(world);
    const { coordination } = world.ports;
    const roll = createRollBack(world.context());
    const failAfter = (left: number): void =>
      coordination.interrupt('appendEvent', async () =>
        left === 0 ? Promise.reject(noAnswer()) : failAfter(left - 1),
      );
    failAfter(lines);
    await expect(roll({ ...input, error })).rejects.toMatchObject({ name: 'TransientPlatformError' });
    expect((await roll({ ...input, error })).compensated).toBe(true);
    expect((await world.record(input)).status).toBe('FAILED');
    expect(world.ports.evacuation.evacuated()).toEqual([]);
    expect(world.ports.records.weightOf(SINGAPORE)).toBe(100);
    expect(await world.state()).toMatchObject({ writerRegion: SINGAPORE, operationId: null });
  });

  it('gives the right to commit back as often as a fence has taken it', async () => {
    const world = stepWorld();
    const input = await world.openFenced();
    const { coordination } = world.ports;
    for (const _ of ['first', 'second']) {
      await createFenceSource(world.context())(input);
      coordination.failNext('setStatus');
      await expect(createRollBack(world.context())({ ...input, error })).rejects.toThrow();
      expect((await world.state()).writerRegion).toBe(SINGAPORE);
    }
  });

  it('run again after its end gives the same answer and changes nothing', async () => {
    const world = stepWorld();
    const input = await shiftedFailover(world);
    const roll = createRollBack(world.context());
    const first = await roll({ ...input, error });
    const [state, record] = [await world.state(), await world.record(input)];
    expect(await roll({ ...input, error })).toEqual(first);
    expect([await world.state(), await world.record(input)]).toEqual([state, record]);
  });
});
