import { describe, expect, it } from 'vitest';
import { nextLeaseAction, WRITE_LEASE } from '../../../core/operation/write-lease.ts';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { createRollBack } from '../../../lambdas/roll-back/roll-back.ts';
import { SINGAPORE } from '../../_helpers/coordination-samples.ts';
import { type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const DONE = { done: true, waitSeconds: 0 };
const error = { Error: 'PromotionRefusedError', Cause: 'not now' };

/** The write lease of a Region, renewed at this moment. */
async function renewLease({ ports, setState }: StepWorld, region = SINGAPORE): Promise<void> {
  const until = ports.clock.nowMs + WRITE_LEASE.durationMs;
  await setState({ writeLeaseExpiresAtEpochMs: until, writeLeaseRegion: region, writeLeaseHolder: region });
}

/** Lets the writer of Singapore do what the table asks of it. */
async function acknowledge(world: StepWorld, heldEpoch: number): Promise<void> {
  const nowEpochMs = world.ports.clock.nowMs;
  const action = nextLeaseAction(await world.state(), { region: SINGAPORE, holder: SINGAPORE, heldEpoch, nowEpochMs });
  if (action.kind !== 'acknowledge-fence') throw new Error(`the writer does ${action.kind}`);
  await world.ports.coordination.transition(action.transition);
}

describe('fence-source', () => {
  it('takes the right to commit at once where nobody ever took it up', async () => {
    const world = stepWorld();
    const input = await world.open();
    expect(await createFenceSource(world.context())(input)).toEqual(DONE);
    expect(await world.state()).toMatchObject({ writerEpoch: 1, writerRegion: null, activeRegion: SINGAPORE });
    expect(await world.lines(input, 'fence-source')).toMatchObject([
      { outcome: 'done', detail: { writerEpoch: 1, by: 'never-held', formerWriter: SINGAPORE } },
    ]);
  });

  it.each([
    { seconds: 24.999, done: false },
    { seconds: 25, done: true },
  ])('$seconds s after the last renewal a silent source is fenced: $done', async ({ seconds, done }) => {
    const world = stepWorld();
    const input = await world.open();
    await renewLease(world);
    const fence = createFenceSource(world.context());
    expect(await fence(input)).toEqual({ done: false, waitSeconds: 2 });
    world.ports.clock.pass(seconds);
    expect(await fence(input)).toEqual(done ? DONE : { done: false, waitSeconds: 1 });
    expect((await world.lines(input, 'fence-source')).map(({ detail }) => detail['by'])).toEqual(
      done ? ['lease-expired'] : [],
    );
  });

  it('is done with the word of a source that is alive', async () => {
    const world = stepWorld();
    const input = await world.open();
    await renewLease(world);
    const fence = createFenceSource(world.context());
    expect((await fence(input)).done).toBe(false);
    await acknowledge(world, 0);
    expect(await fence(input)).toEqual(DONE);
    expect((await world.lines(input, 'fence-source'))[0]?.detail).toMatchObject({ by: 'acknowledged' });
  });

  it('keeps the parting of a failover that nothing has settled since', async () => {
    const world = stepWorld();
    await world.setState({ partedAtEpochMs: 1_000 });
    const input = await world.open();
    const detail = { lagSeconds: 1, lagMeasuredAtEpochMs: world.ports.clock.nowMs };
    await world.addLine(input, { step: 'validate-target', outcome: 'done', detail });
    await createFenceSource(world.context())(input);
    expect((await world.state()).partedAtEpochMs).toBe(1_000);
  });

  it('parts the Regions, until it is taken back with nobody having written elsewhere', async () => {
    const world = stepWorld();
    const input = await world.open();
    const lagMeasuredAtEpochMs = world.ports.clock.nowMs;
    await world.addLine(input, {
      step: 'validate-target',
      outcome: 'done',
      detail: { lagSeconds: 1, lagMeasuredAtEpochMs },
    });
    await createFenceSource(world.context())(input);
    expect((await world.state()).partedAtEpochMs).toBe(lagMeasuredAtEpochMs - 1_000);
    await createRollBack(world.context())({ ...input, error });
    expect(await world.state()).toMatchObject({ writerRegion: SINGAPORE, partedAtEpochMs: 'agreed' });
  });

  it('run again changes nothing, and takes nothing from the Region that was granted the right since', async () => {
    const world = stepWorld();
    const input = await world.open();
    const fence = createFenceSource(world.context());
    await fence(input);
    await world.setState({ writerRegion: 'ap-northeast-1' });
    expect(await fence(input)).toEqual(DONE);
    expect((await world.state()).writerRegion).toBe('ap-northeast-1');
    expect(await world.lines(input, 'fence-source')).toHaveLength(1);
  });

  it('finds its own fence again where the answer of the table was lost', async () => {
    const world = stepWorld();
    const input = await world.open();
    await renewLease(world);
    const fence = createFenceSource(world.context());
    world.ports.clock.pass(30);
    world.ports.coordination.failNext('appendEvent');
    await expect(fence(input)).rejects.toMatchObject({ name: 'TransientPlatformError', retryable: true });
    expect(await fence(input)).toEqual(DONE);
    expect(await world.lines(input, 'fence-source')).toHaveLength(1);
  });

  it('raises only the writer epoch of its own operation: an old one raises nothing', async () => {
    const world = stepWorld();
    const input = await world.open();
    await world.loseLease();
    await expect(createFenceSource(world.context())(input)).rejects.toMatchObject({ name: 'OperationLostError' });
    expect(await world.state()).toMatchObject({ writerEpoch: 0, writerRegion: SINGAPORE });
  });

  it('fences again after a roll back gave the right back, and waits for the lease: the old word proves nothing', async () => {
    const world = stepWorld();
    const input = await world.open();
    const fence = createFenceSource(world.context());
    await renewLease(world);
    await fence(input);
    await acknowledge(world, 0);
    expect(await fence(input)).toEqual(DONE);

    world.ports.coordination.failNext('setStatus');
    await expect(createRollBack(world.context())({ ...input, error })).rejects.toThrow();
    expect((await world.state()).writerRegion).toBe(SINGAPORE);
    await renewLease(world);

    expect(await fence(input)).toEqual({ done: false, waitSeconds: 2 });
    expect((await world.state()).writerRegion).toBeNull();
    world.ports.clock.pass(25);
    expect(await fence(input)).toEqual(DONE);
    expect((await world.lines(input, 'fence-source')).at(-1)?.detail).toMatchObject({ by: 'lease-expired' });
  });
});
