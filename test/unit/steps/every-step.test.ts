import { describe, expect, it } from 'vitest';
import { STEP_LIMITS, STEPS, type Step } from '../../../state-machines/contracts.ts';
import { HELD_STEPS } from '../../_helpers/steps/all-steps.ts';
import { NO_DATA, type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const CASES = Object.entries(HELD_STEPS).map(([step, held]) => ({ step: step as Step, ...held }));

/** Steps that change the application's state, or something by what it says. */
const CHANGING: readonly Step[] = [
  'fence-source',
  'start-promotion',
  'shift-traffic',
  'write-records',
  'hold-operation',
  'open-switch',
  'retreat-failback',
];

/** Everything that a step could have changed outside its own operation's log. */
async function touched(world: StepWorld): Promise<unknown> {
  const { evacuation, records, dataTier, notifier } = world.ports;
  const { leaseExpiresAtEpochMs: _, ...state } = await world.state();
  return structuredClone({
    state,
    switches: [...evacuation.objects],
    batches: records.batches,
    weights: [...records.parameters],
    promotions: dataTier.asked,
    messages: notifier.sent,
  });
}

describe('every step', () => {
  it('is here', () => {
    expect(Object.keys(HELD_STEPS).toSorted()).toEqual(
      STEPS.filter((step) => step !== 'open-operation' && step !== 'send-notification').toSorted(),
    );
  });

  it.each(CASES)('$step touches nothing once a newer operation holds the application', async ({ kind, run }) => {
    const world = stepWorld();
    const input = await world.open(kind);
    await world.loseLease();
    const before = await touched(world);
    await expect(run(world, input)).rejects.toMatchObject({ name: 'OperationLostError', retryable: false });
    expect(await touched(world)).toEqual(before);
    expect((await world.record(input)).events.map(({ step }) => step)).toEqual(['open-operation']);
  });

  it.each(CASES.filter(({ step }) => CHANGING.includes(step)))(
    '$step touches nothing where it is overtaken right after it looked',
    async ({ kind, run }) => {
      const world = stepWorld(kind === 'failover' ? NO_DATA : undefined);
      const input = await world.openFenced(kind);
      let before: unknown;
      world.ports.coordination.interrupt('readOperation', async () => {
        await world.loseLease();
        before = await touched(world);
      });
      await expect(run(world, input)).rejects.toMatchObject({ name: 'OperationLostError' });
      expect(await touched(world)).toEqual(before);
    },
  );

  it.each(CASES)('$step touches nothing while no quorum of the table answers', async ({ kind, run }) => {
    const world = stepWorld();
    const input = await world.open(kind);
    const before = await touched(world);
    world.ports.coordination.dark = true;
    await expect(run(world, input)).rejects.toMatchObject({ name: 'TransientPlatformError', retryable: true });
    world.ports.coordination.dark = false;
    expect(await touched(world)).toEqual(before);
  });

  it.each(CASES.filter(({ step }) => step !== 'close-operation' && step !== 'roll-back'))(
    '$step keeps the lease until it must have been heard of again',
    async ({ step, kind, run }) => {
      const world = stepWorld();
      const input = await world.open(kind);
      world.ports.clock.pass(60);
      await run(world, input).catch(() => undefined);
      const { timeoutSeconds } = STEP_LIMITS[step];
      const { checkSeconds } = world.config.failback;
      const longestWaitSeconds = step === 'check-rung' ? checkSeconds : STEP_LIMITS[step].longestWaitSeconds;
      const least = world.ports.clock.nowMs + (timeoutSeconds + longestWaitSeconds) * 1000;
      expect((await world.state()).leaseExpiresAtEpochMs).toBeGreaterThan(least);
    },
  );

  it('check-rung keeps it for as long as the config waits, and not for the longest wait that is allowed', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    const run = CASES.find(({ step }) => step === 'check-rung')?.run;
    await run?.(world, input).catch(() => undefined);
    const { timeoutSeconds } = STEP_LIMITS['check-rung'];
    const heardOfInSeconds = ((await world.state()).leaseExpiresAtEpochMs ?? 0) / 1000 - world.ports.clock.nowMs / 1000;
    expect(heardOfInSeconds).toBe(timeoutSeconds + world.config.failback.checkSeconds + 60);
  });
});
