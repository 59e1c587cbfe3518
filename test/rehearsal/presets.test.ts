import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import { inputFor } from '../_fixtures/preset-matrix.ts';
import { broken, rehearse } from '../_helpers/rehearse.ts';

/** As long as the share of a rung takes to be measured, and no longer. */
const failback = { bakeMinutes: 8 };

describe('an application whose Regions all serve and write', () => {
  it('leaves one of them and climbs back, whatever part of the clients is its own', async () => {
    const config = resolveConfig({ ...inputFor('data-active-active', 2), failback });
    const { failover, failback: back, answers } = await rehearse({ scenario: 'region-outage', config });
    expect(failover.status).toBe('SUCCEEDED');
    expect(answers.afterFailover).toEqual([{ value: 'ap-northeast-1.matrix.example', share: 1 }]);
    expect(back.status).toBe('SUCCEEDED');
    expect(answers.atEnd).toEqual([
      { value: 'ap-northeast-1.matrix.example', share: 0.5 },
      { value: 'ap-southeast-1.matrix.example', share: 0.5 },
    ]);
  });
});

describe('an application with a cold standby', () => {
  it('asks a person and starts nothing by itself', async () => {
    const config = resolveConfig(inputFor('cold-standby', 2));
    const { failover, notifications } = await rehearse({
      scenario: 'region-outage',
      config,
      change: (scenario) => ({ ...scenario, actions: [], untilSeconds: 900 }),
    });
    expect(failover.status).toBe('NOT_STARTED');
    expect(notifications).toContainEqual(
      expect.objectContaining({ text: expect.stringContaining('gate automation-enabled is closed') }),
    );
  });
});

describe('an application whose writes wait in a queue', () => {
  it('is left and comes back as one with a standby', async () => {
    const config = resolveConfig({ ...inputFor('queue-based-writes', 3), failback });
    expect(broken(await rehearse({ scenario: 'region-outage', config }))).toEqual([]);
  });
});
