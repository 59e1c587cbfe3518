import { describe, expect, it } from 'vitest';
import type { ApplicationState } from '../../../core/operation/application-state.ts';
import { createShiftTraffic } from '../../../lambdas/shift-traffic/shift-traffic.ts';
import { SEOUL, SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { FAILED, type Observed, stepWorld } from '../../_helpers/steps/step-world.ts';

const DONE = { done: true, waitSeconds: 0 };
const SETTLING = { done: false, waitSeconds: 20 };

describe('shift-traffic', () => {
  it('moves nobody where no fence is on record, whatever a machine asks for', async () => {
    const world = stepWorld();
    const input = await world.open();
    await expect(createShiftTraffic(world.context())(input)).rejects.toMatchObject({ name: 'FenceMissingError' });
    expect(world.ports.evacuation.objects.size).toBe(0);
    expect((await world.state()).activeRegion).toBe(SINGAPORE);
  });

  it('sets the switch of the source in both guardians, and says in the state what is meant', async () => {
    const world = stepWorld();
    const input = await world.openFenced();
    expect(await createShiftTraffic(world.context())(input)).toEqual(DONE);
    expect([...world.ports.evacuation.objects]).toEqual([
      [`${TOKYO}/${SINGAPORE}`, 1],
      [`${SEOUL}/${SINGAPORE}`, 1],
    ]);
    expect(await world.state()).toMatchObject({
      activeRegion: TOKYO,
      evacuated: [SINGAPORE],
      weights: { [SINGAPORE]: 0, [TOKYO]: 100 },
      recordsPending: true,
    });
    expect(await world.lines(input, 'shift-traffic')).toMatchObject([
      { outcome: 'done', detail: { evacuated: SINGAPORE, guardians: [{ done: true }, { done: true }] } },
    ]);
  });

  it('needs one guardian, and records the one that gave no answer', async () => {
    const world = stepWorld();
    const input = await world.openFenced();
    world.ports.evacuation.down.add(SEOUL);
    expect(await createShiftTraffic(world.context())(input)).toEqual(DONE);
    expect((await world.lines(input, 'shift-traffic'))[0]?.detail['guardians']).toEqual([
      { guardian: TOKYO, done: true },
      { guardian: SEOUL, done: false, reason: 'TimeoutError: no answer' },
    ]);
  });

  it('is tried again where no guardian took the switch; the state says already what was meant', async () => {
    const world = stepWorld();
    const input = await world.openFenced();
    world.ports.evacuation.down.add(SEOUL).add(TOKYO);
    await expect(createShiftTraffic(world.context())(input)).rejects.toMatchObject({
      name: 'SwitchFailedError',
      retryable: true,
      message: expect.stringContaining(`${TOKYO} TimeoutError: no answer, ${SEOUL} TimeoutError: no answer`),
    });
    expect(await world.state()).toMatchObject({ activeRegion: TOKYO, evacuated: [SINGAPORE] });
    expect(await world.lines(input, 'shift-traffic')).toEqual([]);
    world.ports.evacuation.down.clear();
    expect(await createShiftTraffic(world.context())(input)).toEqual(DONE);
  });

  it('leaves the switch of a newer operation alone', async () => {
    const world = stepWorld();
    const input = await world.openFenced();
    world.ports.evacuation.objects.set(`${TOKYO}/${SINGAPORE}`, 2).set(`${SEOUL}/${SINGAPORE}`, 2);
    await expect(createShiftTraffic(world.context())(input)).rejects.toMatchObject({ name: 'SwitchFailedError' });
    expect([...world.ports.evacuation.objects.values()]).toEqual([2, 2]);
  });

  it('run again changes nothing, also where the first run was not lived to be recorded', async () => {
    const world = stepWorld();
    const input = await world.openFenced();
    const shift = createShiftTraffic(world.context());
    world.ports.coordination.failNext('appendEvent');
    await expect(shift(input)).rejects.toMatchObject({ retryable: true });
    const state = await world.state();
    expect(await shift(input)).toEqual(DONE);
    expect(await shift(input)).toEqual(DONE);
    expect(await world.state()).toEqual({ ...state, leaseExpiresAtEpochMs: expect.any(Number) });
    expect(await world.lines(input, 'shift-traffic')).toHaveLength(1);
  });

  describe('with a target that is itself out', () => {
    const evacuatedTarget = async () => {
      const world = stepWorld();
      await world.setState({ evacuated: [TOKYO] });
      world.ports.evacuation.objects.set(`${SINGAPORE}/${TOKYO}`, 0).set(`${SEOUL}/${TOKYO}`, 0);
      return { world, input: await world.openFenced() };
    };

    it('lets the target in, waits two intervals of the checkers, and only then takes the source out', async () => {
      const { world, input } = await evacuatedTarget();
      const shift = createShiftTraffic(world.context());
      expect(await shift(input)).toEqual(SETTLING);
      expect(world.ports.evacuation.evacuated()).toEqual([]);
      expect(await world.state()).toMatchObject({ activeRegion: SINGAPORE, evacuated: [] });
      expect(await shift(input)).toEqual(DONE);
      expect(world.ports.evacuation.evacuated()).toEqual([SINGAPORE]);
    });

    it.each(['appendEvent', 'transition'] as const)(
      'still waits where the first run got no answer to its %s',
      async (method) => {
        const { world, input } = await evacuatedTarget();
        const shift = createShiftTraffic(world.context());
        world.ports.coordination.interrupt('readState', async () => world.ports.coordination.failNext(method));
        await expect(shift(input)).rejects.toMatchObject({ retryable: true });
        expect(await shift(input)).toEqual(SETTLING);
        expect(world.ports.evacuation.evacuated()).toEqual([]);
      },
    );

    describe('and held out by a guardian in the source that is silent', () => {
      const cutOff = async ({
        failed = {},
        settled = {},
      }: {
        failed?: Observed;
        settled?: Partial<ApplicationState>;
      }) => {
        const world = stepWorld();
        const recordsWrittenAtEpochMs = world.ports.clock.nowMs;
        await world.setState({ evacuated: [TOKYO], recordsWrittenAtEpochMs, ...settled });
        await world.observe(SINGAPORE, failed);
        const input = await world.openFenced();
        world.ports.evacuation.objects.set(`${SINGAPORE}/${TOKYO}`, 0);
        world.ports.evacuation.down.add(SINGAPORE);
        return { world, input, shift: createShiftTraffic(world.context()) };
      };

      it('leaves a source that still answers its clients, until a person has seen to it', async () => {
        const { world, input, shift } = await cutOff({});
        const message = expect.stringMatching(/held by ap-southeast-1 .*delete the switch in ap-southeast-1 by hand/);
        await expect(shift(input)).rejects.toMatchObject({ name: 'SwitchFailedError', message });
        expect((await world.state()).activeRegion).toBe(SINGAPORE);
        await world.addLine(input, { step: 'hold-operation', outcome: 'done', detail: { answer: 'resume' } });
        expect(await shift(input)).toEqual(SETTLING);
      });

      it('leaves one that is dark', async () => {
        const { input, shift } = await cutOff({ failed: { all: FAILED } });
        expect(await shift(input)).toEqual(SETTLING);
      });

      it.each([
        { seconds: 419, outcome: 'rejected' },
        { seconds: 420, outcome: 'fulfilled' },
      ])('has let go of it $seconds s after the records: $outcome', async ({ seconds, outcome }) => {
        const recordsWrittenAtEpochMs = stepWorld().ports.clock.nowMs - seconds * 1000;
        const { input, shift } = await cutOff({ settled: { recordsWrittenAtEpochMs } });
        const [settled] = await Promise.allSettled([shift(input)]);
        expect(settled.status).toBe(outcome);
      });
    });

    it('leaves the source where it is while a guardian keeps the target out', async () => {
      const { world, input } = await evacuatedTarget();
      world.ports.evacuation.down.add(SEOUL);
      await expect(createShiftTraffic(world.context())(input)).rejects.toMatchObject({
        name: 'SwitchFailedError',
        retryable: true,
      });
      expect(world.ports.evacuation.evacuated()).toEqual([TOKYO]);
      expect(await world.state()).toMatchObject({ activeRegion: SINGAPORE, evacuated: [TOKYO] });
    });
  });
});
