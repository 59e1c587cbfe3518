import { describe, expect, it } from 'vitest';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { activeInput, passiveInput, regionsOf, SINGAPORE, SYDNEY, TOKYO, testConfig } from '../_helpers/config.ts';
import { broken, rehearse } from '../_helpers/rehearse.ts';

const ids = [SINGAPORE, TOKYO, SYDNEY];
const DATA = { adapter: 'aurora-global', globalCluster: 'storefront', writes: 'forwarded' } as const;
/** As long as the share of a rung takes to be measured, and no longer. */
const failback = { bakeMinutes: 8 };
const standbys: ResolvedConfig = testConfig(passiveInput({ regions: regionsOf(ids), data: DATA, failback }));
const active: ResolvedConfig = testConfig(activeInput({ regions: regionsOf(ids, 'active'), data: DATA }));

describe('an application with two standbys', () => {
  it('moves to one of them alone, and comes back', async () => {
    const result = await rehearse({ scenario: 'region-outage', config: standbys });
    expect(broken(result)).toEqual([]);
    expect(result.answers.afterFailover).toEqual([{ value: `${TOKYO}.storefront.example`, share: 1 }]);
  });

  it('moves to one of them alone while no record can be written', async () => {
    const result = await rehearse({ scenario: 'control-plane-outage', config: standbys });
    expect(broken(result)).toEqual([]);
    expect(result.failover.status).toBe('SUCCEEDED');
  });

  it('moves past a standby that is not well, and sends nobody there', async () => {
    const result = await rehearse({ scenario: 'standby-unhealthy', config: standbys });
    expect(result.failover).toMatchObject({ status: 'SUCCEEDED', target: SYDNEY });
    expect(result.answers.atEnd).toEqual([{ value: `${SYDNEY}.storefront.example`, share: 1 }]);
    expect(result.world.answeredMeanwhile).toEqual([`${SYDNEY}.storefront.example`]);
  });

  it('lets the other standby in again once the records say who serves', async () => {
    const result = await rehearse({
      scenario: 'region-outage',
      config: standbys,
      change: (scenario) => ({ ...scenario, actions: [], untilSeconds: 2400 }),
    });
    expect(result.world.evacuated).toEqual([SINGAPORE]);
    expect(result.operations[0]?.events).toContainEqual(
      expect.objectContaining({ step: 'shift-traffic', detail: expect.objectContaining({ heldOut: [SYDNEY] }) }),
    );
    expect(result.answers.atEnd).toEqual([{ value: `${TOKYO}.storefront.example`, share: 1 }]);
  });
});

describe('an application with nothing to promote', () => {
  it('gets the right to write back with its traffic', async () => {
    const config = testConfig(passiveInput({ data: { adapter: 'none', writes: 'forwarded' }, failback }));
    const result = await rehearse({
      scenario: 'region-outage',
      config,
      change: (scenario) => ({
        ...scenario,
        expectations: scenario.expectations.filter(({ path }) => path !== 'failover.rpoSeconds'),
      }),
    });
    expect(broken(result)).toEqual([]);
    expect(result.operations[1]?.events).toContainEqual(
      expect.objectContaining({ step: 'start-promotion', outcome: 'skipped' }),
    );
  });
});

describe('an application with three active Regions', () => {
  it('leaves one of them to the others', async () => {
    const result = await rehearse({
      scenario: 'region-outage',
      config: active,
      change: (scenario) => ({ ...scenario, actions: [], untilSeconds: 2400 }),
    });
    expect(result.failover.status).toBe('SUCCEEDED');
    expect(result.world.evacuated).toEqual([SINGAPORE]);
    expect(result.answers.atEnd.map(({ value }) => value)).not.toContain(`${SINGAPORE}.storefront.example`);
  });
});
