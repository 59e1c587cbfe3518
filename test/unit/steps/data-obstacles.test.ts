import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { createReconcileData } from '../../../lambdas/reconcile-data/reconcile-data.ts';
import { createValidateTarget } from '../../../lambdas/validate-target/validate-target.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { NO_DATA, type StepWorld, stepWorld, UNPINNED } from '../../_helpers/steps/step-world.ts';

const OBSTACLE = 'DB instance shop is no read replica';

/** All is well but for what the data tier has against the move. */
async function inTheWay(world: StepWorld): Promise<void> {
  for (const region of [SINGAPORE, TOKYO]) {
    await world.observe(region);
    world.ports.dataTier.lags.set(region, { seconds: 0.4, measuredAtEpochMs: world.ports.clock.nowMs });
  }
  world.ports.dataTier.inTheWay = [OBSTACLE];
}

describe('what the data tier has against a target', () => {
  it('refuses a failover to it before anything is changed', async () => {
    const world = stepWorld();
    const input = await world.open();
    await inTheWay(world);
    const validate = createValidateTarget(world.context());
    expect(await validate(input)).toEqual({ passed: false, reasons: [OBSTACLE] });
    world.ports.dataTier.inTheWay = [];
    expect(await validate(input)).toEqual({ passed: true, reasons: [] });
  });

  it('is settled once the source was fenced: a copy that was promoted since is none any more', async () => {
    const world = stepWorld();
    const input = await world.open();
    await inTheWay(world);
    await createFenceSource(world.context())(input);
    expect(await createValidateTarget(world.context())(input)).toEqual({ passed: true, reasons: [] });
  });

  it('is not asked for where nothing is replicated', async () => {
    const world = stepWorld(NO_DATA);
    const input = await world.open();
    await inTheWay(world);
    expect(await createValidateTarget(world.context())(input)).toEqual({ passed: true, reasons: [] });
  });

  it('refuses a failback', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    await inTheWay(world);
    expect(await createReconcileData(world.context())(input)).toMatchObject({
      done: true,
      passed: false,
      reasons: [OBSTACLE],
    });
  });
});

describe('a lag that is published where it comes from', () => {
  const config = resolveConfig({ ...UNPINNED, data: { adapter: 'dynamodb-global', table: 'shop' } });
  const seen = async (observer: string, value: number) => {
    const world = stepWorld(config);
    const input = await world.open();
    for (const region of [SINGAPORE, TOKYO]) await world.observe(region);
    await world.ports.coordination.mergeReport({
      ...{ observer, subject: SINGAPORE, round: 2, reportedAtEpochMs: world.ports.clock.nowMs, checks: {} },
      metrics: { 'replication-lag-seconds': [{ value, atEpochMs: world.ports.clock.nowMs - 60_000 }] },
    });
    return createValidateTarget(world.context())(input);
  };

  it.each([
    { value: 5, reasons: [] },
    { value: 5.1, reasons: ['replication lag 5.1 s (measured 60 s ago) exceeds the loss budget of 5 s'] },
  ])('is judged by what the observer beside the copy saw last: $value s', async ({ value, reasons }) => {
    expect(await seen(TOKYO, value)).toEqual({ passed: reasons.length === 0, reasons });
  });

  it('is not known by what anybody else saw', async () => {
    expect((await seen(SINGAPORE, 0)).reasons).toEqual([expect.stringContaining('was not measured')]);
  });
});
