import { describe, expect, it } from 'vitest';
import type { RehearsalResult } from '../../twin/scenarios/result-document.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { LISTENER, LOAD_BALANCERS, RULE } from '../_fixtures/load-balancers.ts';
import { passiveInput, testConfig } from '../_helpers/config.ts';
import { broken, rehearse } from '../_helpers/rehearse.ts';

const config = testConfig(
  passiveInput({
    data: { adapter: 'aurora-global', globalCluster: 'storefront' },
    loadBalancers: LOAD_BALANCERS,
    failback: { bakeMinutes: 8 },
  }),
);
const adjusted = ({ operations }: RehearsalResult, kind: 'failover' | 'failback') =>
  (operations.find((operation) => operation.kind === kind)?.events ?? []).filter(
    ({ step }) => step === 'adjust-load-balancers',
  );
const outage = (faults: Scenario['faults'] = []) =>
  rehearse({
    scenario: 'region-outage',
    config,
    change: (scenario) => ({ ...scenario, faults: [...scenario.faults, ...faults] }),
  });

describe('load balancers and accelerators', () => {
  it('follow a failover as far as they can be reached, and a failback in full', async () => {
    const result = await outage();
    expect(broken(result)).toEqual([]);
    expect(adjusted(result, 'failover')).toMatchObject([
      {
        outcome: 'failed',
        detail: {
          adjusted: [
            { what: LISTENER, outcome: 'failed' },
            { what: RULE, outcome: 'changed' },
            { what: 'accelerator', outcome: 'changed' },
          ],
        },
      },
    ]);
    expect(adjusted(result, 'failback')).toMatchObject([
      {
        outcome: 'done',
        detail: { only: 'listeners-of-target', adjusted: [{ what: LISTENER, outcome: 'unchanged' }] },
      },
      {
        outcome: 'done',
        detail: {
          only: 'all',
          adjusted: [{ what: LISTENER }, { what: RULE, outcome: 'changed' }, { outcome: 'changed' }],
        },
      },
    ]);
  });

  it('that cannot be set fail nothing', async () => {
    const refused = { kind: 'api-refused', atSeconds: 0, error: 'AccessDeniedException', message: 'no' } as const;
    const result = await outage([
      { ...refused, service: 'elasticloadbalancing', operation: 'DescribeRules' },
      { ...refused, service: 'globalaccelerator', operation: 'UpdateEndpointGroup' },
    ]);
    expect(broken(result)).toEqual([]);
    expect(result.failover.status).toBe('SUCCEEDED');
    expect(result.world.apiCalls['elasticloadbalancing:ModifyRule']).toBeUndefined();
  });
});
