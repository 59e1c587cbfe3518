import { describe, expect, it } from 'vitest';
import { createCloseOperation } from '../../../lambdas/close-operation/close-operation.ts';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { stepWorld } from '../../_helpers/steps/step-world.ts';

describe('an operation that is opened after another one has died', () => {
  it('remembers who wrote before that one took the right to write away', async () => {
    const world = stepWorld();
    await createFenceSource(world.context())(await world.open('failover', {}, 'first'));
    expect(await world.state()).toMatchObject({ writerRegion: null, phase: 'FAILING_OVER' });
    world.ports.clock.pass(3600);
    const input = await world.open('failover', {}, 'second');
    expect((await world.record(input)).before).toMatchObject({
      phase: 'STEADY',
      activeRegion: SINGAPORE,
      writerRegion: SINGAPORE,
    });
  });

  it('takes the application for failed over where traffic had moved already', async () => {
    const world = stepWorld();
    await world.open('failover', {}, 'first');
    await world.setState({ activeRegion: TOKYO, writerRegion: TOKYO });
    world.ports.clock.pass(3600);
    const input = await world.open('failover', { source: TOKYO, target: SINGAPORE }, 'second');
    expect((await world.record(input)).before).toMatchObject({
      phase: 'FAILED_OVER',
      activeRegion: TOKYO,
      writerRegion: TOKYO,
    });
  });
});

describe('an operation that is opened over a failback whose machine is gone', () => {
  /** The failback died on its first rung; the next operation ends with nothing changed. */
  const abortedOver = async (
    left: Parameters<ReturnType<typeof stepWorld>['setState']>[0],
    request = { source: TOKYO, target: SINGAPORE },
  ) => {
    const world = stepWorld();
    await world.open('failback', {}, 'first');
    await world.setState({ weights: { [SINGAPORE]: 50, [TOKYO]: 50 }, evacuated: [], ...left });
    world.ports.clock.pass(3600);
    const input = await world.open('failover', request, 'second');
    const { weights, evacuated } = await world.state();
    const { before } = await world.record(input);
    await createCloseOperation(world.context())({ ...input, status: 'ABORTED', reason: 'a gate is closed' });
    return { opened: { weights, evacuated }, before, end: await world.state() };
  };

  it('leaves all traffic where the writer is, though it changes nothing itself', async () => {
    const back = { weights: { [SINGAPORE]: 0, [TOKYO]: 100 }, evacuated: [SINGAPORE] };
    const { opened, before, end } = await abortedOver({});
    expect(opened).toEqual(back);
    expect(before).toMatchObject(back);
    expect(end).toMatchObject({ ...back, phase: 'FAILED_OVER', activeRegion: TOKYO, recordsPending: true });
  });

  it('leaves it on both Regions where the writer has left the one that served', async () => {
    const { end } = await abortedOver({ writerRegion: SINGAPORE });
    expect(end).toMatchObject({ weights: { [SINGAPORE]: 50, [TOKYO]: 50 }, evacuated: [], recordsPending: false });
  });

  it('has nothing to put right where the failback had let nobody in yet', async () => {
    const { end } = await abortedOver({ weights: { [SINGAPORE]: 0, [TOKYO]: 100 }, evacuated: [SINGAPORE] });
    expect(end.recordsPending).toBe(false);
  });
});
