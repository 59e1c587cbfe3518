import { describe, expect, it } from 'vitest';
import { createClimbLadder } from '../../../lambdas/climb-ladder/climb-ladder.ts';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import type { StepInput } from '../../../state-machines/contracts.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { FAILED, NO_DATA, type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const LOOK_AGAIN = { next: 'wait', waitSeconds: 10 };
const MOVE = { next: 'move-writer' };

/** A failback whose next step is the move of the writer. */
async function beforeMove(config?: Parameters<typeof stepWorld>[0]): Promise<{
  readonly world: StepWorld;
  readonly input: StepInput;
  readonly climb: () => Promise<unknown>;
}> {
  const world = stepWorld(config);
  const input = await world.open('failback');
  await world.observe(TOKYO);
  await world.setState({ weights: { [SINGAPORE]: 50, [TOKYO]: 50 } });
  for (const percent of [10, 50])
    await world.addLine(input, { step: 'check-rung', outcome: 'done', detail: { percent } });
  return { world, input, climb: () => createClimbLadder(world.context())(input) };
}

describe('climb-ladder, before the writer is fenced', () => {
  it.each([
    { what: '5 s behind', seconds: 5, ageSeconds: 0, next: MOVE },
    { what: '5.1 s behind', seconds: 5.1, ageSeconds: 0, next: LOOK_AGAIN },
    { what: 'measured 180 s ago', seconds: 1, ageSeconds: 180, next: MOVE },
    { what: 'measured 181 s ago', seconds: 1, ageSeconds: 181, next: LOOK_AGAIN },
    { what: 'never measured', seconds: undefined, ageSeconds: 0, next: LOOK_AGAIN },
  ])('finds a copy $what', async ({ seconds, ageSeconds, next }) => {
    const { world, climb } = await beforeMove();
    if (seconds !== undefined) world.copyBehind(SINGAPORE, seconds);
    world.ports.clock.pass(ageSeconds);
    await world.observe(TOKYO);
    expect(await climb()).toEqual(next);
    expect((await world.state()).writerRegion).toBe(TOKYO);
  });

  it('goes on once the copy is near, and puts on record what it waited for', async () => {
    const { world, input, climb } = await beforeMove();
    world.copyBehind(SINGAPORE, 900);
    expect([await climb(), await climb()]).toEqual([LOOK_AGAIN, LOOK_AGAIN]);
    world.copyBehind(SINGAPORE, 1);
    expect([await climb(), await climb()]).toEqual([MOVE, MOVE]);
    expect(await world.lines(input, 'climb-ladder')).toMatchObject([
      { outcome: 'waiting', detail: { copyIn: SINGAPORE, lagSeconds: 900 } },
      { outcome: 'done', detail: { copyIn: SINGAPORE, lagSeconds: 1 } },
    ]);
  });

  it('gives up after failover.lagMinutes with nobody fenced; who resumes gives it time again', async () => {
    const { world, climb } = await beforeMove();
    world.copyBehind(SINGAPORE, 900);
    await climb();
    world.ports.clock.pass(899);
    await world.observe(TOKYO);
    world.copyBehind(SINGAPORE, 900);
    expect(await climb()).toEqual(LOOK_AGAIN);
    world.ports.clock.pass(1);
    const message = expect.stringContaining('lag into ap-southeast-1 is 900.0 s, 5 s are allowed');
    await expect(climb()).rejects.toMatchObject({ name: 'DataNotCaughtUpError', message });
    expect((await world.state()).writerRegion).toBe(TOKYO);
    expect(await climb()).toEqual(LOOK_AGAIN);
  });

  it('ends where the Region that serves fails meanwhile', async () => {
    const { world, climb } = await beforeMove();
    await world.observe(TOKYO, { all: FAILED });
    await expect(climb()).rejects.toMatchObject({ name: 'CurrentRegionFailedError' });
  });

  it('keeps nobody waiting whose right to write is taken already', async () => {
    const { world, input, climb } = await beforeMove();
    world.copyBehind(SINGAPORE, 900);
    await createFenceSource(world.context())(input);
    expect(await climb()).toEqual(MOVE);
  });

  it('has nothing to look at where nothing replicates', async () => {
    expect(await (await beforeMove(NO_DATA)).climb()).toEqual(MOVE);
  });
});
