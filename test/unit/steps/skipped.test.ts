import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import { inputFor } from '../../_fixtures/preset-matrix.ts';
import { HELD_STEPS } from '../../_helpers/steps/all-steps.ts';
import { stepWorld } from '../../_helpers/steps/step-world.ts';

describe.each([
  { step: 'scale-target', output: { status: 'skipped' }, reason: 'no scaling adapter is configured' },
  { step: 'check-capacity', output: { done: true, waitSeconds: 0 }, reason: 'no scaling adapter is configured' },
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

describe.each(['scale-target', 'check-capacity'] as const)('%s of a standby that is to grow', (step) => {
  it('says what a person has to bring to its size', async () => {
    const config = resolveConfig(inputFor('warm-standby', 2));
    const world = stepWorld(config);
    const input = await world.open('failover', { application: config.application });
    await HELD_STEPS[step].run(world, input);
    expect(await world.lines(input, step)).toMatchObject([
      {
        outcome: 'skipped',
        detail: {
          reason: 'this version scales nothing itself; see to it that what is to be scaled has its size',
          toBeScaled: [{ kind: 'ecs-service', cluster: 'matrix', service: 'api', minimumPercent: 80 }],
        },
      },
    ]);
  });
});
