import { describe, expect, it } from 'vitest';
import { createCloseOperation } from '../../../lambdas/close-operation/close-operation.ts';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { createReconcileRecords } from '../../../lambdas/reconcile-records/reconcile-records.ts';
import { createRollBack } from '../../../lambdas/roll-back/roll-back.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { stepWorld } from '../../_helpers/steps/step-world.ts';

const error = { Error: 'PromotionRefusedError', Cause: 'refused' };

/** An operation that has taken the right to commit away. */
async function fenced() {
  const world = stepWorld();
  const input = await world.open();
  await createFenceSource(world.context())(input);
  world.ports.clock.pass(60);
  return { world, input, measured: world.ports.telemetry.measured };
}

describe('the metrics of an operation', () => {
  it('are published under the Region that was moved to, when its end is put on record', async () => {
    const { world, input, measured } = await fenced();
    await createCloseOperation(world.context())({ ...input, status: 'SUCCEEDED' });
    expect(measured).toEqual([
      {
        region: TOKYO,
        values: {
          'failover.events.total': 1,
          'failover.events.manual': 1,
          'failover.duration.seconds': 60,
        },
      },
    ]);
  });

  it.each(['setStatus', 'transition'] as const)(
    'are published once though %s fails and the step runs again',
    async (call) => {
      const { world, input, measured } = await fenced();
      const close = createCloseOperation(world.context());
      // The first transition of the step extends the lease; the second one gives it back.
      if (call === 'setStatus') world.ports.coordination.failNext(call);
      else world.ports.coordination.interrupt('setStatus', async () => world.ports.coordination.failNext('transition'));
      await expect(close({ ...input, status: 'SUCCEEDED' })).rejects.toMatchObject({ retryable: true });
      await close({ ...input, status: 'SUCCEEDED' });
      await close({ ...input, status: 'SUCCEEDED' });
      expect(measured).toHaveLength(1);
    },
  );

  it('are published once by a roll back that runs again', async () => {
    const { world, input, measured } = await fenced();
    const rollBack = createRollBack(world.context());
    world.ports.coordination.failNext('setStatus');
    await expect(rollBack({ ...input, error })).rejects.toMatchObject({ retryable: true });
    await rollBack({ ...input, error });
    await rollBack({ ...input, error });
    expect(measured).toHaveLength(1);
    expect(measured[0]?.values).not.toHaveProperty('failover.rto.actual');
  });

  it('are none where a gate refused', async () => {
    const world = stepWorld();
    const input = await world.open();
    await createCloseOperation(world.context())({ ...input, status: 'ABORTED', reason: 'lag 30 s' });
    expect(world.ports.telemetry.measured).toEqual([]);
  });

  it('are published for a failback whose machine is gone', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    await world.addLine(input, { step: 'open-switch', outcome: 'done' });
    world.ports.clock.pass(3_600);
    await createReconcileRecords(world.context(TOKYO))();
    await createReconcileRecords(world.context(TOKYO))();
    expect(world.ports.telemetry.measured).toEqual([
      { region: SINGAPORE, values: { 'failback.events.total': 1, 'failback.duration.hours': 1 } },
    ]);
  });
});
