import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { createMemoryTable, type MemoryTable, type MemoryTableProps } from '../../adapters/memory/memory-table.ts';
import { sha256 } from '../../adapters/sha256.ts';
import type { Entity, Sides } from '../../core/reconcile/entity.ts';
import type { PlanRequest } from '../../core/reconcile/plan.ts';
import {
  applyReconciliation,
  type Interrupted,
  type LocalRun,
  planReconciliation,
  verifyReconciliation,
} from '../../core/reconcile/reconciliation.ts';
import type { ReconcileReport } from '../../core/reconcile/report.ts';
import { approvePlan } from '../../core/reconcile/seal-plan.ts';
import type { Columns, Table } from '../../core/reconcile/table.ts';

/** When the Regions parted in these tests. */
export const CUT = Date.parse('2026-03-01T10:00:00Z');

/** Tokyo serves after the failover, Singapore is where traffic goes back to. */
export const REGIONS: Sides<string> = { source: 'ap-northeast-1', target: 'ap-southeast-1' };

/** Orders as a shop has them, Tier 1 and decided by a person. */
export const ORDERS: Entity = {
  name: 'orders',
  tier: 'critical',
  policy: 'manual',
  table: 'orders',
  modifiedColumn: 'modified_at',
  tombstones: { table: 'orders_deleted', deletedColumn: 'deleted_at' },
  ignoredColumns: [],
};

/** A row of the orders. `minutes`: when it was modified, counted from the cut; `null`: it does not say. */
export function order(id: string, note: string, minutes: number | null): Columns {
  const modified = minutes === null ? null : new Date(CUT + minutes * 60_000).toISOString();
  return { id, note, modified_at: modified };
}

/** Both sides' tables of the orders. */
export function orderTables(
  { source = [], target = [] }: Partial<Sides<readonly Columns[]>> = {},
  props: Partial<MemoryTableProps> = {},
): Sides<MemoryTable> {
  return { source: orderTable(source, props), target: orderTable(target, props) };
}

/** One side's table of the orders, whose deletions are known since a month before the cut. */
export function orderTable(rows: readonly Columns[], props: Partial<MemoryTableProps> = {}): MemoryTable {
  const table = createMemoryTable({
    entity: ORDERS,
    columns: [
      { name: 'id', type: 'text' },
      { name: 'note', type: 'text' },
      { name: 'modified_at', type: 'timestamptz' },
    ],
    key: ['id'],
    ...props,
  });
  table.remove(['(long gone)'], CUT - 30 * 86_400_000);
  for (const row of rows) table.put(row);
  return table;
}

/** A run over these tables, whose plan is kept in memory and whose time stands still. */
export function localRun(tables: (entity: Entity) => Sides<Table>, extra: Partial<LocalRun> = {}): LocalRun {
  return {
    store: createMemoryStore(),
    tables,
    fingerprint: sha256,
    nowEpochMs: () => CUT + 3_600_000,
    sleep: async () => undefined,
    ...extra,
  };
}

/** A plan of the orders. */
export function planRequest(change: Partial<PlanRequest> = {}): PlanRequest {
  return {
    planId: 'plan-1',
    regions: REGIONS,
    cutEpochMs: CUT,
    repair: 'both-sides',
    blockOn: ['critical'],
    entities: [ORDERS],
    rowsPerRange: 40,
    ...change,
  };
}

/** Plans, approves as a person does, applies and verifies; gives the report. */
export async function reconcile(run: LocalRun, request: PlanRequest, settleSeconds = 0): Promise<ReconcileReport> {
  const sealed = notInterrupted(await planReconciliation(run, request));
  await approvePlan(run, request.planId, { digest: sealed.digest, approvedBy: 'ana' });
  notInterrupted(await applyReconciliation(run, request.planId));
  return notInterrupted(await verifyReconciliation(run, request.planId, { verificationId: 'verify-1', settleSeconds }));
}

/** What a run gave that nobody stopped. */
export function notInterrupted<T>(outcome: T | Interrupted): T {
  if (outcome === 'interrupted') throw new Error('the run was stopped');
  return outcome;
}
