import { describe, expect, it } from 'vitest';
import { budgetsOf } from '../../core/budget/budgets.ts';
import { totalSeconds } from '../../core/budget/scenario-budget.ts';
import { resolveConfig } from '../../core/config/resolve.ts';
import { PLANNED_POLL_SECONDS } from '../../core/operation/polling.ts';
import storefront from '../../switchyard.config.ts';
import type { OperationResult, RehearsalResult } from '../../twin/scenarios/result-document.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { broken, rehearse } from '../_helpers/rehearse.ts';

const LONG_TTL = resolveConfig({ ...storefront, ttlSeconds: 120 });
const LEAD_SECONDS = 900;

/** When a step of the operation first recorded that outcome, seconds; NaN where it did not. */
function at({ events }: OperationResult, step: string, outcome: string): number {
  return events.find((event) => event.step === step && event.outcome === outcome)?.atSeconds ?? Number.NaN;
}

function only({ operations }: RehearsalResult): OperationResult {
  const [operation] = operations;
  if (operation === undefined || operations.length !== 1) throw new Error(`there are ${operations.length} operations`);
  return operation;
}

const planned = (change: (scenario: Scenario) => Scenario = (same) => same, config = LONG_TTL) =>
  rehearse({ scenario: 'planned-maintenance', config, change });

describe('planned work with a TTL of two minutes', () => {
  it('lowers it a quarter of an hour ahead of the fence, and gives it back', async () => {
    const result = await planned((scenario) => ({ ...scenario, untilSeconds: 3_000 }));
    expect(broken(result)).toEqual([]);
    const operation = only(result);
    const requested = at(operation, 'prepare-records', 'requested');
    expect(requested).toBeLessThan(610);
    expect(at(operation, 'fence-source', 'done') - requested).toBeGreaterThanOrEqual(LEAD_SECONDS);
    // Lowered, moved with the lowered TTL, and given back by the reconciler.
    expect(result.world.apiCalls['route53:ChangeResourceRecordSets']).toBe(3);
    expect(result.world.recordsPending).toBe(false);
  });

  it('that is gone on with after a crash still waits for the lead', async () => {
    const result = await planned((scenario) => {
      const start = scenario.actions.find(({ action }) => action === 'start');
      if (start?.action !== 'start') throw new Error('nothing is started');
      const resume = { ...start, atSeconds: 800, input: { ...start.input, resume: 'failover-by-operator-1' } };
      return {
        ...scenario,
        faults: [
          ...scenario.faults,
          { kind: 'orchestrator-killed', atSeconds: 0, machine: 'failover', state: 'WaitForOldTtl', point: 'before' },
        ],
        actions: [...scenario.actions, resume],
        untilSeconds: 3_000,
      };
    });
    const operation = only(result);
    expect(operation.status).toBe('SUCCEEDED');
    const requested = at(operation, 'prepare-records', 'requested');
    expect(at(operation, 'fence-source', 'done') - requested).toBeGreaterThanOrEqual(LEAD_SECONDS);
    expect(at(operation, 'await-lag', 'done')).toBeGreaterThan(requested);
  });

  it('interrupts writes no longer than its budget says', async () => {
    const budget = budgetsOf(LONG_TTL).find(({ scenario }) => scenario === 'planned');
    const { failover } = await planned();
    expect(failover.writeInterruption.seconds).toBeLessThanOrEqual(budget === undefined ? 0 : totalSeconds(budget));
  });
});

describe('planned work that asks for an approval', () => {
  const asking =
    (answer: 'approve' | 'decline') =>
    (scenario: Scenario): Scenario => ({
      ...scenario,
      actions: [
        ...scenario.actions.map((action) =>
          action.action === 'start' ? { ...action, input: { ...action.input, approval: 'required' } } : action,
        ),
        { action: answer, atSeconds: 700 },
      ],
      untilSeconds: 3_000,
    });

  it('changes nothing, not even a TTL, before it is approved', async () => {
    const result = await planned(asking('approve'));
    expect(broken(result)).toEqual([]);
    expect(at(only(result), 'prepare-records', 'requested')).toBeGreaterThan(700);
  });

  it('changes nothing where it is declined', async () => {
    const { failover, world, answers } = await planned(asking('decline'));
    expect(failover.status).toBe('ABORTED');
    expect(world.apiCalls['route53:ChangeResourceRecordSets']).toBeUndefined();
    expect(answers.atEnd).toEqual(answers.before);
  });
});

describe('planned work whose lag does not come down', () => {
  it('is put off: the TTL is given back, nothing was moved, and people are told why', async () => {
    const config = resolveConfig({ ...LONG_TTL, failover: { ...LONG_TTL.failover, lagMinutes: 5 } });
    const { failover, world, operations, notifications, answers } = await planned(
      (scenario) => ({
        ...scenario,
        faults: scenario.faults.map((fault) => ({ ...fault, untilSeconds: 7_200 })),
        untilSeconds: 2_400,
      }),
      config,
    );
    expect(failover.status).toBe('FAILED');
    expect(failover.writeInterruption.seconds).toBeNull();
    expect(world).toMatchObject({ activeRegion: 'ap-southeast-1', writerRegion: 'ap-southeast-1' });
    expect(world.requests.failed).toBe(0);
    expect(answers.atEnd).toEqual(answers.before);
    expect(operations[0]?.events).toContainEqual(
      expect.objectContaining({ step: 'roll-back', detail: { what: 'ttl', did: 'the TTL is 120 s again' } }),
    );
    expect(notifications.at(-1)?.text).toMatch(/replication lag is 30\.0 s, 1 s is allowed after 5 min/);
  });
});

describe('planned work whose source dies while the TTL is waited for', () => {
  it('gets out of the way of an automatic failover', async () => {
    const { operations, answers } = await planned((scenario) => ({
      ...scenario,
      faults: [{ kind: 'region-dark', region: 'primary', atSeconds: 900 }],
      untilSeconds: 1_500,
    }));
    expect(operations.map(({ mode, status }) => ({ mode, status }))).toEqual([
      { mode: 'planned', status: 'FAILED' },
      { mode: 'automatic', status: 'SUCCEEDED' },
    ]);
    // Known by then by its budget, seen at the next look, and put back.
    const budget = budgetsOf(LONG_TTL).find(({ scenario }) => scenario === 'region-outage');
    const knownAfter = (budget?.before ?? []).find(({ name }) => name === 'detection')?.seconds ?? 0;
    expect((operations[1]?.openedAtSeconds ?? 0) - 900).toBeLessThan(knownAfter + PLANNED_POLL_SECONDS + 20);
    expect(answers.atEnd).toEqual([{ value: 'tokyo.storefront.example', share: 1 }]);
  });
});
