import { describe, expect, it } from 'vitest';
import type { MemoryTable } from '../../adapters/memory/memory-table.ts';
import type { Sides } from '../../core/reconcile/entity.ts';
import { TOKYO } from '../_helpers/config.ts';
import { type Data, noPlans, ordersOnly, startMachine } from '../_helpers/reconcile-machine.ts';
import { CUT, order, orderTables } from '../_helpers/reconcile-tables.ts';

const CONFIG = ordersOnly({ modifiedColumn: 'modified_at', tombstones: { table: 'orders_deleted' } });

/** Of everything something: rows that one side alone wrote, changed or deleted, and such as nobody touched. */
function tables(): Sides<MemoryTable> {
  const shared = Array.from({ length: 40 }, (_, index) => order(`s${index}`, 'same', -60));
  const both = orderTables({ source: shared, target: shared });
  both.target.put(order('s1', 'changed in the Region that was left', 1));
  both.target.put(order('n1', 'new there', 1));
  both.source.put(order('s2', 'changed where traffic is served', 5));
  both.source.put(order('n2', 'new where traffic is served', 5));
  both.source.remove(['s3'], CUT + 60_000);
  return both;
}

function dataOf(both: Sides<MemoryTable>): Data {
  return {
    config: CONFIG,
    plans: noPlans(),
    tableIn: (region) => (region === TOKYO ? both.source : both.target),
    cutEpochMs: CUT,
  };
}

/** What the tables hold, and what was written to them. */
function seen({ source, target }: Sides<MemoryTable>) {
  const side = ({ rows, writes, audit }: MemoryTable) => ({
    rows,
    writes: writes.map(({ key, columns }) => ({ key, columns })).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    audit: audit.map(({ key, region, version }) => ({ key, region, columns: version.columns })),
  });
  return { source: side(source), target: side(target) };
}

describe('the machine that reconciles, killed after any call that changed something', () => {
  it('goes on under the same plan, and leaves the same tables with each repair made once', async () => {
    const told = tables();
    const whole = await startMachine(dataOf(told), 1);
    expect(whole.outcome).toBe('SUCCEEDED');
    expect(whole.end).toMatchObject({ status: 'AGREED', differences: 5, repaired: 5 });
    expect(told.source.rows).toEqual(told.target.rows);
    expect(whole.effects.filter((what) => what === 'apply').length).toBeGreaterThan(2);

    for (let killAfter = 1; killAfter <= whole.effects.length; killAfter += 1) {
      const both = tables();
      const data = dataOf(both);
      const first = await startMachine(data, 1, killAfter);
      expect(first.outcome).toBe('killed');
      const second = await startMachine(data, 2);
      expect(second.outcome, `killed after call ${killAfter}`).toBe('SUCCEEDED');
      expect(second.end).toMatchObject({ attempt: 2, status: 'AGREED', differences: 5, repaired: 5 });
      expect(seen(both), `killed after call ${killAfter}, ${first.effects.at(-1)}`).toEqual(seen(told));
    }
  }, 60_000);

  it('changes nothing where orders are for a person to decide, and names them with every reason', async () => {
    const both = tables();
    both.source.put(order('s1', 'changed here too', 5));
    both.target.put(order('s4', 'changed, and it does not say when', null));
    const before = seen(both);
    const { outcome, end } = await startMachine(dataOf(both), 1);
    expect(outcome).toBe('TablesDisagree');
    expect(end).toMatchObject({
      status: 'BLOCKED',
      conflicts: 2,
      repaired: 0,
      reasons: [
        expect.stringMatching(/^orders: 2 left to a person \([^;)]+; [^;)]+\)$/),
        expect.stringMatching(/^keys and reasons are in s3:\/\/sy-plans-.*\/failback-2\/report\.json$/),
      ],
      unresolved: [{ entity: 'orders', keys: ['s1', 's4'] }],
    });
    expect(seen(both)).toEqual(before);
  });
});
