import { describe, expect, it } from 'vitest';
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
