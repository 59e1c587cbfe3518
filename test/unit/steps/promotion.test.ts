import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import { OperationError } from '../../../core/operation/errors.ts';
import { createCheckPromotion } from '../../../lambdas/check-promotion/check-promotion.ts';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { createStartPromotion } from '../../../lambdas/start-promotion/start-promotion.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { noAnswer } from '../../_helpers/steps/fake-ports.ts';
import { NO_DATA, stepWorld, UNPINNED } from '../../_helpers/steps/step-world.ts';

const DONE = { done: true, waitSeconds: 0 };
const NOT_YET = { done: false, waitSeconds: 5 };

describe('start-promotion', () => {
  it.each([
    { what: 'no fence', events: [] },
    {
      what: 'one that was taken back',
      events: [{ outcome: 'compensated' as const, detail: { what: 'fence', did: 'x' } }],
    },
  ])('asks for nothing with $what on record', async ({ events }) => {
    const world = stepWorld();
    const input = events.length === 0 ? await world.open() : await world.openFenced();
    for (const event of events) await world.addLine(input, { step: 'roll-back', ...event });
    await expect(createStartPromotion(world.context())(input)).rejects.toMatchObject({ name: 'FenceMissingError' });
    expect(world.ports.dataTier.asked).toEqual([]);
  });

  it.each([
    { kind: 'failover', mode: 'manual', asked: { target: TOKYO, mode: 'failover' } },
    { kind: 'failover', mode: 'automatic', asked: { target: TOKYO, mode: 'failover' } },
    { kind: 'failover', mode: 'emergency', asked: { target: TOKYO, mode: 'failover' } },
    { kind: 'failover', mode: 'planned', asked: { target: TOKYO, mode: 'switchover' } },
    { kind: 'failback', mode: 'manual', asked: { target: SINGAPORE, mode: 'switchover' } },
    { kind: 'failback', mode: 'emergency', asked: { target: SINGAPORE, mode: 'switchover' } },
  ] as const)('asks for a $asked.mode in a $mode $kind', async ({ kind, mode, asked }) => {
    const world = stepWorld();
    const input = await world.openFenced(kind, { mode });
    expect(await createStartPromotion(world.context())(input)).toEqual({ mode: asked.mode });
    expect(world.ports.dataTier.asked).toEqual([asked]);
    expect(await world.lines(input, 'start-promotion')).toMatchObject([
      { outcome: 'requested', detail: { mode: asked.mode, target: asked.target, alreadyUnderWay: false } },
    ]);
  });

  it.each([
    { what: 'the loss budget is 0', lossBudgetSeconds: 0, request: {}, mode: 'switchover', acceptedLoss: null },
    {
      what: 'a person accepts a loss of 0',
      lossBudgetSeconds: 5,
      request: { acceptDataLossSeconds: 0 },
      mode: 'switchover',
      acceptedLoss: null,
    },
    {
      what: 'a person accepts a loss by name',
      lossBudgetSeconds: 0,
      request: { acceptDataLossSeconds: 60 },
      mode: 'failover',
      acceptedLoss: { seconds: 60, by: 'acceptDataLossSeconds' },
    },
  ] as const)('asks for a $mode where $what', async ({ lossBudgetSeconds, request, mode, acceptedLoss }) => {
    const world = stepWorld({ ...UNPINNED, data: { ...UNPINNED.data, lossBudgetSeconds } });
    const input = await world.openFenced('failover', request);
    expect(await createStartPromotion(world.context())(input)).toEqual({ mode });
    expect(world.ports.dataTier.asked).toEqual([{ target: TOKYO, mode }]);
    expect(await world.lines(input, 'start-promotion')).toMatchObject([{ detail: { mode, acceptedLoss } }]);
  });

  it('says which operation asks, and since when the source is fenced', async () => {
    const world = stepWorld();
    const input = await world.openFenced();
    await createFenceSource(world.context())(input);
    const fencedAtEpochMs = world.ports.clock.nowMs;
    world.ports.clock.pass(3);
    await createStartPromotion(world.context())(input);
    const { operationId } = input.operation;
    expect(world.ports.dataTier.identities).toEqual([{ operationId, fencedAtEpochMs }]);
  });

  it('grants the right to commit at once where every replica takes writes', async () => {
    const world = stepWorld(resolveConfig({ ...UNPINNED, data: { adapter: 'dynamodb-global', table: 'shop' } }));
    const input = await world.openFenced();
    await createFenceSource(world.context())(input);
    expect(await createStartPromotion(world.context())(input)).toEqual({ mode: 'none' });
    expect((await world.state()).writerRegion).toBe(TOKYO);
    expect(await createCheckPromotion(world.context())(input)).toEqual(DONE);
    expect(world.ports.dataTier.asked).toEqual([]);
  });

  it('asks once, also where the request was not lived to be recorded', async () => {
    const world = stepWorld();
    const input = await world.openFenced();
    const start = createStartPromotion(world.context());
    world.ports.coordination.failNext('appendEvent');
    await expect(start(input)).rejects.toMatchObject({ retryable: true });
    expect(await start(input)).toEqual({ mode: 'failover' });
    expect(await start(input)).toEqual({ mode: 'failover' });
    expect(world.ports.dataTier.asked).toHaveLength(1);
    expect(await world.lines(input, 'start-promotion')).toMatchObject([{ detail: { alreadyUnderWay: true } }]);
  });

  it('asks for nothing where the target is the writer already', async () => {
    const world = stepWorld();
    const input = await world.openFenced();
    world.ports.dataTier.now = { writerRegion: TOKYO, movingTo: null };
    await createStartPromotion(world.context())(input);
    expect(world.ports.dataTier.asked).toEqual([]);
  });

  it.each([
    { what: 'refuses', failure: new OperationError('PromotionRefusedError', 'no such member') },
    { what: 'gives no answer', failure: noAnswer() },
  ])('passes on that the data tier $what, with nothing on record', async ({ failure }) => {
    const world = stepWorld();
    const input = await world.openFenced();
    world.ports.dataTier.failures.promote = failure;
    await expect(createStartPromotion(world.context())(input)).rejects.toBe(failure);
    expect(await world.lines(input, 'start-promotion')).toEqual([]);
  });

  it('grants the right to commit at once where there is nothing to promote', async () => {
    const world = stepWorld(NO_DATA);
    const input = await world.openFenced();
    await createFenceSource(world.context())(input);
    const start = createStartPromotion(world.context());
    expect(await start(input)).toEqual({ mode: 'none' });
    expect((await world.state()).writerRegion).toBe(TOKYO);
    expect(await start(input)).toEqual({ mode: 'none' });
    expect(await world.lines(input, 'start-promotion')).toMatchObject([{ outcome: 'skipped' }]);
    expect(world.ports.dataTier.asked).toEqual([]);
  });
});

describe('check-promotion', () => {
  const started = async () => {
    const world = stepWorld();
    const input = await world.openFenced();
    await createFenceSource(world.context())(input);
    await createStartPromotion(world.context())(input);
    return { world, input, check: createCheckPromotion(world.context()) };
  };

  it('waits, then gives the target the right to commit under the epoch of the fence', async () => {
    const { world, input, check } = await started();
    expect(await check(input)).toEqual(NOT_YET);
    expect((await world.state()).writerRegion).toBeNull();
    world.ports.dataTier.now = { writerRegion: TOKYO, movingTo: null };
    expect(await check(input)).toEqual(DONE);
    expect(await world.state()).toMatchObject({ writerRegion: TOKYO, writerEpoch: 1 });
    expect(await world.lines(input, 'check-promotion')).toMatchObject([
      { outcome: 'done', detail: { writerRegion: TOKYO, promotedAtEpochMs: world.ports.clock.nowMs } },
    ]);
  });

  it('run again changes nothing, also where the grant was not lived to be recorded', async () => {
    const { world, input, check } = await started();
    world.ports.dataTier.now = { writerRegion: TOKYO, movingTo: null };
    world.ports.coordination.failNext('appendEvent');
    await expect(check(input)).rejects.toMatchObject({ retryable: true });
    expect(await check(input)).toEqual(DONE);
    world.ports.dataTier.now = { writerRegion: null, movingTo: SINGAPORE };
    expect(await check(input)).toEqual(DONE);
    expect(await world.lines(input, 'check-promotion')).toHaveLength(1);
  });

  it.each([
    { seconds: 300, late: false },
    { seconds: 301, late: true },
  ])('$seconds s after the request it is too late: $late', async ({ seconds, late }) => {
    const { world, input, check } = await started();
    world.ports.clock.pass(seconds);
    if (late) await expect(check(input)).rejects.toMatchObject({ name: 'PromotionTimedOutError', retryable: false });
    else expect(await check(input)).toEqual(NOT_YET);
  });

  it('gives a promotion that a person resumed its time again', async () => {
    const { world, input, check } = await started();
    world.ports.clock.pass(301);
    await expect(check(input)).rejects.toMatchObject({ name: 'PromotionTimedOutError' });
    await world.addLine(input, { step: 'hold-operation', outcome: 'waiting' });
    world.ports.clock.pass(3600);
    expect(await check(input)).toEqual(NOT_YET);
    world.ports.clock.pass(301);
    await expect(check(input)).rejects.toMatchObject({ name: 'PromotionTimedOutError' });
  });

  it('passes on that the data tier gives no answer', async () => {
    const { world, input, check } = await started();
    world.ports.dataTier.failures.status = noAnswer();
    await expect(check(input)).rejects.toMatchObject({ retryable: true });
  });

  it('has nothing to wait for where there is nothing to promote', async () => {
    const world = stepWorld(NO_DATA);
    const input = await world.openFenced();
    expect(await createCheckPromotion(world.context())(input)).toEqual(DONE);
  });
});
