import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../../adapters/memory/memory-store.ts';
import { endName, failedOpeningName } from '../../../core/reconcile/end.ts';
import { ReconcileError } from '../../../core/reconcile/errors.ts';
import type { Table } from '../../../core/reconcile/table.ts';
import { createOpenReconciliation } from '../../../lambdas/open-reconciliation/open-reconciliation.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { ordersOnly } from '../../_helpers/reconcile-machine.ts';
import { stepWorld } from '../../_helpers/steps/step-world.ts';

/** Opens a plan over tables that answer with this error alone. */
async function opening(error: Error, asked = true) {
  const config = ordersOnly({});
  const world = stepWorld(config);
  const { operation } = await world.open('failback');
  const plans = createMemoryStore();
  const table = { shape: () => Promise.reject(error) } as Partial<Table> as Table;
  const open = createOpenReconciliation({
    config,
    deployment: { account: '111122223333', partition: 'aws' },
    region: SINGAPORE,
    ports: { ...world.ports, plans, tables: { of: () => table } },
  });
  const request = {
    ...{ planId: 'failback-2', source: TOKYO, target: SINGAPORE, requestedBy: 'tester', attempt: 2 },
    ...(asked ? { operationId: operation.operationId } : {}),
  };
  await expect(open({ request, executionName: 'failback-2-2' })).rejects.toBe(error);
  return { end: plans.objects.get(endName('failback-2')), failed: plans.objects.get(failedOpeningName('failback-2')) };
}

describe('a plan that cannot be begun', () => {
  it('tells the failback that asked why, every difference of the tables included', async () => {
    const { end } = await opening(new ReconcileError('SchemaDriftError', 'orders: note is text here, integer there'));
    expect(JSON.parse(end ?? '')).toEqual({
      attempt: 2,
      status: 'FAILED',
      reasons: ['SchemaDriftError: orders: note is text here, integer there'],
      ...{ conflicts: 0, differences: 0, repaired: 0 },
    });
  });

  it('does so at once only where it cannot pass: another try may begin it', async () => {
    const { end, failed } = await opening(new ReconcileError('TransientStoreError', 'connection refused'));
    expect(end).toBeUndefined();
    expect(JSON.parse(failed ?? '')).toEqual({ attempt: 2, reason: 'TransientStoreError: connection refused' });
  });

  it('writes no end for a failback that did not ask', async () => {
    expect(await opening(new ReconcileError('SchemaDriftError', 'orders: drift'), false)).toEqual({});
  });
});
