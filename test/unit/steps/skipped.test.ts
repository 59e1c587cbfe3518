import { describe, expect, it } from 'vitest';
import { HELD_STEPS } from '../../_helpers/steps/all-steps.ts';
import { stepWorld } from '../../_helpers/steps/step-world.ts';

describe.each([
  { step: 'scale-target', output: { status: 'skipped' }, reason: 'the config names nothing to scale' },
  { step: 'check-capacity', output: { done: true, waitSeconds: 0 }, reason: 'the config names nothing to scale' },
  { step: 'adjust-load-balancers', output: { status: 'skipped' }, reason: 'no load-balancer weights are configured' },
] as const)('$step', ({ step, output, reason }) => {
  const { run } = HELD_STEPS[step];

  it('says once that it had nothing to do, and why', async () => {
    const world = stepWorld();
    const input = await world.open();
    expect(await run(world, input)).toEqual(output);
    expect(await run(world, input)).toEqual(output);
    expect(await world.lines(input, step)).toMatchObject([{ outcome: 'skipped', detail: { reason } }]);
  });

  it('says it when run again where the line got no answer', async () => {
    const world = stepWorld();
    const input = await world.open();
    world.ports.coordination.failNext('appendEvent');
    await expect(run(world, input)).rejects.toMatchObject({ name: 'TransientPlatformError', retryable: true });
    await run(world, input);
    expect(await world.lines(input, step)).toHaveLength(1);
  });
});
