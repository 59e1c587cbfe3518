import { createMemoryTable, type MemoryTable, type MemoryTableProps } from '../../adapters/memory/memory-table.ts';
import type { Entity, Sides } from '../../core/reconcile/entity.ts';
import type { Columns } from '../../core/reconcile/table.ts';

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

/** One side's table of the orders. */
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
  for (const row of rows) table.put(row);
  return table;
}
