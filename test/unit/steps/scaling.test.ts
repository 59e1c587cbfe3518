import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ConfigInput } from '../../../core/config/types.ts';
import { createCheckCapacity } from '../../../lambdas/check-capacity/check-capacity.ts';
import { createScaleTarget } from '../../../lambdas/scale-target/scale-target.ts';
import { inputFor } from '../../_fixtures/preset-matrix.ts';
import { type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const TARGETS: NonNullable<ConfigInput['scaling']>['targets'] = [
  { kind: 'ecs-service', cluster: 'shop', service: 'api', desired: 10, minimumPercent: 75 },
  { kind: 'auto-scaling-group', name: 'workers', desired: 4 },
];
const config = resolveConfig({ ...inputFor('warm-standby', 2), scaling: { targets: TARGETS, deadlineSeconds: 300 } });
const DONE = { done: true, waitSeconds: 0 };
const NOT_YET = { done: false, waitSeconds: 15 };

async function growing(api = { desired: 2, running: 2 }, workers = { desired: 1, running: 1 }) {
  const world = stepWorld(config);
  const input = await world.open('failover', { application: config.application });
  world.ports.scaling.sizes.set('shop/api', api).set('workers', workers);
  return { world, input, start: createScaleTarget(world.context()), check: createCheckCapacity(world.context()) };
}

const running = ({ ports }: StepWorld, api: number, workers: number): void =>
  void ports.scaling.sizes
    .set('shop/api', { desired: 10, running: api })
    .set('workers', { desired: 4, running: workers });

describe('scale-target', () => {
  it('asks everything for its full size at once, and waits for nothing', async () => {
    const { world, input, start } = await growing();
    const { operationId } = input.operation;
    expect(await start(input)).toEqual({ status: 'started' });
    expect(world.ports.scaling.raised).toEqual([
      { name: 'shop/api', desired: 10, operationId },
      { name: 'workers', desired: 4, operationId },
    ]);
    expect(await world.lines(input, 'scale-target')).toMatchObject([
      {
        outcome: 'requested',
        detail: {
          targets: [
            { name: 'shop/api', desired: 10, floor: 8, running: 2, request: 'raised' },
            { name: 'workers', desired: 4, floor: 4, running: 1, request: 'raised' },
          ],
        },
      },
    ]);
  });

  it('run again asks for nothing more', async () => {
    const { world, input, start } = await growing();
    await start(input);
    await start(input);
    expect(world.ports.scaling.raised).toHaveLength(2);
    expect(await world.lines(input, 'scale-target')).toHaveLength(1);
  });

  it.each([
    { desired: 9, raised: 1 },
    { desired: 10, raised: 0 },
    { desired: 11, raised: 0 },
  ])('makes nothing smaller: of $desired asked for before, 10 wanted', async ({ desired, raised }) => {
    const { world, input, start } = await growing({ desired, running: 1 }, { desired: 4, running: 4 });
    await start(input);
    expect(world.ports.scaling.raised).toHaveLength(raised);
  });

  it('goes on where something cannot be asked, and says so', async () => {
    const { world, input, start } = await growing();
    world.ports.scaling.sizes.delete('shop/api');
    expect(await start(input)).toEqual({ status: 'started' });
    expect((await world.lines(input, 'scale-target'))[0]?.detail['targets']).toMatchObject([
      { name: 'shop/api', request: 'failed', reason: 'shop/api does not answer' },
      { name: 'workers', request: 'raised' },
    ]);
  });
});

describe('check-capacity', () => {
  it.each([
    { api: 7, workers: 4, there: false },
    { api: 8, workers: 3, there: false },
    { api: 8, workers: 4, there: true },
    { api: 10, workers: 5, there: true },
  ])('with $api of at least 8 and $workers of at least 4 is there: $there', async ({ api, workers, there }) => {
    const { world, input, start, check } = await growing();
    await start(input);
    running(world, api, workers);
    expect(await check(input)).toEqual(there ? DONE : NOT_YET);
    expect((await world.lines(input, 'check-capacity')).map(({ outcome }) => outcome)).toEqual(there ? ['done'] : []);
  });

  it('asks again for what could not be asked for', async () => {
    const { world, input, start, check } = await growing();
    world.ports.scaling.failure = new Error('throttled');
    await start(input);
    expect(world.ports.scaling.raised).toEqual([]);
    world.ports.scaling.failure = undefined;
    expect(await check(input)).toEqual(NOT_YET);
    expect(world.ports.scaling.raised.map(({ name }) => name)).toEqual(['shop/api', 'workers']);
  });

  it('takes what it cannot see for what does not run', async () => {
    const { world, input, start, check } = await growing();
    await start(input);
    running(world, 10, 4);
    world.ports.scaling.sizes.delete('workers');
    expect(await check(input)).toEqual(NOT_YET);
  });

  it.each([
    { seconds: 300, late: false },
    { seconds: 301, late: true },
  ])('$seconds s after the request it is too late: $late', async ({ seconds, late }) => {
    const { world, input, start, check } = await growing();
    await start(input);
    running(world, 7, 4);
    world.ports.clock.pass(seconds);
    if (!late) return expect(await check(input)).toEqual(NOT_YET);
    await expect(check(input)).rejects.toMatchObject({
      name: 'CapacityNotReachedError',
      retryable: false,
      message: 'after 301 s, 300 s are allowed: shop/api runs 7 of at least 8; bring it to its size and resume',
    });
    return expect(await world.lines(input, 'check-capacity')).toMatchObject([
      { outcome: 'failed', detail: { targets: [{ name: 'shop/api', running: 7, floor: 8 }] } },
    ]);
  });

  it('gives what a person resumed its time again, and then is there', async () => {
    const { world, input, start, check } = await growing();
    await start(input);
    world.ports.clock.pass(301);
    await expect(check(input)).rejects.toMatchObject({ name: 'CapacityNotReachedError' });
    await world.addLine(input, { step: 'hold-operation', outcome: 'waiting' });
    world.ports.clock.pass(3600);
    expect(await check(input)).toEqual(NOT_YET);
    running(world, 8, 4);
    expect(await check(input)).toEqual(DONE);
    expect(await check(input)).toEqual(DONE);
  });
});
