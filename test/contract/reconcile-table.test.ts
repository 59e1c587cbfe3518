import { createMemoryTable, type MemoryTable } from '../../adapters/memory/memory-table.ts';
import type { Key } from '../../core/reconcile/table.ts';
import { SAMPLE_ENTITY, sampleColumns, type TableUnderTest, tableContract } from '../_helpers/table-contract.ts';

const REFUSED = { customer: 'nobody', number: 1, note: 'x', modifiedAtEpochMs: null };

function createSampleTable(order?: {
  readonly name: string;
  readonly compare: (a: Key, b: Key) => number;
}): MemoryTable {
  return createMemoryTable({
    entity: SAMPLE_ENTITY,
    columns: ['note', 'customer', 'number', 'modified_at'].map((name) => ({ name, type: 'text' })),
    key: ['customer', 'number'],
    ...(order === undefined ? {} : { order }),
    constraint: ({ customer }) => (customer === REFUSED.customer ? 'orders_customer_known' : undefined),
  });
}

function underTest(table: MemoryTable): TableUnderTest {
  return {
    table,
    put: async (row) => table.put(sampleColumns(row)),
    remove: async (customer, number, deletedAtEpochMs) => table.remove([customer, String(number)], deletedAtEpochMs),
    audit: async () => table.audit,
  };
}

tableContract('in memory', (use) => use(underTest(createSampleTable()), underTest(createSampleTable())), {
  refusedRow: REFUSED,
});

tableContract(
  'in memory, whose index goes backwards',
  (use) => {
    const compare = (a: Key, b: Key): number =>
      a.join('\0') < b.join('\0') ? 1 : a.join('\0') > b.join('\0') ? -1 : 0;
    const backwards = { name: 'backwards', compare };
    return use(underTest(createSampleTable(backwards)), underTest(createSampleTable(backwards)));
  },
  { refusedRow: REFUSED },
);
