import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { OperationRequest } from '../../../core/operation/request.ts';
import { endName, failedOpeningName, type ReconciliationEnd } from '../../../core/reconcile/end.ts';
import { ReconcileError } from '../../../core/reconcile/errors.ts';
import { createReconcileData } from '../../../lambdas/reconcile-data/reconcile-data.ts';
import { RECONCILE } from '../../_fixtures/broken-configs/reconcile.ts';
import { passiveInput } from '../../_helpers/config.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { stepWorld } from '../../_helpers/steps/step-world.ts';

const CONFIG = resolveConfig(passiveInput({ reconcile: { ...RECONCILE, deadlineMinutes: 60 } }));
const END: ReconciliationEnd = { attempt: 1, status: 'AGREED', reasons: [], conflicts: 2, differences: 5, repaired: 5 };
const WAITING = { done: false, passed: false, reasons: [] };

async function comparing(request: Partial<OperationRequest> = {}) {
  const world = stepWorld(CONFIG);
  const input = await world.open('failback', request);
  const { epoch } = input.operation;
  const planId = `failback-${epoch}`;
  const { machines, plans, clock } = world.ports;
  const ask = createReconcileData(world.context(SINGAPORE));
  const arnOf = (attempt: number): string => `arn:of:${planId}-${attempt}`;
  return {
    world,
    clock,
    machines,
    plans,
    planId,
    ask: () => ask(input),
    lines: () => world.lines(input, 'reconcile-data'),
    run: (attempt: number) => void machines.running.add(arnOf(attempt)),
    lose: (attempt: number) => void machines.running.delete(arnOf(attempt)),
    end: (end: Partial<ReconciliationEnd> = {}) => plans.put(endName(planId), JSON.stringify({ ...END, ...end })),
    input,
  };
}

describe('data that are to be reconciled', () => {
  it('are given to a machine once, with the Regions, the failback, and when the Regions parted', async () => {
    const { ask, machines, run, planId, world, input, lines } = await comparing();
    await world.setState({ partedAtEpochMs: 1_767_225_600_000 });
    expect(await ask()).toEqual({ ...WAITING, waitSeconds: 10 });
    run(1);
    expect(await ask()).toMatchObject(WAITING);
    expect(machines.started).toEqual([
      {
        machine: 'reconcile',
        name: `${planId}-1`,
        input: {
          planId,
          attempt: 1,
          operationId: input.operation.operationId,
          source: TOKYO,
          target: SINGAPORE,
          cutEpochMs: 1_767_225_600_000,
          requestedBy: input.operation.operationId,
        },
      },
    ]);
    expect((await lines()).map(({ outcome }) => outcome)).toEqual(['waiting', 'requested']);
  });

  it('are not compared again behind an approval, and the conflicts are counted once', async () => {
    const { ask, end, run, lose, world, machines } = await comparing();
    await ask();
    run(1);
    await end();
    lose(1);
    expect(await ask()).toMatchObject({ done: true, passed: true });
    expect(await ask()).toMatchObject({ done: true, passed: true });
    expect(machines.started).toHaveLength(1);
    expect(world.ports.telemetry.measured).toHaveLength(1);
  });

  it('are compared without a cut where nobody knows when the Regions parted', async () => {
    const { ask, machines } = await comparing();
    await ask();
    expect(machines.started[0]?.input).toMatchObject({ cutEpochMs: null });
  });

  it.each([
    { after: 0, waitSeconds: 10 },
    { after: 100, waitSeconds: 10 },
    { after: 600, waitSeconds: 60 },
    { after: 3_000, waitSeconds: 300 },
    { after: 3_600, waitSeconds: 300 },
  ])('are asked for again after $waitSeconds s when it has taken $after s', async ({ after, waitSeconds }) => {
    const { ask, run, clock } = await comparing();
    await ask();
    run(1);
    clock.pass(after);
    expect(await ask()).toEqual({ ...WAITING, waitSeconds });
  });

  it('pass once they agree, with the figures and the report on record', async () => {
    const { ask, end, lines, planId, world } = await comparing();
    await ask();
    await end();
    expect(await ask()).toEqual({ done: true, waitSeconds: 0, passed: true, reasons: [] });
    expect((await lines()).at(-1)).toMatchObject({
      outcome: 'done',
      detail: { comparison: 'AGREED', conflicts: 2, differences: 5, repaired: 5, report: `${planId}/report.json` },
    });
    expect(world.ports.telemetry.measured).toEqual([
      { region: SINGAPORE, values: { 'failback.data_reconciliation.conflicts': 2 } },
    ]);
  });

  it.each(['BLOCKED', 'UNAPPROVED', 'FAILED'] as const)(
    'close the gate where it ends %s, with the reasons',
    async (status) => {
      const { ask, end, lines, machines } = await comparing();
      await ask();
      const unresolved = [{ entity: 'orders', keys: ['000008'] }];
      await end({ status, reasons: ['orders: 1 left to a person'], unresolved });
      expect(await ask()).toMatchObject({ done: true, passed: false, reasons: ['orders: 1 left to a person'] });
      expect((await lines()).at(-1)).toMatchObject({ outcome: 'refused', detail: { comparison: status, unresolved } });
      expect(machines.started).toHaveLength(1);
    },
  );

  it('are given to another machine where the first was lost, whose end does not count', async () => {
    const { ask, end, lose, run, machines, planId } = await comparing();
    await ask();
    lose(1);
    await ask();
    run(2);
    await end({ attempt: 1 });
    expect(await ask()).toMatchObject(WAITING);
    expect(machines.started.map(({ name }) => name)).toEqual([`${planId}-1`, `${planId}-2`]);
    expect(machines.started[1]?.input).toMatchObject({ planId, attempt: 2 });
    await end({ attempt: 2 });
    expect(await ask()).toMatchObject({ done: true, passed: true });
  });

  it('are left to a person where five machines were lost', async () => {
    const { ask, machines } = await comparing();
    for (let start = 1; start <= 5; start += 1) expect(await ask()).toMatchObject(WAITING);
    expect(await ask()).toMatchObject({
      done: true,
      passed: false,
      reasons: [expect.stringContaining('lost 5 times')],
    });
    expect(machines.started).toHaveLength(5);
  });

  it('say why no start could begin a plan, where that might have passed', async () => {
    const { ask, plans, planId } = await comparing();
    await plans.put(
      failedOpeningName(planId),
      JSON.stringify({ attempt: 5, reason: 'TransientStoreError: no answer' }),
    );
    for (let start = 1; start <= 5; start += 1) await ask();
    const { reasons } = await ask();
    expect(reasons).toEqual([expect.stringContaining('lost 5 times'), 'start 5: TransientStoreError: no answer']);
  });

  it('find a machine again whose start was not put on record', async () => {
    const { ask, machines, planId, lines } = await comparing();
    await machines.start({ machine: 'reconcile', name: `${planId}-1`, input: {} });
    await ask();
    expect(machines.started).toHaveLength(1);
    expect((await lines()).at(-1)).toMatchObject({
      outcome: 'requested',
      detail: { executionArn: `arn:of:${planId}-1` },
    });
  });

  it.each([
    { after: 3_600, over: false },
    { after: 3_601, over: true },
  ])('are given up after the deadline: $after s', async ({ after, over }) => {
    const { ask, run, clock } = await comparing();
    await ask();
    run(1);
    clock.pass(after);
    const output = await ask();
    expect(output.done).toBe(over);
    if (over) expect(output.reasons).toEqual([expect.stringContaining('not reconciled within 60 min')]);
  });

  it('wait where the store of plans does not answer, and fail where it refuses', async () => {
    const { ask, plans } = await comparing();
    await ask();
    plans.failure = new ReconcileError('TransientStoreError', 'no answer');
    await expect(ask()).rejects.toMatchObject({ name: 'TransientPlatformError', retryable: true });
    plans.failure = new ReconcileError('StoreRefusedError', 'denied');
    await expect(ask()).rejects.toMatchObject({ name: 'StoreRefusedError' });
  });

  it('are not compared in an emergency, on record', async () => {
    const { ask, machines, lines } = await comparing({ mode: 'emergency' });
    expect(await ask()).toMatchObject({ done: true, passed: true });
    expect(machines.started).toEqual([]);
    expect((await lines())[0]).toMatchObject({ outcome: 'skipped', detail: { skippedGates: ['data reconciliation'] } });
  });

  it('wait for nothing once the Region that serves has itself failed', async () => {
    const { ask, world, machines } = await comparing();
    await world.observe(TOKYO, { all: { status: 'failed', consecutiveFailures: 3 } });
    await expect(ask()).rejects.toMatchObject({ name: 'CurrentRegionFailedError' });
    expect(machines.started).toEqual([]);
  });
});
