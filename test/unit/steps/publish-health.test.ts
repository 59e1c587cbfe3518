import { describe, expect, it } from 'vitest';
import { assess } from '../../../core/health/assess.ts';
import { healthMeasurement, publishHealth } from '../../../lambdas/observe-regions/publish-health.ts';
import { SEOUL, SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { FAILED, type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

/** Rounds of a minute, the last one of which publishes. */
const LAST = 5;

async function published(world: StepWorld, { region = TOKYO, round = LAST } = {}) {
  const { reports } = await world.ports.coordination.readSituation();
  publishHealth(world.context(region), { round, reports });
  return world.ports.telemetry.measured;
}

describe('what a Region publishes about the others', () => {
  it('is the verdict on every check, and how many have failed', async () => {
    const world = stepWorld();
    await world.observe(SINGAPORE, { checks: { 'order-service': FAILED, 'inventory-service': FAILED } });
    await world.observe(TOKYO);
    expect(await published(world)).toEqual([
      { region: TOKYO, values: { 'observers.silent': 0 } },
      {
        region: SINGAPORE,
        values: {
          'health.check.region-connectivity': 0,
          'health.check.database-writer': 0,
          'health.check.cache-cluster': 0,
          'health.check.order-service': 1,
          'health.check.payment-service': 0,
          'health.check.inventory-service': 1,
          'health.check.error-rate': 0,
          'health.check.response-time': 0,
          'health.checks.total': 8,
          'health.checks.failed': 2,
          'health.checks.critical_failed': 1,
        },
      },
    ]);
  });

  it('is nothing about a check whose verdict is unknown, and nothing at all where all are', async () => {
    const world = stepWorld();
    await world.observe(SINGAPORE, { checks: { 'order-service': { status: 'unknown' } } });
    const [, about] = await published(world);
    expect(about?.values).not.toHaveProperty('health.check.order-service');
    expect(about?.values['health.checks.total']).toBe(7);
    const nothing = assess(world.config, { subject: SINGAPORE, reports: [], nowEpochMs: 0 });
    expect(healthMeasurement(nothing)).toBeUndefined();
  });

  it('is told by the Region that serves too', async () => {
    const world = stepWorld();
    await world.observe(TOKYO, { all: FAILED });
    const measured = await published(world, { region: SINGAPORE });
    expect(measured.map(({ region }) => region)).toEqual([SINGAPORE, TOKYO]);
  });

  it('counts the observers that are silent', async () => {
    const world = stepWorld();
    await world.observe(SINGAPORE, { observers: [SEOUL] });
    const [silence] = await published(world);
    expect(silence?.values).toEqual({ 'observers.silent': 2 });
  });

  it.each([0, 1, 2, 3, 4])('waits for the last round of the minute: not %d', async (round) => {
    expect(await published(stepWorld(), { round })).toEqual([]);
  });
});
