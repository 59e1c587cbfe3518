import { describe, expect, it } from 'vitest';
import { MOST_RANGES, planRanges } from '../../../core/reconcile/plan-ranges.ts';
import { order, orderTable, orderTables } from '../../_helpers/reconcile-tables.ts';

const HUNDRED = Array.from({ length: 100 }, (_, index) => order(String(100 + index), 'paid', 0));

describe('cutting a table into ranges', () => {
  it('leaves no gap and both ends open', async () => {
    const { ranges, estimatedRows } = await planRanges(orderTables({ source: HUNDRED }), { rowsPerRange: 30 });
    expect(ranges).toHaveLength(4);
    expect([ranges[0]?.from, ranges.at(-1)?.to]).toEqual([null, null]);
    for (const [index, range] of ranges.slice(1).entries()) expect(range.from).toEqual(ranges[index]?.to);
    expect(estimatedRows).toBe(100);
  });

  it.each([
    [100, 1],
    [99, 2],
    [50, 2],
    [49, 3],
  ])('of %i rows makes %i of a hundred', async (rowsPerRange, count) => {
    expect((await planRanges(orderTables({ target: HUNDRED }), { rowsPerRange })).ranges).toHaveLength(count);
  });

  it('makes larger ranges of a table that would have too many', async () => {
    const asked: number[] = [];
    const table = {
      ...orderTable([]),
      estimateRows: async () => 1e9,
      boundaries: async (_: unknown, parts: number) => {
        asked.push(parts);
        return [];
      },
    };
    await planRanges({ source: table, target: orderTable([]) }, { rowsPerRange: 10 });
    expect(asked).toEqual([MOST_RANGES]);
  });

  it('goes by bytes where the two sides order their keys differently', async () => {
    const other = orderTable([], { order: { name: 'en_US', compare: () => 0 } });
    const plan = async (target = orderTable([])) =>
      (await planRanges({ source: orderTable([]), target }, { rowsPerRange: 10 })).order;
    expect([await plan(), await plan(other)]).toEqual(['native', 'bytes']);
  });

  it('refuses tables of different columns or keys, and names every difference', async () => {
    const target = orderTable([], {
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'note', type: 'text' },
        { name: 'total', type: 'numeric' },
      ],
      key: ['id', 'note'],
    });
    const drift = planRanges({ source: orderTable([]), target }, { rowsPerRange: 10 });
    await expect(drift).rejects.toMatchObject({
      name: 'SchemaDriftError',
      context: {
        differences: [
          'the key is (id) in source, (id, note) in target',
          'column id is text in source, bigint in target',
          'column modified_at (timestamptz) is missing in target',
          'column total (numeric) is missing in source',
        ],
      },
    });
  });
});
