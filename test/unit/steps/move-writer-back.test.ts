import { describe, expect, it } from 'vitest';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { createCheckPromotion } from '../../../lambdas/check-promotion/check-promotion.ts';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { createRetreatFailback } from '../../../lambdas/retreat-failback/retreat-failback.ts';
import { createStartPromotion } from '../../../lambdas/start-promotion/start-promotion.ts';
import type { MoveWriterInput, StepInput } from '../../../state-machines/contracts.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { noAnswer } from '../../_helpers/steps/fake-ports.ts';
import { NO_DATA, type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const DONE = { done: true, waitSeconds: 0 };
const FAILED = { Error: 'PromotionRefusedError', Cause: '{"errorMessage":"not now"}' };

/** The steps of a move, each until it is done. */
async function move(world: StepWorld, input: MoveWriterInput, writerRegion: string): Promise<void> {
  const fence = createFenceSource(world.context());
  while (!(await fence(input)).done) world.ports.clock.pass(5);
  await createStartPromotion(world.context())(input);
  world.ports.dataTier.now = { writerRegion, movingTo: null };
  expect(await createCheckPromotion(world.context())(input)).toEqual(DONE);
}

/** A failback whose writer has moved and commits. */
async function moved(config?: ResolvedConfig): Promise<{ world: StepWorld; input: StepInput; back: MoveWriterInput }> {
  const world = stepWorld(config);
  const input = await world.open('failback');
  await move(world, input, SINGAPORE);
  expect(await world.state()).toMatchObject({ writerRegion: SINGAPORE, writerEpoch: 2, epoch: 2 });
  const lease = world.ports.clock.nowMs + 20_000;
  await world.setState({
    writeLeaseRegion: SINGAPORE,
    writeLeaseHolder: 'there',
    writeLeaseExpiresAtEpochMs: lease,
    fenceAcknowledgedEpoch: 2,
  });
  await world.observe(TOKYO);
  world.copyBehind(TOKYO, 5);
  return { world, input, back: { ...input, back: true } };
}

describe('a writer that is moved back', () => {
  it.each([
    { what: 'with a database', config: undefined },
    { what: 'with nothing to promote', config: NO_DATA },
  ])('writes under an epoch of its own, $what', async ({ config }) => {
    const { world, input, back } = await moved(config);
    await move(world, back, TOKYO);
    expect(await world.state()).toMatchObject({ writerRegion: TOKYO, writerEpoch: 3, epoch: 3 });
    const fences = (await world.lines(input, 'fence-source')).filter(({ outcome }) => outcome === 'done');
    expect(fences.map(({ detail }) => detail)).toMatchObject([
      { writerEpoch: 2, formerWriter: TOKYO },
      { writerEpoch: 3, formerWriter: SINGAPORE, by: 'lease-expired' },
    ]);
  });

  it('is not promoted before the last lease of the other Region is over', async () => {
    const { world, back } = await moved();
    expect(await createFenceSource(world.context())(back)).toMatchObject({ done: false });
    await expect(createStartPromotion(world.context())(back)).rejects.toMatchObject({ name: 'FenceMissingError' });
    world.ports.clock.pass(24);
    expect(await createFenceSource(world.context())(back)).toMatchObject({ done: false });
    world.ports.clock.pass(1);
    expect(await createFenceSource(world.context())(back)).toEqual(DONE);
    expect((await world.state()).epoch).toBe(3);
  });

  it('is asked for once, as a move that loses nothing, under a name of its own', async () => {
    const { world, back } = await moved();
    await move(world, back, TOKYO);
    await createStartPromotion(world.context())(back);
    expect(await createFenceSource(world.context())(back)).toEqual(DONE);
    expect(world.ports.dataTier.asked).toMatchObject([
      { target: SINGAPORE, mode: 'switchover' },
      { target: TOKYO, mode: 'switchover' },
    ]);
    expect(world.ports.dataTier.identities.map(({ operationId }) => operationId)).toEqual([
      'failback-by-hand',
      'failback-by-hand-3',
    ]);
    expect((await world.state()).epoch).toBe(3);
  });

  it('is followed by the traffic', async () => {
    const { world, input, back } = await moved();
    const retreat = createRetreatFailback(world.context());
    expect(await retreat({ ...input, reasons: ['errors'] })).toMatchObject({ moveWriterBack: true });
    await move(world, back, TOKYO);
    await world.observe(TOKYO);
    expect(await retreat({ ...input, reasons: ['errors'] })).toMatchObject({ compensated: true });
    expect(world.ports.evacuation.evacuated()).toEqual([SINGAPORE]);
    expect(await world.state()).toMatchObject({ writerRegion: TOKYO, evacuated: [SINGAPORE] });
  });

  it('moves forward again where an operator resumes, under one more epoch', async () => {
    const { world, input, back } = await moved();
    await move(world, back, TOKYO);
    await move(world, input, SINGAPORE);
    expect(await world.state()).toMatchObject({ writerRegion: SINGAPORE, writerEpoch: 4, epoch: 4 });
    expect(world.ports.dataTier.asked).toHaveLength(3);
  });

  it.each([
    { where: 'the data tier says that it writes still', now: { writerRegion: SINGAPORE, movingTo: null }, stays: true },
    { where: 'it may be moving', now: { writerRegion: SINGAPORE, movingTo: TOKYO }, stays: false },
    { where: 'nobody knows who writes', now: { writerRegion: null, movingTo: null }, stays: false },
  ])('stays where it is if it cannot be moved: may it write, where $where: $stays', async ({ now, stays }) => {
    const { world, input, back } = await moved();
    world.ports.clock.pass(60);
    await createFenceSource(world.context())(back);
    world.ports.dataTier.now = now;
    const output = await createRetreatFailback(world.context())({ ...input, error: FAILED, giveUp: true });
    expect(output).toMatchObject({ compensated: false, moveWriterBack: false });
    expect(output.reason).toMatch(stays ? /ap-southeast-1 may write again: not now/ : /nobody may write/);
    expect((await world.state()).writerRegion).toBe(stays ? SINGAPORE : null);
    expect(world.ports.evacuation.evacuated()).toEqual([]);
  });

  it('may write on at once where the fence itself failed', async () => {
    const { world, input, back } = await moved();
    world.ports.coordination.failNext('appendEvent');
    world.ports.clock.pass(60);
    await expect(createFenceSource(world.context())(back)).rejects.toMatchObject({ retryable: true });
    await createRetreatFailback(world.context())({ ...input, error: FAILED, giveUp: true });
    expect(await world.state()).toMatchObject({ writerRegion: SINGAPORE, writerEpoch: 3 });
  });

  it('is not judged by a data tier that does not answer', async () => {
    const { world, input } = await moved();
    world.ports.dataTier.failures.status = noAnswer();
    const retreat = createRetreatFailback(world.context())({ ...input, reasons: ['errors'] });
    await expect(retreat).rejects.toMatchObject({ retryable: true });
  });
});
