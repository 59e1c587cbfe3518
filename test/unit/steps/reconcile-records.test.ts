import { describe, expect, it } from 'vitest';
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

  it('says what keeps it from writing', async () => {
    const { world, reconcile } = await pending();
    world.ports.records.live = [];
    expect(await reconcile()).toMatchObject({ records: 'refused', reason: expect.stringContaining('deploy') });
    expect((await world.state()).recordsPending).toBe(true);
  });
});
