import { describe, expect, it } from 'vitest';
import { createOpenSwitch } from '../../../lambdas/open-switch/open-switch.ts';
import { createReconcileRecords } from '../../../lambdas/reconcile-records/reconcile-records.ts';
import { createWriteRecords } from '../../../lambdas/write-records/write-records.ts';
import type { StepInput } from '../../../state-machines/contracts.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { FAILED, type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

/** A failback on its first rung, as the Region sees it that serves meanwhile. */
async function onFirstRung(): Promise<{ world: StepWorld; input: StepInput; reconcile: () => Promise<unknown> }> {
  const world = stepWorld();
  const input = await world.open('failback');
  await createOpenSwitch(world.context())(input);
  await createWriteRecords(world.context())({ ...input, weights: { [SINGAPORE]: 10, [TOKYO]: 90 } });
  return { world, input, reconcile: createReconcileRecords(world.context(TOKYO)) };
}

const LONGER_THAN_ANY_LEASE_SECONDS = 3600;

describe('a failback whose returning Region dies', () => {
  it('is taken out of the answers by the Region that serves, while its lease still runs', async () => {
    const { world, reconcile } = await onFirstRung();
    await world.observe(SINGAPORE, { all: FAILED });
    expect(await reconcile()).toMatchObject({ records: 'not-mine', reason: expect.stringMatching(/is out, D200: /) });
    expect(world.ports.evacuation.evacuated()).toEqual([SINGAPORE]);
  });

  it.each([
    { what: 'is not known to be dead', all: { status: 'unknown' as const }, set: {} },
    { what: 'is healthy', all: {}, set: {} },
    { what: 'is healthy and the writer', all: {}, set: { writerRegion: SINGAPORE } },
    { what: 'may be the writer soon, or not', all: FAILED, set: { writerRegion: null } },
  ])('keeps its share while it $what', async ({ all, set }) => {
    const { world, reconcile } = await onFirstRung();
    await world.observe(SINGAPORE, { all });
    await world.setState(set);
    expect(await reconcile()).toMatchObject({ records: 'not-mine', reason: expect.stringMatching(/is running$/) });
    expect(world.ports.evacuation.evacuated()).toEqual([]);
  });

  it('is not acted on in a failover', async () => {
    const world = stepWorld();
    await world.open('failover');
    await world.observe(TOKYO, { all: FAILED });
    await createReconcileRecords(world.context(SINGAPORE))();
    expect(world.ports.evacuation.evacuated()).toEqual([]);
  });
});

describe('a failback whose returning Region dies with the data writer in it', () => {
  it('is ended at once: that Region is the one to be left, and no failover waits for a lease or a cool-down', async () => {
    const { world, input, reconcile } = await onFirstRung();
    await world.setState({ writerRegion: SINGAPORE, lastOperationEndedAtEpochMs: world.ports.clock.nowMs });
    await world.observe(SINGAPORE, { all: FAILED });
    const before = await world.state();
    expect(await reconcile()).toMatchObject({
      records: 'not-mine',
      reason: expect.stringMatching(/to be left, D200: /),
    });
    expect(await world.state()).toEqual({
      ...before,
      phase: 'FAILED_OVER',
      operationId: null,
      leaseExpiresAtEpochMs: null,
      lastOperationEndedAtEpochMs: null,
      activeRegion: SINGAPORE,
    });
    expect(world.ports.evacuation.evacuated()).toEqual([]);
    expect(await world.record(input)).toMatchObject({ status: 'ABORTED' });
    expect(await world.lines(input, 'reconcile-records')).toMatchObject([
      { outcome: 'refused', detail: { reasons: [expect.stringMatching(/^D200: /)], handedOver: expect.any(String) } },
    ]);
    expect(await reconcile()).toEqual({ records: 'not-mine' });
    const late = createWriteRecords(world.context(SINGAPORE))({ ...input, weights: { [SINGAPORE]: 100, [TOKYO]: 0 } });
    await expect(late).rejects.toMatchObject({ name: 'OperationLostError' });
  });

  it('stays with its person where it is held, who may then start the failover', async () => {
    const { world, input, reconcile } = await onFirstRung();
    await world.setState({ writerRegion: SINGAPORE, phase: 'NEEDS_OPERATOR' });
    await world.observe(SINGAPORE, { all: FAILED });
    await reconcile();
    expect(await world.state()).toMatchObject({
      phase: 'NEEDS_OPERATOR',
      operationId: null,
      leaseExpiresAtEpochMs: null,
      activeRegion: SINGAPORE,
    });
    expect(await world.record(input)).toMatchObject({ status: 'NEEDS_OPERATOR' });
  });

  it('is let go on where the writer is taken back from there in the same moment', async () => {
    const { world, reconcile } = await onFirstRung();
    await world.setState({ writerRegion: SINGAPORE });
    await world.observe(SINGAPORE, { all: FAILED });
    world.ports.coordination.interrupt('readOperation', () => world.setState({ writerRegion: null }));
    await reconcile();
    expect(await world.state()).toMatchObject({ phase: 'FAILING_BACK', activeRegion: TOKYO, writerRegion: null });
  });
});

describe('a failback that has not been heard of for too long', () => {
  it('is ended: all traffic where the writer is, the returning Region out, and nobody waits for a cool-down', async () => {
    const { world, input, reconcile } = await onFirstRung();
    world.ports.clock.pass(LONGER_THAN_ANY_LEASE_SECONDS);
    expect(await reconcile()).toEqual({ records: 'written' });
    expect(await world.state()).toMatchObject({
      phase: 'FAILED_OVER',
      operationId: null,
      activeRegion: TOKYO,
      evacuated: [SINGAPORE],
      weights: { [SINGAPORE]: 0, [TOKYO]: 100 },
      recordsPending: false,
      lastOperationEndedAtEpochMs: null,
    });
    expect(world.ports.evacuation.evacuated()).toEqual([SINGAPORE]);
    expect(world.ports.records.weightOf(SINGAPORE)).toBe(0);
    expect(await world.record(input)).toMatchObject({ status: 'ABORTED' });
    expect(await reconcile()).toEqual({ records: 'agreed' });
  });

  it('can still be gone on with, or ended, by the commands that were told where nobody may write', async () => {
    const { world, input, reconcile } = await onFirstRung();
    await world.setState({ writerRegion: null });
    world.ports.clock.pass(LONGER_THAN_ANY_LEASE_SECONDS);
    await reconcile();
    const { operationId } = input.operation;
    expect(await world.state()).toMatchObject({ phase: 'FAILING_BACK', operationId, activeRegion: TOKYO });
    expect((await world.record(input)).endedAtEpochMs).toBeNull();
    expect(world.ports.evacuation.evacuated()).toEqual([]);
    expect(world.ports.records.weightOf(SINGAPORE)).toBe(10);
  });

  it('waits for a person where the writer is in the returning Region', async () => {
    const { world, input, reconcile } = await onFirstRung();
    await world.setState({ writerRegion: SINGAPORE });
    world.ports.clock.pass(LONGER_THAN_ANY_LEASE_SECONDS);
    await reconcile();
    const held = { phase: 'NEEDS_OPERATOR', operationId: null, activeRegion: SINGAPORE };
    expect(await world.state()).toMatchObject(held);
    expect(world.ports.evacuation.evacuated()).toEqual([]);
    expect(world.ports.records.weightOf(SINGAPORE)).toBe(10);
    expect(await world.record(input)).toMatchObject({ status: 'NEEDS_OPERATOR' });
  });

  it('is left to its machine where that speaks again in the same moment', async () => {
    const { world, reconcile } = await onFirstRung();
    world.ports.clock.pass(LONGER_THAN_ANY_LEASE_SECONDS);
    world.ports.coordination.interrupt('readOperation', async () => {
      await world.setState({ leaseExpiresAtEpochMs: world.ports.clock.nowMs + 60_000 });
    });
    await reconcile();
    expect(await world.state()).toMatchObject({ phase: 'FAILING_BACK', evacuated: [] });
  });
});
