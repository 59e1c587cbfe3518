import { describe, expect, it } from 'vitest';
import { readHeader, readRanges } from '../../../core/reconcile/documents.ts';
import { findInRange } from '../../../core/reconcile/find-differences.ts';
import { openPlan } from '../../../core/reconcile/open-plan.ts';
import { applyReconciliation, type LocalRun, verifyReconciliation } from '../../../core/reconcile/reconciliation.ts';
import { approvePlan, sealPlan } from '../../../core/reconcile/seal-plan.ts';
import { readTouched, touchedRange, touchedRef } from '../../../core/reconcile/verify-range.ts';
import { localRun, notInterrupted, order, orderTables, planRequest } from '../../_helpers/reconcile-tables.ts';

const PLAN = 'plan-1';

describe('two workers on one range, as after a retry', () => {
  it('leave a plan that can be applied, though rows moved between them', async () => {
    const tables = orderTables({ source: [order('1', 'sent', 5)], target: [order('1', 'paid', -5)] });
    const run = localRun(() => tables);
    const header = await openPlan(run, planRequest());
    const [range] = await readRanges(run, PLAN);
    if (range === undefined) throw new Error('there is no range');
    // The first one has stored its part when the second one begins, and ends after it.
    let begun = false;
    const secondWorker = async (name: string): Promise<void> => {
      if (begun || !name.endsWith('.json')) return;
      begun = true;
      tables.source.put(order('1', 'returned', 6));
      await findInRange(run, header, range);
    };
    const slow: LocalRun['store'] = {
      ...run.store,
      put: (name, text) => secondWorker(name).then(() => run.store.put(name, text)),
      create: (name, text) => secondWorker(name).then(() => run.store.create(name, text)),
    };
    await findInRange({ ...run, store: slow }, header, range);
    const { digest } = await sealPlan(run, PLAN);
    await approvePlan(run, PLAN, { digest, approvedBy: 'ana' });
    notInterrupted(await applyReconciliation(run, PLAN));
    const words = { verificationId: 'verify-1', settleSeconds: 0 };
    expect(notInterrupted(await verifyReconciliation(run, PLAN, words))).toMatchObject({ clean: true });
    expect(tables.target.rows).toEqual([order('1', 'returned', 6)]);
  });
});

describe('a range in a list of work', () => {
  async function touched(rows: number) {
    const some = Array.from({ length: rows }, (_, at) => order(String(10_000 + at), 'sent', 5));
    const tables = orderTables({ source: some });
    const run = localRun(() => tables);
    const header = await openPlan(run, planRequest({ rowsPerRange: 100_000 }));
    for (const range of await readRanges(run, PLAN)) await findInRange(run, header, range);
    await sealPlan(run, PLAN);
    const [range] = await readTouched(run, PLAN);
    if (range === undefined) throw new Error('nothing was touched');
    return { run, range, ref: touchedRef(run, range) };
  }

  it('is as short as any other, however much differs in it', async () => {
    const [few, many] = [await touched(1), await touched(5_000)];
    expect(many.range.parts).toHaveLength(5);
    expect(JSON.stringify(many.ref)).toHaveLength(JSON.stringify(few.ref).length);
    expect(await touchedRange(many.run, PLAN, many.ref)).toEqual(many.range);
  });

  it('is refused where what was found in it is not what was planned', async () => {
    const { run, range, ref } = await touched(1);
    const name = `${PLAN}/found/orders/000000.json`;
    await run.store.put(name, JSON.stringify({ ...range, parts: [] }));
    await expect(touchedRange(run, PLAN, ref)).rejects.toMatchObject({ name: 'PlanRefusedError' });
    expect((await readHeader(run, PLAN)).planId).toBe(PLAN);
  });
});

describe('a plan that writes in the source only', () => {
  it('asks nothing of the target but to be read: it may be a copy that takes no writes', async () => {
    const tables = orderTables({
      source: [order('1', 'sent', 5)],
      target: [order('1', 'paid', 4), order('2', 'x', 5)],
    });
    const refuses = () => Promise.reject(new Error('cannot execute CREATE TABLE in a read-only transaction'));
    const target = { ...tables.target, prepareAudit: refuses, apply: refuses };
    const run = localRun(() => ({ source: tables.source, target }));
    const entities = planRequest().entities.map((entity) => ({ ...entity, policy: 'last-writer-wins' as const }));
    const request = planRequest({ repair: 'source-only', entities });
    const header = await openPlan(run, request);
    for (const range of await readRanges(run, PLAN)) await findInRange(run, header, range);
    const { digest } = await sealPlan(run, PLAN);
    await approvePlan(run, PLAN, { digest, approvedBy: 'ana' });
    const report = notInterrupted(await applyReconciliation(run, PLAN));
    expect(report.sections).toMatchObject([{ resolved: 2, pending: 0, unresolved: 0 }]);
    expect(tables.source.audit.map(({ version }) => version.columns['note'])).toEqual(['paid']);
  });
});
