import { describe, expect, it } from 'vitest';
import type { MemoryTable } from '../../../adapters/memory/memory-table.ts';
import type { Sides } from '../../../core/reconcile/entity.ts';
import { verifyReconciliation } from '../../../core/reconcile/reconciliation.ts';
import type { ReconcileReport } from '../../../core/reconcile/report.ts';
import {
  localRun,
  notInterrupted,
  order,
  orderTable,
  orderTables,
  planRequest,
  reconcile,
} from '../../_helpers/reconcile-tables.ts';

/** A shop that goes on writing in source; what it writes reaches the target some waits later. */
interface Shop {
  readonly tables: Sides<MemoryTable>;
  /** Lets one wait pass. */
  readonly tick: () => void;
}

const SAME = Array.from({ length: 50 }, (_, index) => order(String(100 + index), 'paid', -60));

function busyShop({ delay, writes }: { readonly delay: number; readonly writes: number }): Shop {
  const tables = orderTables({ source: [...SAME, order('new', 'paid', 1)], target: SAME });
  const onTheirWay: { readonly note: string; readonly due: number }[] = [];
  let [now, written] = [0, 0];
  return {
    tables,
    tick: () => {
      now += 1;
      if (written < writes) {
        written += 1;
        tables.source.put(order('120', `edit ${now}`, 60 + now));
        onTheirWay.push({ note: `edit ${now}`, due: now + delay });
      }
      for (const { note, due } of onTheirWay) {
        if (due === now) tables.target.put(order('120', note, 60 + due - delay));
      }
    },
  };
}

/** Of one wait of the verification. */
const TICKS_TO_SETTLE = 3;

/** The shop's first edit comes when everything is applied, before the verification looks. */
async function verify({ tables, tick }: Shop, settleSeconds: number): Promise<ReconcileReport> {
  let isApplied = false;
  const watched = (table: MemoryTable): MemoryTable => ({
    ...table,
    digests: async (...words) => {
      if (isApplied) tick();
      return table.digests(...words);
    },
    apply: async (changes) => {
      isApplied = true;
      return table.apply(changes);
    },
  });
  const sides = { source: watched(tables.source), target: watched(tables.target) };
  const run = localRun(() => sides, {
    sleep: async () => {
      for (let ticks = 0; ticks < TICKS_TO_SETTLE; ticks += 1) tick();
    },
  });
  return reconcile(run, planRequest({ rowsPerRange: 1_000 }), settleSeconds);
}

describe('a verification while the shop is open', () => {
  it('takes what is on its way for no difference', async () => {
    const report = await verify(busyShop({ delay: 3, writes: 1 }), 5);
    expect(report).toMatchObject({ clean: true, blocking: { total: 0 } });
    expect(report.sections[0]?.verified).toMatchObject({ remaining: 0, inMotion: 1 });
  });

  it('would take it for one, if it looked once only', async () => {
    const report = await verify(busyShop({ delay: 3, writes: 1 }), 0);
    expect(report).toMatchObject({ clean: false, blocking: { total: 1 } });
  });

  it('takes a row for on its way that is written again and again', async () => {
    const report = await verify(busyShop({ delay: 3, writes: 1_000 }), 5);
    expect(report).toMatchObject({ clean: true, sections: [{ verified: { inMotion: 1 } }] });
  });

  it('takes a row that stands still and differs for a difference', async () => {
    const report = await verify(busyShop({ delay: 1_000, writes: 1 }), 5);
    expect(report).toMatchObject({ clean: false, blocking: { total: 1 } });
    expect(report.sections[0]?.verified?.keys).toEqual([{ key: ['120'], reason: 'still differs: mismatch' }]);
  });

  it('is not deceived by a row that is written again and again and never arrives', async () => {
    const report = await verify(busyShop({ delay: 1_000, writes: 1_000 }), 5);
    expect(report).toMatchObject({ clean: false, blocking: { total: 1 } });
  });

  it('is not deceived by somebody who goes on writing in the target', async () => {
    const tables = orderTables({ source: [order('1', 'a', 1)], target: [] });
    let minutes = 60;
    const write = (): void => {
      minutes += 1;
      tables.target.put(order('1', `edit ${minutes}`, minutes));
    };
    const run = localRun(() => tables, { sleep: async () => write() });
    await reconcile(run, planRequest());
    write();
    const report = notInterrupted(
      await verifyReconciliation(run, 'plan-1', { verificationId: 'verify-2', settleSeconds: 5 }),
    );
    expect(report).toMatchObject({ clean: false, blocking: { total: 1 } });
  });

  it('waits for no row that is left to a person', async () => {
    const tables = { source: orderTable([order('1', 'a', 1)]), target: orderTable([order('1', 'b', 1)]) };
    const slept: number[] = [];
    const run = localRun(() => tables, { sleep: async (milliseconds) => void slept.push(milliseconds) });
    const report = await reconcile(run, planRequest(), 5);
    expect(slept).toEqual([]);
    expect(report).toMatchObject({ clean: true, blocking: { total: 1 } });
  });
});
