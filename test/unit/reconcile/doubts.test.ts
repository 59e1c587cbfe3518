import { describe, expect, it } from 'vitest';
import { NO_DIFFERENCES } from '../../../core/reconcile/difference.ts';
import { doubtsAbout } from '../../../core/reconcile/doubts.ts';
import type { PlanSection } from '../../../core/reconcile/plan.ts';
import {
  applyReconciliation,
  type LocalRun,
  planReconciliation,
  verifyReconciliation,
} from '../../../core/reconcile/reconciliation.ts';
import { approvePlan } from '../../../core/reconcile/seal-plan.ts';
import {
  localRun,
  notInterrupted,
  ORDERS,
  order,
  orderTables,
  planRequest,
  reconcile,
} from '../../_helpers/reconcile-tables.ts';

function section(change: Partial<PlanSection>): PlanSection {
  return {
    ...{ name: 'orders', tier: 'critical', policy: 'manual', compared: 20_000, bytesMoved: 0 },
    ...{ puts: 0, overwrites: 0, deletes: 0, leftToReplication: 0, unresolved: 0, unresolvedKeys: [] },
    differences: NO_DIFFERENCES,
    ...change,
  };
}

describe('what a person has to look at whatever the config says', () => {
  it.each<[string, Partial<PlanSection>, readonly string[]]>([
    ['nothing to do', {}, []],
    ['many new rows', { puts: 15_000, differences: { ...NO_DIFFERENCES, 'missing-in-target': 15_000 } }, []],
    ['a share of deletions that is small', { deletes: 200 }, []],
    ['a larger share', { deletes: 201 }, ['201 of 20000 rows of orders would be deleted']],
    ['few rows, all deleted', { compared: 100, deletes: 100 }, []],
    ['a little more than few', { compared: 101, deletes: 101 }, ['101 of 101 rows of orders would be deleted']],
    ['a tenth that is overwritten', { overwrites: 2_000 }, []],
    ['more than a tenth', { overwrites: 2_001 }, ['2001 of 20000 rows of orders would be overwritten']],
    [
      'an empty source',
      { compared: 3, differences: { ...NO_DIFFERENCES, 'missing-in-source': 3 } },
      ['orders is empty in source, and has 3 rows in target'],
    ],
    [
      'an empty target',
      { compared: 3, differences: { ...NO_DIFFERENCES, 'missing-in-target': 3 } },
      ['orders is empty in target, and has 3 rows in source'],
    ],
    [
      'two sides with no row in common',
      {
        compared: 3,
        differences: { ...NO_DIFFERENCES, 'missing-in-target': 2, 'missing-in-source': 1 },
      },
      [],
    ],
    ['two empty sides', { compared: 0 }, []],
  ])('%s', (_, change, doubts) => {
    expect(doubtsAbout(section(change))).toEqual(doubts);
  });

  const rows = Array.from({ length: 500 }, (_, index) => order(String(1_000 + index), 'paid', -60));
  const wipe = planRequest({ entities: [{ ...ORDERS, policy: 'source-wins' }] });

  async function planned(run: LocalRun): Promise<string> {
    return notInterrupted(await planReconciliation(run, wipe)).digest;
  }

  it('keeps a config from approving the deletion of a whole table, and a person not', async () => {
    const tables = orderTables({ target: rows });
    const run = localRun(() => tables);
    const digest = await planned(run);
    const words = { digest, approvedBy: 'the config', isAutomatic: true };
    await expect(approvePlan(run, 'plan-1', words)).rejects.toThrow(
      /person has to approve .* orders is empty in source, .* 500 of 500 rows of orders would be deleted/,
    );
    await expect(applyReconciliation(run, 'plan-1')).rejects.toMatchObject({ name: 'PlanRefusedError' });
    expect(tables.target.rows).toHaveLength(500);
    await approvePlan(run, 'plan-1', { digest, approvedBy: 'ana' });
    const report = notInterrupted(await applyReconciliation(run, 'plan-1'));
    expect(report.needsApproval).toHaveLength(2);
    expect([tables.target.rows, tables.target.audit.length]).toEqual([[], 500]);
  });

  it('is part of what is approved', async () => {
    const tables = orderTables({ target: rows });
    const run = localRun(() => tables);
    await approvePlan(run, 'plan-1', { digest: await planned(run), approvedBy: 'ana' });
    const sealed = JSON.parse((await run.store.get('plan-1/plan.json')) ?? '');
    await run.store.put('plan-1/plan.json', JSON.stringify({ ...sealed, needsApproval: [] }));
    await expect(applyReconciliation(run, 'plan-1')).rejects.toMatchObject({ name: 'PlanRefusedError' });
  });
});

describe('a verification', () => {
  const some = Array.from({ length: 200 }, (_, index) => order(String(100 + index), 'paid', -60));

  it.each([
    [false, { clean: true, sections: [{ compared: 200, verified: { remaining: 0 } }] }],
    [true, { clean: false, sections: [{ compared: 200, verified: { compared: 201, unexpected: 1 } }] }],
  ])('sees a row that was written after the plan in a range without differences: %s', async (verifiesAll, seen) => {
    const tables = orderTables({ source: some, target: some });
    tables.source.put(order('110', 'sent', 5));
    const run = localRun(() => tables);
    const request = planRequest({ verifiesAll });
    await reconcile(run, request);
    tables.source.put(order('290x', 'new', 70));
    const words = { verificationId: 'verify-2', settleSeconds: 0 };
    expect(notInterrupted(await verifyReconciliation(run, 'plan-1', words))).toMatchObject(seen);
  });

  it('goes by the parts that were approved, and not by what a range says of itself', async () => {
    const tables = orderTables({ source: some, target: some });
    tables.source.put(order('110', 'sent', 5));
    tables.target.put(order('110', 'cancelled', 6));
    const run = localRun(() => tables);
    await reconcile(run, planRequest());
    for await (const name of run.store.names('plan-1/found/')) {
      if (!name.endsWith('.json')) continue;
      await run.store.put(name, JSON.stringify({ ...JSON.parse((await run.store.get(name)) ?? ''), parts: [] }));
    }
    const words = { verificationId: 'verify-2', settleSeconds: 0 };
    const report = notInterrupted(await verifyReconciliation(run, 'plan-1', words));
    expect(report).toMatchObject({ clean: true, sections: [{ verified: { remaining: 1, unexpected: 0 } }] });
  });
});
