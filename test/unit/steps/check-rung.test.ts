import { describe, expect, it } from 'vitest';
import type { TrafficReading } from '../../../core/ports.ts';
import { createCheckRung } from '../../../lambdas/check-rung/check-rung.ts';
import { createClimbLadder } from '../../../lambdas/climb-ladder/climb-ladder.ts';
import type { CheckRungInput, StepInput } from '../../../state-machines/contracts.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { FAILED, type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const BAKED = { verdict: 'baked', waitSeconds: 0, reasons: [] };
const WATCHING = { verdict: 'keep-watching', waitSeconds: 60, reasons: [] };
const WELL: TrafficReading = {
  errorRate: 0.001,
  p95Milliseconds: 80,
  connectionsPerSecond: 10,
  requestsPerSecond: 10,
};

/** A failback at its first rung, with a tenth of the new connections on the original Region and both healthy. */
async function atRung(): Promise<{ world: StepWorld; input: CheckRungInput }> {
  const world = stepWorld();
  const operation = await world.open('failback');
  world.ports.traffic.readings.set(SINGAPORE, WELL).set(TOKYO, { ...WELL, connectionsPerSecond: 90 });
  await observeBoth(world);
  return { world, input: rungOf(operation, 10) };
}

function rungOf({ operation }: StepInput, percent: number): CheckRungInput {
  return { operation, ladder: { next: 'rung', percent, weights: { [SINGAPORE]: percent, [TOKYO]: 100 - percent } } };
}

async function observeBoth(world: StepWorld): Promise<void> {
  await world.observe(SINGAPORE);
  await world.observe(TOKYO);
}

/** Looks after so many minutes of the bake. */
async function lookAfter(world: StepWorld, input: CheckRungInput, minutes: number) {
  const check = createCheckRung(world.context());
  await check(input);
  world.ports.clock.pass(minutes * 60);
  await observeBoth(world);
  return check(input);
}

describe('check-rung', () => {
  it('keeps watching, once a minute, until the bake is over', async () => {
    const { world, input } = await atRung();
    expect(await lookAfter(world, input, 29)).toEqual(WATCHING);
    world.ports.clock.pass(60);
    await observeBoth(world);
    expect(await createCheckRung(world.context())(input)).toEqual(BAKED);
    expect(await world.lines(input, 'check-rung')).toMatchObject([
      { outcome: 'waiting', detail: { percent: 10 } },
      {
        outcome: 'done',
        detail: { percent: 10, bakedSeconds: 1800, errorPercent: 0.1, p95Milliseconds: 80, observedSharePercent: 10 },
      },
    ]);
  });

  it.each([
    { what: 'errors', reading: { ...WELL, errorRate: 0.021 }, reason: /errors 2.10 %/ },
    { what: 'slow answers', reading: { ...WELL, p95Milliseconds: 501 }, reason: /p95 501 ms/ },
  ])('breaches on $what in the returning Region', async ({ reading, reason }) => {
    const { world, input } = await atRung();
    world.ports.traffic.readings.set(SINGAPORE, reading);
    const output = await lookAfter(world, input, 3);
    expect(output).toMatchObject({ verdict: 'breach', reasons: [expect.stringMatching(reason)] });
    expect((await world.lines(input, 'check-rung')).at(-1)).toMatchObject({
      outcome: 'refused',
      detail: { percent: 10, reasons: output.reasons },
    });
  });

  it('breaches on a share that is off the weight, once the caches have followed', async () => {
    const { world, input } = await atRung();
    world.ports.traffic.readings.set(SINGAPORE, { ...WELL, connectionsPerSecond: 30 });
    expect(await lookAfter(world, input, 6)).toEqual(WATCHING);
    expect(await lookAfter(world, input, 1)).toMatchObject({
      verdict: 'breach',
      reasons: ['observed share 25.0 %, the rung is 10 % ± 5'],
    });
  });

  it('breaches on a critical check that failed by quorum', async () => {
    const { world, input } = await atRung();
    await world.observe(SINGAPORE, { checks: { 'cache-cluster': FAILED } });
    expect(await createCheckRung(world.context())(input)).toMatchObject({
      verdict: 'breach',
      reasons: ['critical checks failed: cache-cluster'],
    });
  });

  it('does not take what it could not measure for well baked', async () => {
    const { world, input } = await atRung();
    world.ports.traffic.readings.delete(SINGAPORE);
    expect(await lookAfter(world, input, 29)).toEqual(WATCHING);
    expect(await lookAfter(world, input, 1)).toMatchObject({ verdict: 'breach', reasons: [/errors/, /share/] });
  });

  it('looks at no minute that began before the bake', async () => {
    const { world, input } = await atRung();
    const begin = world.ports.clock.nowMs;
    await lookAfter(world, input, 2);
    expect(world.ports.traffic.asked.length).toBeGreaterThan(0);
    for (const { fromEpochMs } of world.ports.traffic.asked) expect(fromEpochMs).toBeGreaterThanOrEqual(begin);
  });

  it('says so where the Region that serves has itself failed, whatever else it sees', async () => {
    const { world, input } = await atRung();
    await world.observe(TOKYO, { all: FAILED });
    world.ports.traffic.readings.set(SINGAPORE, { ...WELL, errorRate: 0.5 });
    await expect(createCheckRung(world.context())(input)).rejects.toMatchObject({
      name: 'CurrentRegionFailedError',
      message: expect.stringContaining('D200: '),
    });
    expect((await world.lines(input, 'check-rung')).at(-1)?.detail).toMatchObject({ currentRegionFailed: true });
  });

  it('counts a rung once, however often its last look is run', async () => {
    const { world, input } = await atRung();
    expect(await lookAfter(world, input, 30)).toEqual(BAKED);
    expect(await createCheckRung(world.context())(input)).toEqual(BAKED);
    expect(await createClimbLadder(world.context())(input)).toMatchObject({ next: 'rung', percent: 50 });
  });

  it('begins the bake anew after a breach that was held and resumed', async () => {
    const { world, input } = await atRung();
    world.ports.traffic.readings.set(SINGAPORE, { ...WELL, errorRate: 0.5 });
    expect(await lookAfter(world, input, 29)).toMatchObject({ verdict: 'breach' });
    world.ports.traffic.readings.set(SINGAPORE, WELL);
    expect(await lookAfter(world, input, 2)).toEqual(WATCHING);
    expect(await lookAfter(world, input, 28)).toEqual(BAKED);
  });
});

describe('climb-ladder', () => {
  const next = (world: StepWorld, input: StepInput) => createClimbLadder(world.context())(input);
  const bake = (world: StepWorld, input: StepInput, percent: number) =>
    world.addLine(input, { step: 'check-rung', outcome: 'done', detail: { percent } });

  it('goes rung by rung, moves the writer before the last one, and is complete', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    for (const percent of [10, 50]) {
      expect(await next(world, input)).toEqual({
        next: 'rung',
        percent,
        weights: { [SINGAPORE]: percent, [TOKYO]: 100 - percent },
      });
      await bake(world, input, percent);
    }
    expect(await next(world, input)).toEqual({ next: 'move-writer' });
    await world.setState({ writerRegion: SINGAPORE });
    expect(await next(world, input)).toMatchObject({ next: 'rung', percent: 100 });
    await bake(world, input, 100);
    expect(await next(world, input)).toEqual({ next: 'complete' });
  });

  it('says the same again while nothing was recorded', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    expect(await next(world, input)).toEqual(await next(world, input));
    expect(await world.lines(input, 'climb-ladder')).toEqual([]);
  });

  it('goes straight to the last rung in an emergency, still after the writer', async () => {
    const world = stepWorld();
    const input = await world.open('failback', { mode: 'emergency' });
    expect(await next(world, input)).toEqual({ next: 'move-writer' });
    await world.setState({ writerRegion: SINGAPORE });
    expect(await next(world, input)).toMatchObject({ next: 'rung', percent: 100 });
    expect(await world.lines(input, 'climb-ladder')).toMatchObject([
      { outcome: 'skipped', detail: { skippedGates: ['rung 10 %', 'rung 50 %'] } },
    ]);
  });
});
