import { describe, expect, it } from 'vitest';
import type { MemoryTable } from '../../../adapters/memory/memory-table.ts';
import { compareRange, type RangeSummary, type RangeWork } from '../../../core/reconcile/compare-range.ts';
import type { Difference } from '../../../core/reconcile/difference.ts';
import type { Sides } from '../../../core/reconcile/entity.ts';
import { type Columns, WHOLE_TABLE } from '../../../core/reconcile/table.ts';
import { CUT, ORDERS, order, orderTable, orderTables, REGIONS } from '../../_helpers/reconcile-tables.ts';

interface Comparison {
  readonly summary: RangeSummary;
  readonly found: readonly Difference[];
}

const LIMITS = { leafRows: 8, mostLeafRows: 32, factor: 4 };

async function compare(tables: Sides<MemoryTable>, work: Partial<RangeWork> = {}): Promise<Comparison> {
  const found: Difference[] = [];
  const summary = await compareRange(
    {
      entity: ORDERS,
      range: WHOLE_TABLE,
      order: 'native',
      cutEpochMs: CUT,
      regions: REGIONS,
      repair: 'both-sides',
      limits: LIMITS,
      ...work,
    },
    tables,
    async (differences) => void found.push(...differences),
  );
  return { summary, found };
}

function orders(count: number): readonly Columns[] {
  return Array.from({ length: count }, (_, index) => order(String(index).padStart(6, '0'), 'paid', -60));
}

describe('comparing a range', () => {
  it('asks one digest a side of equal tables', async () => {
    const calls: string[] = [];
    const props = { onCall: (method: string) => void calls.push(method) };
    const { summary, found } = await compare(orderTables({ source: orders(500), target: orders(500) }, props));
    expect(found).toEqual([]);
    expect(calls).toEqual(['digests', 'digests']);
    expect(summary.rowsCompared).toBe(500);
  });

  it('finds a difference at either end and in the middle, each once', async () => {
    const tables = orderTables({ source: orders(500), target: orders(500) });
    tables.source.put(order('!first', 'paid', 1));
    tables.target.put(order('~last', 'paid', 1));
    tables.source.put(order('000250', 'sent', 1));
    tables.target.remove(['000251'], CUT + 1);
    const { summary, found } = await compare(tables);
    expect(found.map(({ key, class: name }) => [key[0], name]).toSorted()).toEqual([
      ['!first', 'missing-in-target'],
      ['000250', 'mismatch'],
      ['000251', 'deleted'],
      ['~last', 'missing-in-source'],
    ]);
    expect(summary.differences).toMatchObject({ mismatch: 1, deleted: 1, conflict: 0 });
    expect(summary.rowsCompared).toBe(502);
  });

  it('reads no contents but of rows that differ', async () => {
    const tables = orderTables({ source: orders(2_000), target: orders(2_000) });
    tables.source.put(order('001234', 'sent', 1));
    const [few, all] = [await compare(tables), await compare(orderTables({ source: orders(2_000) }))];
    expect(few.summary.bytesMoved).toBeLessThan(all.summary.bytesMoved / 10);
  });

  it('fetches the rows as they are where most of them differ', async () => {
    const cuts: string[] = [];
    const props = { onCall: (method: string) => void (method === 'boundaries' && cuts.push(method)) };
    const other = orders(200).map((row) => ({ ...row, note: 'sent' }));
    const { found } = await compare(orderTables({ source: orders(200), target: other }, props));
    expect(found).toHaveLength(200);
    expect(cuts.length).toBeLessThan(12);
  });

  it('gives the sink no more than a few hundred at a time', async () => {
    const sizes: number[] = [];
    const limits = { leafRows: 1_000, mostLeafRows: 10_000, factor: 4 };
    const work = {
      entity: ORDERS,
      range: WHOLE_TABLE,
      order: 'native',
      cutEpochMs: CUT,
      regions: REGIONS,
      repair: 'both-sides',
      limits,
    } as const;
    await compareRange(work, orderTables({ source: orders(900) }), async (found) => void sizes.push(found.length));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(200);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(900);
  });

  it('takes no notice of a difference that is gone when it looks at the row', async () => {
    const tables = orderTables({ source: orders(3), target: orders(2) });
    const late = orderTable(orders(2), {
      onCall: (method) => void (method === 'state' && late.put(order('000002', 'paid', -60))),
    });
    expect((await compare({ ...tables, target: late })).found).toEqual([]);
  });

  it('goes on where so many rows are written meanwhile that a leaf is none any more', async () => {
    const growing = orderTable(orders(4), {
      onCall: (method) => {
        if (method !== 'rowDigests' || growing.rows.length > 4) return;
        for (const row of orders(100)) growing.put(row);
      },
    });
    const { found } = await compare({ source: growing, target: orderTable([]) });
    expect(found).toHaveLength(100);
  });

  it('fetches what no key parts, however many there are', async () => {
    const tables = orderTables({ source: orders(300), target: orders(299) });
    const unparted = { ...tables.source, boundaries: async () => [] };
    expect((await compare({ ...tables, source: unparted })).found).toHaveLength(1);
  });

  it('ends where the boundaries of a table part nothing, again and again', async () => {
    const tables = orderTables({ source: orders(300), target: orders(299) });
    const useless = { ...tables.source, boundaries: async () => [['~beyond']] };
    expect((await compare({ ...tables, source: useless })).found).toHaveLength(1);
  });

  it('tells how many rows it has compared as it goes', async () => {
    let rows = 0;
    await compare(orderTables({ source: orders(50), target: orders(40) }), { onRows: (more) => (rows += more) });
    expect(rows).toBe(50);
  });
});

describe('an entity that is merged', () => {
  const MERGED = { ...ORDERS, policy: 'merge', mergeFunction: 'join-notes' } as const;
  const tables = (): Sides<MemoryTable> => orderTables({ source: [order('1', 'a', 1)], target: [order('1', 'b', 2)] });

  it('asks its function about several rows at a time, and about no more than eight', async () => {
    const changed = (note: string): readonly Columns[] => orders(100).map((row) => ({ ...row, note }));
    let [running, most] = [0, 0];
    const merge: RangeWork['merge'] = async ({ versions }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { columns: { ...versions.source.columns, note: 'a+b' } };
    };
    const both = orderTables({ source: changed('a'), target: changed('b') });
    const { found } = await compare(both, { entity: MERGED, merge });
    expect(found.map(({ resolution }) => resolution.kind)).toEqual(Array(100).fill('merge'));
    expect(most).toBe(8);
  });

  it('alone reads what rows say while a plan is made', async () => {
    const seen = async (work: Partial<RangeWork>): Promise<ReadonlySet<string | undefined>> => {
      const both = orderTables({ source: [order('1', 'a', 1)], target: [order('1', 'b', -1)] });
      const details = new Set<string | undefined>();
      const looking = (table: MemoryTable): MemoryTable => ({
        ...table,
        state: (keys, detail) => {
          details.add(detail);
          return table.state(keys, detail);
        },
      });
      await compare({ source: looking(both.source), target: looking(both.target) }, work);
      return details;
    };
    expect(await seen({})).toEqual(new Set(['digests']));
    expect(await seen({ entity: MERGED })).toEqual(new Set(['contents']));
  });

  it('is planned by the digest of what the function makes', async () => {
    const both = tables();
    const { found } = await compare(both, {
      entity: MERGED,
      merge: async ({ versions }) => ({ columns: { ...versions.source.columns, note: 'a+b' } }),
    });
    const [digest] = await both.source.digestsOf([order('1', 'a+b', 1)]);
    expect(found.map(({ resolution }) => resolution)).toEqual([{ kind: 'merge', digest }]);
  });

  it.each([
    ['cannot be called', undefined, 'cannot be called from here'],
    ['fails', async () => ({ failure: 'timed out' }), 'failed: timed out'],
    ['leaves a column out', async () => ({ columns: { id: '1', note: 'x' } }), 'it leaves out modified_at'],
    ['adds a column', async () => ({ columns: { ...order('1', 'x', 1), sum: '3' } }), 'the table has not: sum'],
    ['changes the key', async () => ({ columns: order('2', 'x', 1) }), 'it changes the key (id)'],
  ])('is left to a person where the function %s', async (_, merge, reason) => {
    const { found } = await compare(tables(), { entity: MERGED, merge });
    expect(found).toHaveLength(1);
    expect(found[0]?.resolution).toMatchObject({ kind: 'unresolved', reason: expect.stringContaining(reason) });
  });
});
