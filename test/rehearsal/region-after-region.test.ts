import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { broken, rehearse } from '../_helpers/rehearse.ts';

/** The primary is left, and soon after it is back the Region that serves goes dark: for minutes one Region alone is well, and left. */
const ONE_AFTER_THE_OTHER: Scenario = {
  name: 'one-after-the-other',
  about: 'Both Regions go dark in turn, and nobody asked for a failback.',
  untilSeconds: 3_000,
  faults: [
    { kind: 'region-dark', region: 'primary', atSeconds: 600, untilSeconds: 1_200 },
    { kind: 'region-dark', region: 'standby', atSeconds: 1_800, untilSeconds: 2_400 },
  ],
  actions: [],
  expectations: [
    { text: 'the first failover succeeds', path: 'operations[0].status', op: 'equals', value: 'SUCCEEDED' },
    { text: 'to the standby', path: 'operations[0].target', op: 'equals', value: '{standby}' },
  ],
};

describe('a Region that was left before the other one dies', () => {
  it('was not evacuated as the last healthy one, whatever alarms ring meanwhile', async () => {
    expect(broken(await rehearse({ scenario: ONE_AFTER_THE_OTHER }))).toEqual([]);
  });
});
