import { describe, expect, it } from 'vitest';
import type { TrafficReading } from '../../../core/ports.ts';
import { createCheckRung } from '../../../lambdas/check-rung/check-rung.ts';
import { createClimbLadder } from '../../../lambdas/climb-ladder/climb-ladder.ts';
import type { CheckRungInput, StepInput } from '../../../state-machines/contracts.ts';
import { paritySample, SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { FAILED, type StepWorld, stepWorld, UNPINNED } from '../../_helpers/steps/step-world.ts';

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

  it.each([
    { percent: 10, sinceMs: 0, verdict: 'breach' },
    { percent: 10, sinceMs: -1, verdict: 'keep-watching' },
    { percent: 100, sinceMs: 0, verdict: 'keep-watching' },
  ])('at $percent % takes Regions that were seen to differ $sinceMs ms into the bake for $verdict', async (row) => {
    const { world, input } = await atRung();
    if (row.percent === 100) world.ports.traffic.readings.set(TOKYO, { ...WELL, connectionsPerSecond: 0 });
    const items = [
      {
        item: 'index',
        verdict: 'different' as const,
        reasons: ['i1 and i2'],
        comparedAtEpochMs: world.ports.clock.nowMs + row.sinceMs,
      },
    ];
    await world.ports.coordination.keepParity(paritySample({ target: SINGAPORE, source: TOKYO, items }));
    const { verdict, reasons } = await createCheckRung(world.context())(rungOf(input, row.percent));
    expect(verdict).toBe(row.verdict);
    expect(reasons).toEqual(verdict === 'breach' ? ['parity of index is broken: i1 and i2'] : []);
  });

  it('does not take what it could not measure for well baked', async () => {
    const { world, input } = await atRung();
    world.ports.traffic.readings.delete(SINGAPORE);
    expect(await lookAfter(world, input, 29)).toEqual(WATCHING);
    expect(await lookAfter(world, input, 1)).toMatchObject({ verdict: 'breach', reasons: [/errors/, /p95/, /share/] });
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
    await world.setState({ weights: input.ladder.weights ?? {} });
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

const TRAFFIC = { ...UNPINNED.traffic, retries: 'service.retries', cacheHits: 'cache.hits' };
const herd = (failback: object): StepWorld =>
  stepWorld({ ...UNPINNED, traffic: TRAFFIC, failback: { ...UNPINNED.failback, ...failback } });

describe('a herd on a rung', () => {
  const look = async (
    world: StepWorld,
    readings: { readonly there?: object; readonly here?: object },
    ramp = false,
  ) => {
    const operation = await world.open('failback');
    world.ports.traffic.readings
      .set(SINGAPORE, { ...WELL, retriesPerSecond: 1, ...readings.there })
      .set(TOKYO, { ...WELL, connectionsPerSecond: 90, retriesPerSecond: 1, ...readings.here });
    await observeBoth(world);
    const { ladder } = rungOf(operation, 10);
    return { operation, output: await lookAfter(world, { ...operation, ladder: { ...ladder, ramp } }, 3) };
  };

  it.each([
    { where: SINGAPORE, readings: { there: { retriesPerSecond: 3.4 } } },
    { where: TOKYO, readings: { here: { retriesPerSecond: 3.4 } } },
  ])('that repeats its requests in $where is a breach', async ({ where, readings }) => {
    const { output } = await look(herd({}), readings);
    expect(output.reasons).toEqual([`a retry storm: 1.52 attempts per request in ${where}, 1.5 are allowed`]);
  });

  it('is none where two thirds of all requests are first ones, nor where nobody counts', async () => {
    expect((await look(herd({}), { there: { retriesPerSecond: 3.33 } })).output).toEqual(WATCHING);
    expect((await look(stepWorld(), { there: { retriesPerSecond: 9 } })).output).toEqual(WATCHING);
  });

  it.each([
    { cap: 10, breach: false },
    { cap: 9, breach: true },
  ])('of 10 requests/s under a cap of $cap is a breach: $breach', async ({ cap, breach }) => {
    const { output } = await look(herd({ requestCaps: { '10': cap } }), {});
    expect(output.reasons).toEqual(breach ? ["10 requests/s in the returning Region, the rung's cap is 9"] : []);
  });

  it('is looked at once on a step on the way to a rung, which bakes nothing', async () => {
    const world = herd({});
    const { operation, output } = await look(world, {}, true);
    expect(output).toEqual(BAKED);
    expect(await world.lines(operation, 'check-rung')).toEqual([]);
  });

  it('sees on such a step that a release has set the Regions apart', async () => {
    const world = herd({});
    const operation = await world.open('failback');
    world.ports.traffic.readings.set(SINGAPORE, WELL).set(TOKYO, WELL);
    await observeBoth(world);
    const items = [
      {
        item: 'index',
        verdict: 'different' as const,
        reasons: ['i1 and i2'],
        comparedAtEpochMs: world.ports.clock.nowMs,
      },
    ];
    await world.ports.coordination.keepParity(paritySample({ target: SINGAPORE, source: TOKYO, items }));
    const { ladder } = rungOf(operation, 10);
    const output = await createCheckRung(world.context())({ ...operation, ladder: { ...ladder, ramp: true } });
    expect(output).toMatchObject({ verdict: 'breach', reasons: ['parity of index is broken: i1 and i2'] });
  });

  it('breaches on such a step as on a rung, but for the share', async () => {
    const world = herd({});
    const { operation, output } = await look(world, { there: { errorRate: 0.03, connectionsPerSecond: 80 } }, true);
    expect(output).toMatchObject({ verdict: 'breach', reasons: [expect.stringMatching(/^errors 3.00 %/)] });
    expect((await world.lines(operation, 'check-rung')).at(-1)).toMatchObject({
      outcome: 'refused',
      detail: { ramp: true },
    });
  });
});

describe('a rung that waits for a warm Region', () => {
  const COLD = { cacheHitPercent: 20 };
  const waiting = async (mode: 'manual' | 'emergency' = 'manual') => {
    const world = herd({ minimumCacheHitPercent: 80 });
    const input = await world.open('failback', { mode });
    await world.observe(TOKYO);
    if (mode === 'emergency') await world.setState({ writerRegion: SINGAPORE });
    world.ports.traffic.readings.set(SINGAPORE, COLD).set(TOKYO, WELL);
    return { world, input, climb: () => createClimbLadder(world.context())(input) };
  };

  it('is asked for again every minute, and begins once it is warm', async () => {
    const { world, input, climb } = await waiting();
    expect(await climb()).toEqual({ next: 'wait', waitSeconds: 60 });
    world.ports.clock.pass(60);
    await world.observe(TOKYO);
    expect(await climb()).toEqual({ next: 'wait', waitSeconds: 60 });
    world.ports.traffic.readings.set(SINGAPORE, { cacheHitPercent: 81 });
    expect(await climb()).toMatchObject({ next: 'rung', percent: 10 });
    expect(await world.lines(input, 'climb-ladder')).toMatchObject([
      { outcome: 'waiting', detail: { warmFor: 10, cacheHitPercent: 20, reasons: [expect.stringMatching(/20.0 %/)] } },
      { outcome: 'done', detail: { warmFor: 10, cacheHitPercent: 81, reasons: [] } },
    ]);
    world.ports.traffic.readings.set(SINGAPORE, COLD);
    expect(await climb()).toMatchObject({ next: 'rung', percent: 10 });
  });

  it('is not begun after the deadline, and is given time again by whoever resumes', async () => {
    const { world, climb } = await waiting();
    await climb();
    world.ports.clock.pass(1800);
    await world.observe(TOKYO);
    expect(await climb()).toMatchObject({ next: 'wait' });
    world.ports.clock.pass(1);
    const refusal = expect.objectContaining({
      name: 'RegionNotWarmError',
      message: expect.stringMatching(/rung of 10 % was not begun: after 1801 s .*30 min.* 20.0 %.*80 % are asked for/),
    });
    await expect(climb()).rejects.toEqual(refusal);
    expect(await climb()).toMatchObject({ next: 'wait' });
  });

  it('is looked at again after a hold, whatever was found hours before', async () => {
    const { world, input, climb } = await waiting();
    world.ports.traffic.readings.set(SINGAPORE, { cacheHitPercent: 81 });
    expect(await climb()).toMatchObject({ next: 'rung', percent: 10 });
    world.ports.traffic.readings.set(SINGAPORE, COLD);
    expect(await climb()).toMatchObject({ next: 'rung', percent: 10 });
    await world.addLine(input, { step: 'hold-operation', outcome: 'waiting', detail: {} });
    expect(await climb()).toMatchObject({ next: 'wait' });
  });

  it('ends where the serving Region has itself failed', async () => {
    const { world, climb } = await waiting();
    await world.observe(TOKYO, { all: FAILED });
    await expect(climb()).rejects.toMatchObject({ name: 'CurrentRegionFailedError' });
  });

  it('begins in an emergency all the same, on record', async () => {
    const { world, input, climb } = await waiting('emergency');
    expect(await climb()).toMatchObject({ next: 'rung', percent: 100 });
    expect((await world.lines(input, 'climb-ladder')).at(-1)).toMatchObject({
      outcome: 'skipped',
      detail: { warmFor: 100, skippedGates: [expect.stringMatching(/cache/)] },
    });
  });
});

describe('climb-ladder', () => {
  const next = (world: StepWorld, input: StepInput) => createClimbLadder(world.context())(input);
  const bake = async (world: StepWorld, input: StepInput, percent: number): Promise<void> => {
    await world.setState({ weights: { [SINGAPORE]: percent, [TOKYO]: 100 - percent } });
    await world.addLine(input, { step: 'check-rung', outcome: 'done', detail: { percent } });
  };

  it('begins at the first rung again where a retreat that was held has taken the weights back', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    for (const percent of [10, 50]) await bake(world, input, percent);
    await world.setState({ weights: { [SINGAPORE]: 0, [TOKYO]: 100 } });
    expect(await next(world, input)).toMatchObject({ next: 'rung', percent: 10 });
    expect(await next(world, input)).toMatchObject({ next: 'rung', percent: 10 });
    expect(await world.lines(input, 'climb-ladder')).toMatchObject([
      { outcome: 'done', detail: { climbsAnew: [10, 50], weightNow: 0 } },
    ]);
  });

  it('bakes a rung for its whole time again after such a retreat', async () => {
    const { world, input } = await atRung();
    expect(await lookAfter(world, input, 30)).toEqual(BAKED);
    await world.setState({ weights: { [SINGAPORE]: 0, [TOKYO]: 100 } });
    await next(world, input);
    await world.setState({ weights: { [SINGAPORE]: 10, [TOKYO]: 90 } });
    expect(await lookAfter(world, input, 29)).toEqual(WATCHING);
    expect(await lookAfter(world, input, 1)).toEqual(BAKED);
  });

  it('goes rung by rung, moves the writer before the last one, and is complete', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    world.copyBehind(SINGAPORE, 5);
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
    world.copyBehind(SINGAPORE, 5);
    expect(await next(world, input)).toEqual({ next: 'move-writer' });
    await world.setState({ writerRegion: SINGAPORE });
    expect(await next(world, input)).toMatchObject({ next: 'rung', percent: 100 });
    expect(await world.lines(input, 'climb-ladder')).toMatchObject([
      { outcome: 'skipped', detail: { skippedGates: ['rung 10 %', 'rung 50 %'] } },
    ]);
  });
});
