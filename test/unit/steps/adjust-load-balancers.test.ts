import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ConfigInput } from '../../../core/config/types.ts';
import { createAdjustLoadBalancers } from '../../../lambdas/adjust-load-balancers/adjust-load-balancers.ts';
import {
  APP_IN_TOKYO,
  BESIDE,
  DIALS,
  ELSEWHERE,
  LISTENER,
  LOAD_BALANCERS,
  RULE,
} from '../../_fixtures/load-balancers.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { stepWorld, UNPINNED } from '../../_helpers/steps/step-world.ts';

const config = resolveConfig({ ...UNPINNED, loadBalancers: LOAD_BALANCERS } as ConfigInput);

async function adjusting(kind: 'failover' | 'failback' = 'failover') {
  const world = stepWorld(config);
  const input = await world.open(kind);
  return { world, input, adjust: createAdjustLoadBalancers(world.context()) };
}

const TO_TOKYO = [
  { arn: LISTENER, to: { [BESIDE]: 0, [ELSEWHERE]: 100 } },
  { arn: RULE, to: { [APP_IN_TOKYO]: 1 } },
  { arn: DIALS[TOKYO], to: 100 },
  { arn: DIALS[SINGAPORE], to: 0 },
];
const byArn = (set: readonly { readonly arn: string }[]) => set.toSorted((a, b) => a.arn.localeCompare(b.arn));

describe('adjust-load-balancers', () => {
  it('sets every weight and dial for the Region that took over, the dial that opens first', async () => {
    const { world, input, adjust } = await adjusting();
    expect(await adjust(input)).toEqual({ status: 'adjusted' });
    const { set } = world.ports.loadBalancers;
    expect(byArn(set)).toEqual(byArn(TO_TOKYO));
    expect(set.filter(({ to }) => typeof to === 'number').map(({ to }) => to)).toEqual([100, 0]);
    expect(await world.lines(input, 'adjust-load-balancers')).toMatchObject([
      {
        outcome: 'done',
        detail: {
          serving: TOKYO,
          adjusted: [
            { what: LISTENER, outcome: 'changed' },
            { what: RULE, outcome: 'changed' },
            { what: 'accelerator', outcome: 'changed' },
          ],
        },
      },
    ]);
  });

  it('touches before a failback only the listeners of the Region that is let in', async () => {
    const { world, input, adjust } = await adjusting('failback');
    await adjust({ ...input, only: 'listeners-of-target' });
    expect(world.ports.loadBalancers.set).toEqual([{ arn: LISTENER, to: { [BESIDE]: 100, [ELSEWHERE]: 0 } }]);
  });

  it.each([LISTENER, RULE, DIALS[TOKYO]])('fails no operation where %s cannot be set, and says so', async (arn) => {
    const { world, input, adjust } = await adjusting();
    world.ports.loadBalancers.failures.set(arn, new Error('TooManyActions: no'));
    expect(await adjust(input)).toEqual({ status: 'failed-in-part' });
    const [line] = await world.lines(input, 'adjust-load-balancers');
    expect(line).toMatchObject({ outcome: 'failed' });
    expect(line?.detail['adjusted']).toContainEqual(
      expect.objectContaining({ outcome: 'failed', reason: 'TooManyActions: no' }),
    );
    expect(world.ports.loadBalancers.set.length).toBeGreaterThanOrEqual(2);
  });

  it('closes no dial where the other could not be opened: nobody would be served', async () => {
    const { world, input, adjust } = await adjusting();
    world.ports.loadBalancers.failures.set(DIALS[TOKYO], new Error('us-west-2 does not answer'));
    await adjust(input);
    expect(world.ports.loadBalancers.set.map(({ arn }) => arn)).not.toContain(DIALS[SINGAPORE]);
  });
});
