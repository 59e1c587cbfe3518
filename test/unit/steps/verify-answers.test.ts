import { describe, expect, it } from 'vitest';
import { createVerifyAnswers } from '../../../lambdas/verify-answers/verify-answers.ts';
import { stepWorld } from '../../_helpers/steps/step-world.ts';

describe('answers whose servers nobody tells', () => {
  it('are asked for again, and after three minutes the operation is told why', async () => {
    const world = stepWorld();
    const input = await world.open('failover');
    await world.addLine(input, { step: 'shift-traffic', outcome: 'done' });
    const verify = createVerifyAnswers(world.context());
    expect(await verify(input)).toEqual({ done: false, waitSeconds: 2 });
    world.ports.clock.pass(181);
    await expect(verify(input)).rejects.toMatchObject({
      name: 'AnswersNotMovedError',
      message: expect.stringContaining("the zone's servers cannot be looked up"),
    });
  });
});
