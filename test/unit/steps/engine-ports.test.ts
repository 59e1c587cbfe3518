import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import { enginePorts } from '../../../lambdas/engine-ports.ts';
import { statementLimitMs } from '../../../lambdas/statement-limit.ts';
import { RECONCILE_STEP_LIMITS, RECONCILE_STEPS } from '../../../state-machines/contracts-reconcile.ts';
import { RECONCILE } from '../../_fixtures/broken-configs/reconcile.ts';
import { passiveInput } from '../../_helpers/config.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { stepWorld } from '../../_helpers/steps/step-world.ts';

type Lag = { readonly seconds: number; readonly ageSeconds: number } | undefined;

const REPLICATED = resolveConfig(
  passiveInput({
    reconcile: { ...RECONCILE, maximumLagSeconds: 5 },
    data: { adapter: 'aurora-global', globalCluster: 'storefront' },
  }),
);

/** How long repairs wait with this lag into Singapore, seconds; undefined where nothing paces them. */
async function waits(lag: Lag, config = REPLICATED): Promise<number | undefined> {
  const world = stepWorld(config);
  const { clock, dataTier, plans } = world.ports;
  if (lag !== undefined) {
    const measuredAtEpochMs = clock.nowMs - lag.ageSeconds * 1000;
    dataTier.lags.set(SINGAPORE, { seconds: lag.seconds, measuredAtEpochMs });
  }
  const tables = { of: () => ({}) as never };
  const ports = enginePorts(
    {
      ...world.context(SINGAPORE),
      deployment: { account: '1', partition: 'aws' },
      ports: { clock, dataTier, tables, plans },
    },
    { source: TOKYO, target: SINGAPORE },
  );
  return ports.pace?.();
}

describe('the pace of repairs', () => {
  it.each([
    { what: 'keeps up', lag: { seconds: 5, ageSeconds: 180 }, waitSeconds: 0 },
    { what: 'lags', lag: { seconds: 5.1, ageSeconds: 0 }, waitSeconds: 30 },
    { what: 'was not measured lately', lag: { seconds: 0, ageSeconds: 181 }, waitSeconds: 30 },
    { what: 'is not measured', lag: undefined, waitSeconds: 30 },
  ])('is $waitSeconds s while replication $what', async ({ lag, waitSeconds }) => {
    expect(await waits(lag)).toBe(waitSeconds);
  });

  it('is nobody’s where nothing is replicated', async () => {
    const config = resolveConfig(passiveInput({ reconcile: RECONCILE, data: { adapter: 'none' } }));
    expect(await waits(undefined, config)).toBeUndefined();
  });
});

describe('a statement', () => {
  it.each(RECONCILE_STEPS)('of %s ends before the step does', (step) => {
    const limitMs = statementLimitMs(step);
    expect(limitMs).toBeGreaterThanOrEqual(30_000);
    expect(limitMs).toBeLessThan(RECONCILE_STEP_LIMITS[step].timeoutSeconds * 1000);
  });
});
