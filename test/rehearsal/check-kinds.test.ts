import { describe, expect, it } from 'vitest';
import type { CheckKind } from '../../core/config/checks.ts';
import type { ConfigInput, ResolvedConfig } from '../../core/config/types.ts';
import type { HealthStatus } from '../../core/health/check-state.ts';
import { startWorld } from '../../twin/world/start-world.ts';
import { createWorld, type World } from '../../twin/world/world.ts';
import { CHECK_KINDS, CHECK_SAMPLES, CHECKS_OF_EVERY_KIND } from '../_helpers/check-samples.ts';
import { SEOUL, SINGAPORE, TOKYO, testConfig } from '../_helpers/config.ts';
import { inVirtualTime } from '../_helpers/in-virtual-time.ts';
import { rehearse } from '../_helpers/rehearse.ts';

const MINUTE_MS = 60_000;
const data = { adapter: 'aurora-global', globalCluster: 'storefront' } as const;
const deepInTwin = { ...CHECK_SAMPLES.deep, component: 'cache-cluster' };
const checks = { ...CHECKS_OF_EVERY_KIND, deep: deepInTwin };
const everyKind: ResolvedConfig = testConfig({ data, checks: checks as NonNullable<ConfigInput['checks']> });

/** What Seoul's observer says of Singapore, by kind. */
async function saidOf({ lambda }: World): Promise<Readonly<Record<string, HealthStatus>>> {
  const { reports } = await lambda.portsIn(TOKYO).coordination.readSituation();
  const report = reports.find(({ observer, subject }) => observer === SEOUL && subject === SINGAPORE);
  return Object.fromEntries(CHECK_KINDS.map((kind) => [kind, report?.checks[kind]?.status ?? 'unknown']));
}

const all = (kinds: readonly CheckKind[], status: HealthStatus) =>
  Object.fromEntries(kinds.map((kind) => [kind, status]));

describe('checks of every kind in the twin', () => {
  it('pass while all is well, and say of a dark Region what they can', () =>
    inVirtualTime(async (clock) => {
      const world = createWorld({ config: everyKind, clock, seed: 1 });
      startWorld(world);
      await clock.sleep(6 * MINUTE_MS);
      // Only secondary Regions have a lag.
      expect(await saidOf(world)).toEqual({ ...all(CHECK_KINDS, 'passed'), 'aurora-lag': 'unknown' });
      world.network.setDark(SINGAPORE, true);
      // Once the last periods that were published are too old to be judged.
      await clock.sleep(8 * MINUTE_MS);
      expect(await saidOf(world)).toEqual({
        ...all(CHECK_KINDS, 'unknown'),
        ...all(['http', 'deep', 'tcp', 'lambda'], 'failed'),
        dns: 'passed',
      });
    }));

  it('are unknown to an observer that is blind, where it learns nothing of the Region', () =>
    inVirtualTime(async (clock) => {
      const world = createWorld({ config: everyKind, clock, seed: 1 });
      startWorld(world);
      await clock.sleep(6 * MINUTE_MS);
      world.network.setBlind(SEOUL, true);
      await clock.sleep(8 * MINUTE_MS);
      expect(await saidOf(world)).toMatchObject({
        ...all(['http', 'deep', 'tcp'], 'failed'),
        ...all(['dns', 'prometheus', 'tls-expiry'], 'unknown'),
        cloudwatch: 'passed',
      });
    }));

  it('leave a Region that is dark, critical as they are', async () => {
    const critical = Object.fromEntries(
      (['tcp', 'lambda', 'dns', 'prometheus', 'cloudwatch'] as const).map((kind) => {
        const dependsOn = kind === 'tcp' || kind === 'lambda' ? [] : ['region-connectivity'];
        return [kind, { ...CHECK_SAMPLES[kind], class: 'critical', intervalSeconds: 10, dependsOn }];
      }),
    ) as NonNullable<ConfigInput['checks']>;
    const result = await rehearse({
      scenario: 'region-outage',
      config: testConfig({ data, checks: critical }),
      change: (scenario) => ({ ...scenario, actions: [], untilSeconds: 900 }),
    });
    expect(result.failover).toMatchObject({ status: 'SUCCEEDED', ruleId: 'D200', target: TOKYO });
  });
});
