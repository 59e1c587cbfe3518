import { describe, expect, it } from 'vitest';
import { WHOLE_TABLE } from '../../core/reconcile/table.ts';
import { SINGAPORE, TOKYO } from '../_helpers/config.ts';
import { PGLITE_START_MS, startPglite } from '../_helpers/postgres-pglite.ts';
import { sampleTable } from '../_helpers/postgres-sample.ts';
import { noPlans, ordersOnly, startMachine } from '../_helpers/reconcile-machine.ts';

const CUT = Date.parse('2026-03-01T10:00:00Z');
const minute = (count: number): number => CUT + count * 60_000;

describe('the steps of a reconciliation over PostgreSQL', () => {
  it(
    'plan, apply and verify, and find nothing to do the second time',
    async () => {
      const server = await startPglite();
      const source = await sampleTable(server, { schema: 'tokyo' });
      const target = await sampleTable(server, { schema: 'singapore' });
      for (const side of [source, target]) {
        await side.remove('(long gone)', 1, minute(-90));
        for (let number = 1; number <= 9; number += 1)
          await side.put({ customer: 'ana', number, note: 'same', modifiedAtEpochMs: minute(-60) });
      }
      await target.put({ customer: 'ana', number: 1, note: 'changed there', modifiedAtEpochMs: minute(1) });
      await target.put({ customer: 'bo', number: 1, note: 'new there', modifiedAtEpochMs: minute(1) });
      await source.put({ customer: 'ana', number: 2, note: 'changed here', modifiedAtEpochMs: minute(5) });
      await source.remove('ana', 3, minute(5));
      const data = {
        config: ordersOnly({ modifiedColumn: 'modified_at', tombstones: { table: 'orders_deleted' } }),
        plans: noPlans(),
        tableIn: (region: string) => ({ [TOKYO]: source.table, [SINGAPORE]: target.table })[region] ?? source.table,
        cutEpochMs: CUT,
      };
      const { outcome, end } = await startMachine(data, 1);
      expect(outcome).toBe('SUCCEEDED');
      expect(end).toMatchObject({ status: 'AGREED', differences: 4, repaired: 4 });
      expect(await source.table.digests([WHOLE_TABLE], 'bytes')).toEqual(
        await target.table.digests([WHOLE_TABLE], 'bytes'),
      );
      // What gave way: here the row that was changed there, and there one that was changed here and one that was deleted.
      expect((await source.audit()).map(({ key }) => key)).toEqual([['ana', '1']]);
      expect((await target.audit()).map(({ key }) => key).toSorted()).toEqual([
        ['ana', '2'],
        ['ana', '3'],
      ]);

      const again = await startMachine({ ...data, plans: noPlans() }, 1);
      expect(again.end).toMatchObject({ status: 'AGREED', differences: 0, repaired: 0 });
      await server.close();
    },
    PGLITE_START_MS,
  );
});
