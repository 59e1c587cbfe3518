import { describe, expect, it } from 'vitest';
import { epochRecord } from '../../../core/routing/epoch-record.ts';
import { createReconcileRecords } from '../../../lambdas/reconcile-records/reconcile-records.ts';
import { SEOUL, SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { noAnswer } from '../../_helpers/steps/fake-ports.ts';
import { FAILED_OVER, stepWorld } from '../../_helpers/steps/step-world.ts';

async function pending() {
  const world = stepWorld();
  await world.setState({ ...FAILED_OVER, recordsPending: true });
  world.ports.evacuation.objects.set(`${TOKYO}/${SINGAPORE}`, 1);
  return { world, reconcile: createReconcileRecords(world.context()) };
}

describe('reconcile-records', () => {
  it('writes the records and sets the switch in the guardian that had not taken it', async () => {
    const { world, reconcile } = await pending();
    expect(await reconcile()).toEqual({ records: 'written' });
    expect(world.ports.records.weightOf(TOKYO)).toBe(100);
    expect([...world.ports.evacuation.objects.keys()]).toEqual([`${TOKYO}/${SINGAPORE}`, `${SEOUL}/${SINGAPORE}`]);
    expect((await world.state()).recordsPending).toBe(false);
    expect(await reconcile()).toEqual({ records: 'agreed' });
    expect(world.ports.records.batches).toHaveLength(1);
  });

  it('acts in the active Region alone', async () => {
    const { world } = await pending();
    expect(await createReconcileRecords(world.context(SINGAPORE))()).toEqual({ records: 'not-mine' });
    expect(world.ports.evacuation.objects.size).toBe(1);
  });

  it('keeps out of the way of an operation that runs, and finishes for one that is gone', async () => {
    const { world, reconcile } = await pending();
    await world.setState({ operationId: 'lost', leaseExpiresAtEpochMs: world.ports.clock.nowMs + 1000 });
    expect(await reconcile()).toEqual({ records: 'not-mine', reason: 'operation lost is running' });
    world.ports.clock.pass(1);
    expect(await reconcile()).toEqual({ records: 'written' });
  });

  it.each(['list', 'apply'] as const)('tries again where %s gets no answer', async (failure) => {
    const { world, reconcile } = await pending();
    world.ports.records.failures[failure] = noAnswer();
    await expect(reconcile()).rejects.toMatchObject({ retryable: true });
    expect((await world.state()).recordsPending).toBe(true);
    expect((await reconcile()).records).not.toBe('refused');
    expect((await world.state()).recordsPending).toBe(false);
  });

  it('keeps the weights for the next deployment where only that has failed', async () => {
    const { world, reconcile } = await pending();
    world.ports.records.failures.keepWeights = noAnswer();
    expect(await reconcile()).toEqual({ records: 'written' });
    expect(await world.state()).toMatchObject({ recordsPending: false, weightsPending: true });
    expect(world.ports.records.parameters.size).toBe(0);
    expect(await reconcile()).toEqual({ records: 'agreed' });
    expect((await world.state()).weightsPending).toBe(false);
    expect(world.ports.records.parameters.size).toBe(2);
  });

  it('takes away a switch that a silent guardian has kept', async () => {
    const { world, reconcile } = await pending();
    world.ports.evacuation.objects.set(`${SEOUL}/${TOKYO}`, 0);
    await reconcile();
    expect(world.ports.evacuation.evacuated()).not.toContain(TOKYO);
  });

  describe('has the Region that serves let go of the switch of the one that was left', () => {
    const heldBy = async (
      set: Parameters<Awaited<ReturnType<typeof pending>>['world']['setState']>[0],
      seconds: number,
    ) => {
      const { world, reconcile } = await pending();
      await reconcile();
      await world.setState(set);
      world.ports.clock.pass(seconds);
      await reconcile();
      return [...world.ports.evacuation.objects.keys()].toSorted();
    };
    const both = [`${TOKYO}/${SINGAPORE}`, `${SEOUL}/${SINGAPORE}`].toSorted();

    it('once every server answers by the records, and not before', async () => {
      expect(await heldBy({}, 299)).toEqual(both);
      expect(await heldBy({}, 300)).toEqual([`${SEOUL}/${SINGAPORE}`]);
    });

    it('and hold it again while records are pending', async () => {
      const { world, reconcile } = await pending();
      await reconcile();
      world.ports.clock.pass(300);
      await reconcile();
      await world.setState({ recordsPending: true });
      await reconcile();
      expect([...world.ports.evacuation.objects.keys()].toSorted()).toEqual(both);
    });

    it('but not while any weight is on the other one', async () => {
      expect(await heldBy({ weights: { [SINGAPORE]: 1, [TOKYO]: 100 } }, 300)).toEqual(both);
    });

    it('but not while no other guardian answers', async () => {
      const { world, reconcile } = await pending();
      await reconcile();
      world.ports.evacuation.down.add(SEOUL);
      world.ports.clock.pass(300);
      await reconcile();
      expect([...world.ports.evacuation.objects.keys()].toSorted()).toEqual(both);
    });
  });

  it('says what keeps it from writing', async () => {
    const { world, reconcile } = await pending();
    world.ports.records.live = [];
    expect(await reconcile()).toMatchObject({ records: 'refused', reason: expect.stringContaining('deploy') });
    expect((await world.state()).recordsPending).toBe(true);
  });
});

describe('after a deployment that failed', () => {
  /** Failed over and finished; the rollback of a deployment then put the weights of the one before back. */
  async function rolledBack() {
    const world = stepWorld();
    await world.setState(FAILED_OVER);
    return { world, reconcile: createReconcileRecords(world.context()) };
  }

  it('puts the weights of the state back, though nothing was pending, and keeps them', async () => {
    const { world, reconcile } = await rolledBack();
    expect(world.ports.records.weightOf(SINGAPORE)).toBe(100);
    expect(await reconcile()).toEqual({ records: 'written' });
    expect([SINGAPORE, TOKYO].map(world.ports.records.weightOf)).toEqual([0, 100]);
    expect(Object.fromEntries(world.ports.records.parameters)).toEqual({ [SINGAPORE]: 0, [TOKYO]: 100 });
    expect(await world.state()).toMatchObject({ recordsPending: false, weightsPending: false });
  });

  it('writes once: with records and state of one mind, it only looks', async () => {
    const { world, reconcile } = await rolledBack();
    await reconcile();
    const before = await world.state();
    world.ports.clock.pass(60);
    expect(await reconcile()).toEqual({ records: 'agreed' });
    expect(world.ports.records.batches).toHaveLength(1);
    expect(await world.state()).toEqual(before);
  });

  it('leaves what else the deployment changed of a record', async () => {
    const { world, reconcile } = await rolledBack();
    world.ports.records.live = world.ports.records.live.map((record) =>
      record.TTL === undefined ? record : { ...record, TTL: 30 },
    );
    await reconcile();
    const weighted = world.ports.records.live.filter(({ Weight }) => Weight !== undefined);
    expect(weighted.map(({ TTL, Weight }) => [TTL, Weight]).toSorted()).toEqual([
      [30, 0],
      [30, 100],
    ]);
  });

  it('does not fight an operation that runs: its weights are its own', async () => {
    const { world, reconcile } = await rolledBack();
    await world.setState({ operationId: 'running', leaseExpiresAtEpochMs: world.ports.clock.nowMs + 1000 });
    expect(await reconcile()).toEqual({ records: 'not-mine', reason: 'operation running is running' });
    expect(world.ports.records.batches).toEqual([]);
  });

  it.each(['FAILING_OVER', 'NEEDS_OPERATOR'] as const)('does not fight who settles it in %s', async (phase) => {
    const { world, reconcile } = await rolledBack();
    await world.setState({ phase });
    expect(await reconcile()).toEqual({ records: 'agreed' });
    expect(world.ports.records.batches).toEqual([]);
  });

  it('gives way to an operation that has begun in between', async () => {
    const { world, reconcile } = await rolledBack();
    const newer = epochRecord(world.config, { epoch: 2, sequence: 1 });
    world.ports.records.live = [...world.ports.records.live, newer];
    expect(await reconcile()).toMatchObject({ records: 'refused', reason: expect.stringContaining('epoch 2') });
    expect(world.ports.records.batches).toEqual([]);
  });
});
