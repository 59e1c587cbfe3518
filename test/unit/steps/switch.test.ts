import { describe, expect, it } from 'vitest';
import { createCheckSwitch } from '../../../lambdas/check-switch/check-switch.ts';
import { createOpenSwitch } from '../../../lambdas/open-switch/open-switch.ts';
import { SEOUL, SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { noAnswer } from '../../_helpers/steps/fake-ports.ts';
import { stepWorld } from '../../_helpers/steps/step-world.ts';

const DONE = { done: true, waitSeconds: 0 };
const NOT_YET = { done: false, waitSeconds: 10 };

async function goingBack() {
  const world = stepWorld();
  world.ports.evacuation.objects.set(`${TOKYO}/${SINGAPORE}`, 1).set(`${SEOUL}/${SINGAPORE}`, 1);
  return { world, input: await world.open('failback') };
}

describe('open-switch', () => {
  it('takes the switch back from both guardians, and from the state', async () => {
    const { world, input } = await goingBack();
    const open = createOpenSwitch(world.context());
    expect(await open(input)).toEqual(DONE);
    expect(world.ports.evacuation.evacuated()).toEqual([]);
    expect(await world.state()).toMatchObject({ evacuated: [], activeRegion: TOKYO, weights: { [SINGAPORE]: 0 } });
    expect(await open(input)).toEqual(DONE);
    expect(await world.lines(input, 'open-switch')).toMatchObject([
      { outcome: 'done', detail: { admitted: SINGAPORE } },
    ]);
  });

  it('names the guardian that does not let go, and is tried again', async () => {
    const { world, input } = await goingBack();
    world.ports.evacuation.down.add(SEOUL);
    await expect(createOpenSwitch(world.context())(input)).rejects.toMatchObject({
      name: 'SwitchFailedError',
      retryable: true,
      message: `the switch of ${SINGAPORE} is still held by ${SEOUL} (TimeoutError: no answer)`,
    });
    expect((await world.state()).evacuated).toEqual([SINGAPORE]);
    world.ports.evacuation.down.clear();
    expect(await createOpenSwitch(world.context())(input)).toEqual(DONE);
  });

  it('leaves the switch of a newer operation alone', async () => {
    const { world, input } = await goingBack();
    world.ports.evacuation.objects.set(`${TOKYO}/${SINGAPORE}`, 9);
    await expect(createOpenSwitch(world.context())(input)).rejects.toMatchObject({ name: 'SwitchFailedError' });
    expect((await world.state()).evacuated).toEqual([SINGAPORE]);
  });

  it.each(['transition', 'appendEvent'] as const)('finishes what a run left whose %s got no answer', async (method) => {
    const { world, input } = await goingBack();
    world.ports.coordination.interrupt('readState', async () => world.ports.coordination.failNext(method));
    await expect(createOpenSwitch(world.context())(input)).rejects.toMatchObject({ retryable: true });
    expect(await createOpenSwitch(world.context())(input)).toEqual(DONE);
    expect((await world.state()).evacuated).toEqual([]);
    expect(await world.lines(input, 'open-switch')).toHaveLength(1);
  });
});

describe('check-switch', () => {
  const opened = async () => {
    const { world, input } = await goingBack();
    await createOpenSwitch(world.context())(input);
    return { world, input, check: createCheckSwitch(world.context()), at: world.ports.clock.nowMs };
  };

  it('is done when Route 53 sees the Region healthy in a minute that began after the opening', async () => {
    const { world, input, check, at } = await opened();
    world.ports.records.serving.set(SINGAPORE, at - 1);
    expect(await check(input)).toEqual(NOT_YET);
    world.ports.records.serving.set(SINGAPORE, at);
    expect(await check(input)).toEqual(DONE);
    world.ports.records.serving.clear();
    expect(await check(input)).toEqual(DONE);
    expect((await world.lines(input, 'check-switch')).map(({ outcome }) => outcome)).toEqual(['waiting', 'done']);
  });

  it.each([
    { seconds: 600, late: false },
    { seconds: 601, late: true },
  ])('$seconds s after the first look it is too late: $late', async ({ seconds, late }) => {
    const { world, input, check } = await opened();
    await check(input);
    world.ports.clock.pass(seconds);
    if (late) await expect(check(input)).rejects.toMatchObject({ name: 'SwitchNotOpenError', retryable: false });
    else expect(await check(input)).toEqual(NOT_YET);
  });

  it('passes on that Route 53 gives no answer', async () => {
    const { world, input, check } = await opened();
    world.ports.records.failures.isServing = noAnswer();
    await expect(check(input)).rejects.toMatchObject({ retryable: true });
  });

  it('looks again where a retreat had set the switch in between', async () => {
    const { world, input, check, at } = await opened();
    world.ports.records.serving.set(SINGAPORE, at);
    await check(input);
    await world.addLine(input, { step: 'retreat-failback', outcome: 'compensated', detail: { what: 'switch' } });
    world.ports.clock.pass(60);
    await createOpenSwitch(world.context())(input);
    expect(await check(input)).toEqual(NOT_YET);
  });
});
