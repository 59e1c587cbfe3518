import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import type { ConfigInput } from '../../core/config/types.ts';
import type { RehearsalResult } from '../../twin/scenarios/result-document.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { inputFor } from '../_fixtures/preset-matrix.ts';
import { rehearse } from '../_helpers/rehearse.ts';

type Target = NonNullable<ConfigInput['scaling']>['targets'][number];
type Fault = Scenario['faults'][number];
const SERVICE: Target = { kind: 'ecs-service', cluster: 'shop', service: 'api', desired: 8, minimumPercent: 75 };
const GROUP: Target = { kind: 'auto-scaling-group', name: 'workers', desired: 4 };
const CUSTOM: Target = { kind: 'custom', name: 'cart', function: 'scale-cart', desired: 6 };

/** Singapore goes dark, and the standby has to grow; nobody goes back. */
function outage(targets: readonly Target[], faults: readonly Fault[] = [], actions: Scenario['actions'] = []) {
  const scaling = { targets: [...targets], deadlineSeconds: 300 };
  return rehearse({
    scenario: 'region-outage',
    config: resolveConfig({ ...inputFor('warm-standby', 2), scaling }),
    change: (scenario) => ({
      ...scenario,
      faults: [...scenario.faults.filter(({ kind }) => kind === 'region-dark').slice(0, 1), ...faults],
      actions,
      expectations: [],
      untilSeconds: 1800,
    }),
  });
}

const lineOf = ({ operations }: RehearsalResult, step: string, outcome: string) =>
  operations[0]?.events.find((event) => event.step === step && event.outcome === outcome);
const refused = (service: string, operation: string, error: string): Fault => ({
  kind: 'api-refused',
  atSeconds: 0,
  ...{ service, operation, error, message: 'as documented' },
});

describe.each([
  {
    what: 'a service of Amazon ECS',
    target: SERVICE,
    name: 'shop/api',
    fault: refused('ecs', 'UpdateService', 'ClientException'),
  },
  {
    what: 'an Auto Scaling group',
    target: GROUP,
    name: 'workers',
    fault: refused('autoscaling', 'UpdateAutoScalingGroup', 'ScalingActivityInProgress'),
  },
  {
    what: "anything behind a function of the user's",
    target: CUSTOM,
    name: 'cart',
    fault: refused('lambda', 'Invoke', 'TooManyRequestsException'),
  },
])('$what', ({ target, name, fault }) => {
  it('grows while traffic moves, and is waited for', async () => {
    const result = await outage([target]);
    expect(result.expectations.filter(({ held }) => !held)).toEqual([]);
    expect(result.failover.status).toBe('SUCCEEDED');
    expect(lineOf(result, 'scale-target', 'requested')?.detail).toMatchObject({
      targets: [{ name, request: 'raised' }],
    });
    expect(lineOf(result, 'check-capacity', 'done')?.detail).toMatchObject({ targets: [{ name, request: 'enough' }] });
    expect(result.failover.phases.scale).toBeGreaterThan(45);
  });

  it('that does not grow holds the operation, naming it', async () => {
    const result = await outage([target], [fault]);
    expect(result.expectations.filter(({ held }) => !held)).toEqual([]);
    expect(result.operations[0]?.status).toBe('NEEDS_OPERATOR');
    expect(lineOf(result, 'check-capacity', 'failed')?.detail).toMatchObject({ targets: [{ name }] });
    expect(JSON.stringify(lineOf(result, 'hold-operation', 'waiting')?.detail)).toContain('CapacityNotReachedError');
  });
});
