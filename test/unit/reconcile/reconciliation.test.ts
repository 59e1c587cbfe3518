import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../../adapters/memory/memory-store.ts';
import type { MemoryTable } from '../../../adapters/memory/memory-table.ts';
import { readParts } from '../../../core/reconcile/apply-plan.ts';
import { readRanges } from '../../../core/reconcile/documents.ts';
import type { Entity, Sides } from '../../../core/reconcile/entity.ts';
import { openPlan } from '../../../core/reconcile/open-plan.ts';
import { planNames } from '../../../core/reconcile/plan.ts';
import {
  applyReconciliation,
  type LocalRun,
  type Progress,
  planReconciliation,
  verifyReconciliation,
} from '../../../core/reconcile/reconciliation.ts';
import { approvePlan, sealPlan } from '../../../core/reconcile/seal-plan.ts';
import type { ReconcileStore } from '../../../core/reconcile/store.ts';
import type { Columns } from '../../../core/reconcile/table.ts';
import {
  CUT,
  localRun,
  notInterrupted,
  ORDERS,
  order,
  orderTable,
  orderTables,
  planRequest,
  REGIONS,
  reconcile,
} from '../../_helpers/reconcile-tables.ts';

/** Orders that agree, and one of every class. */
function divergedTables(): Sides<MemoryTable> {
  const same = Array.from({ length: 100 }, (_, index) => order(String(100 + index), 'paid', -60));
  const tables = orderTables({ source: same, target: same });
  tables.source.put(order('110', 'sent', 5));
  tables.target.put(order('120', 'sent', 5));
  tables.source.put(order('130', 'sent', 5));
  tables.target.put(order('130', 'cancelled', 6));
  tables.source.remove(['140'], CUT + 60_000);
  tables.source.put(order('new-here', 'paid', 5));
  tables.target.put(order('new-there', 'paid', 5));
  return tables;
}

function idsOf({ rows }: MemoryTable): readonly (string | null | undefined)[] {
  return rows.map(({ id }) => id);
}

function first<Item>([item]: readonly Item[]): Item {
  if (item === undefined) throw new Error('the list is empty');
  return item;
}

describe('a reconciliation', () => {
  it('carries over what one side has changed, and leaves to a person what both have', async () => {
    const tables = divergedTables();
    const report = await reconcile(
      localRun(() => tables),
      planRequest(),
    );
    expect(report.sections).toMatchObject([
      {
        name: 'orders',
        compared: 102,
        discrepancies: {
          mismatch: 2,
          conflict: 1,
          deleted: 1,
          'missing-in-source': 1,
          'missing-in-target': 1,
          total: 6,
        },
        resolved: 5,
        pending: 0,
        unresolved: 1,
        keys: [{ key: ['130'], reason: 'both Regions changed it since they parted' }],
        verified: { remaining: 1, unexpected: 0 },
      },
    ]);
    expect(report).toMatchObject({ clean: true, approvedBy: 'ana' });
    expect(report.blocking).toEqual({
      total: 1,
      keys: [{ entity: 'orders', key: ['130'], reason: 'both Regions changed it since they parted' }],
    });
    expect(idsOf(tables.source)).toEqual(idsOf(tables.target));
    const differing = tables.source.rows.filter((row, index) => row['note'] !== tables.target.rows[index]?.['note']);
    expect(differing.map(({ id }) => id)).toEqual(['130']);
  });

  it('keeps every version of Tier 1 that it takes away, where it was and in its Region', async () => {
    const tables = divergedTables();
    await reconcile(
      localRun(() => tables),
      planRequest(),
    );
    const kept = (table: MemoryTable): unknown =>
      table.audit.map(({ key, region, planId }) => [key[0], region, planId]);
    expect(kept(tables.source)).toEqual([['120', REGIONS.source, 'plan-1']]);
    expect(kept(tables.target)).toEqual([
      ['110', REGIONS.target, 'plan-1'],
      ['140', REGIONS.target, 'plan-1'],
    ]);
    expect(tables.target.audit[1]?.version.columns).toEqual(order('140', 'paid', -60));
  });

  it('changes nothing when the same plan is carried out again, and nothing under a new one', async () => {
    const tables = divergedTables();
    const run = localRun(() => tables);
    await reconcile(run, planRequest());
    const writes = tables.source.writes.length + tables.target.writes.length;
    await reconcile(run, planRequest());
    await reconcile(run, planRequest({ planId: 'plan-2' }));
    expect(tables.source.writes.length + tables.target.writes.length).toBe(writes);
  });

  it('lets a row alone that was written after the plan was made, and says so', async () => {
    const tables = divergedTables();
    const run = localRun(() => tables);
    const { digest } = notInterrupted(await planReconciliation(run, planRequest()));
    await approvePlan(run, 'plan-1', { digest, approvedBy: 'ana' });
    tables.target.put(order('110', 'returned', 70));
    const applied = notInterrupted(await applyReconciliation(run, 'plan-1'));
    expect(applied.sections[0]).toMatchObject({ changedSince: 1, resolved: 4, pending: 0 });
    const report = notInterrupted(
      await verifyReconciliation(run, 'plan-1', { verificationId: 'verify-1', settleSeconds: 0 }),
    );
    expect(report.clean).toBe(false);
    expect(report.sections[0]?.verified).toMatchObject({ remaining: 2, unexpected: 1 });
  });

  it('waits where the other side cannot follow', async () => {
    const tables = divergedTables();
    const slept: number[] = [];
    const lags = [5, 5, 0];
    const run = localRun(() => tables, {
      pace: async () => lags.shift() ?? 0,
      sleep: async (milliseconds) => void slept.push(milliseconds),
    });
    await reconcile(run, planRequest());
    expect(slept).toEqual([5_000, 5_000]);
  });

  it('tells how far it is', async () => {
    const told: Progress[] = [];
    const run = localRun(divergedTables, { progress: (progress) => void told.push(progress) });
    const tables = divergedTables();
    await reconcile({ ...run, tables: () => tables }, planRequest());
    expect(told.filter(({ stage }) => stage === 'plan').at(-1)).toMatchObject({ done: 102, total: 101 });
    expect(told.filter(({ stage }) => stage === 'apply').at(-1)).toMatchObject({ done: 5, total: 5 });
    expect(told.some(({ stage }) => stage === 'verify')).toBe(true);
  });

  it('stops between two ranges where it is asked to, and goes on from there', async () => {
    const tables = divergedTables();
    const run = localRun(() => tables);
    let asked = 0;
    const stopped = { ...run, isStopped: () => ++asked > 1 };
    expect(await planReconciliation(stopped, planRequest())).toBe('interrupted');
    await expect(applyReconciliation(run, 'plan-1')).rejects.toMatchObject({ name: 'PlanRefusedError' });
    expect((await reconcile(run, planRequest())).clean).toBe(true);
  });
});

/** As it was before the plan was complete. */
function withoutSeal(store: ReconcileStore): ReconcileStore {
  return { ...store, get: async (name) => (name === planNames.sealed('plan-1') ? undefined : store.get(name)) };
}

describe('a plan', () => {
  async function planned(run: LocalRun): Promise<string> {
    return notInterrupted(await planReconciliation(run, planRequest())).digest;
  }

  it('is applied under the digest that was approved only', async () => {
    const run = localRun(divergedTables);
    const digest = await planned(run);
    const refused = { name: 'PlanRefusedError' };
    await expect(applyReconciliation(run, 'plan-1')).rejects.toMatchObject(refused);
    await expect(approvePlan(run, 'plan-1', { digest: 'another', approvedBy: 'ana' })).rejects.toMatchObject(refused);
    await expect(applyReconciliation(run, 'plan-1')).rejects.toMatchObject(refused);
    await approvePlan(run, 'plan-1', { digest, approvedBy: 'ana' });
    await expect(applyReconciliation(run, 'plan-1')).resolves.toBeDefined();
  });

  it.each([
    ['its head', async () => planNames.header('plan-1')],
    ['its ranges', async () => planNames.ranges('plan-1')],
    ['the list of its parts', async () => planNames.parts('plan-1')],
    ['what it says in sum', async () => planNames.sealed('plan-1')],
    ['a part', async (run: LocalRun) => planNames.part('plan-1', first(await readParts(run, 'plan-1')))],
  ])('is refused where %s was changed after it was approved', async (_, nameIn) => {
    const tables = divergedTables();
    const run = localRun(() => tables);
    await approvePlan(run, 'plan-1', { digest: await planned(run), approvedBy: 'ana' });
    const name = await nameIn(run);
    const text = (await run.store.get(name)) ?? '';
    const other = text.replace(/\d/, '7').replace('"unresolved":1', '"unresolved":0');
    await run.store.put(name, `${other} `);
    await expect(applyReconciliation(run, 'plan-1')).rejects.toMatchObject({ name: 'PlanRefusedError' });
    expect(tables.source.writes).toEqual([]);
  });

  it.each([
    ['cut', { cutEpochMs: null }],
    ['regions', { regions: { ...REGIONS, target: 'eu-west-1' } }],
    ['entities', { entities: [{ ...ORDERS, policy: 'source-wins' }] }],
    ['repair', { repair: 'source-only' }],
    ['blockOn', { blockOn: [] }],
  ] as const)('is not gone on with under another %s', async (what, change) => {
    const run = localRun(divergedTables);
    await planned(run);
    await expect(planReconciliation(run, planRequest(change))).rejects.toThrow(
      `differs from what is asked for now in ${what};`,
    );
  });

  it.each(['', '../x', 'a/b', '.hidden', 'x'.repeat(129)])('has no id like %j', async (planId) => {
    await expect(planReconciliation(localRun(divergedTables), planRequest({ planId }))).rejects.toThrow('plan id');
  });

  it('opened twice at once has the ranges of one of them, whatever the other would have cut', async () => {
    const run = localRun(divergedTables);
    const request = (rowsPerRange: number) => planRequest({ rowsPerRange });
    await Promise.all([openPlan(run, request(10)), openPlan(run, request(7))]);
    const ranges = await readRanges(run, 'plan-1');
    expect([11, 15]).toContain(ranges.length);
    await openPlan(run, request(50));
    expect(await readRanges(run, 'plan-1')).toEqual(ranges);
  });

  it('is not complete where a range was compared with other bounds than it has', async () => {
    const run = localRun(divergedTables);
    await planned(run);
    const [first, second, ...others] = await readRanges(run, 'plan-1');
    if (first === undefined || second === undefined) throw new Error('there is one range only');
    const to = ['105'];
    const moved = [
      { ...first, range: { ...first.range, to } },
      { ...second, range: { ...second.range, from: to } },
    ];
    await run.store.put(planNames.ranges('plan-1'), JSON.stringify([...moved, ...others]));
    await expect(sealPlan({ ...run, store: withoutSeal(run.store) }, 'plan-1')).rejects.toThrow('2 of 3 ranges');
  });

  it('holds nothing of what the rows say', async () => {
    const store = createMemoryStore();
    await planned(localRun(divergedTables, { store }));
    const text = [...store.objects.values()].join();
    expect(text).toContain('new-here');
    expect(text).not.toMatch(/cancelled|paid|sent/);
  });
});

describe('foreign keys', () => {
  it('are kept: parents are written before what refers to them, and deleted after it', async () => {
    const [customers, orders] = [
      { ...ORDERS, name: 'customers', table: 'customers', policy: 'source-wins' },
      { ...ORDERS, policy: 'source-wins' },
    ] as const satisfies readonly Entity[];
    const written: string[] = [];
    const spied = (name: string, rows: readonly Columns[]): MemoryTable =>
      orderTable(rows, { onCall: (method) => void (method === 'apply' && written.push(name)) });
    const row = (id: string): Columns => order(id, 'x', -5);
    const tables = {
      customers: { source: orderTable([row('new')]), target: spied('customers', [row('old')]) },
      orders: { source: orderTable([row('new')]), target: spied('orders', [row('old')]) },
    };
    const run = localRun(({ name }) => (name === 'customers' ? tables.customers : tables.orders));
    await reconcile(run, planRequest({ entities: [customers, orders] }));
    expect(written).toEqual(['customers', 'orders', 'orders', 'customers']);
  });

  it('that still refuse a row are asked once more when all else is done', async () => {
    let refusals = 0;
    const rows = [order('1', 'x', 5), order('2', 'y', 5)];
    const target = orderTable([], {
      constraint: ({ id }) => (id === '1' && refusals++ === 0 ? 'fk_parent' : undefined),
    });
    const report = await reconcile(
      localRun(() => ({ source: orderTable(rows), target })),
      planRequest(),
    );
    expect(report.sections[0]).toMatchObject({ resolved: 2, unresolved: 0 });
    expect(report.clean).toBe(true);
  });

  it('that refuse it again leave it to a person, with the reason', async () => {
    const target = orderTable([], { constraint: ({ id }) => (id === '1' ? 'orders_customer_fkey' : undefined) });
    const source = orderTable([order('1', 'x', 5), order('2', 'y', 5)]);
    const report = await reconcile(
      localRun(() => ({ source, target })),
      planRequest(),
    );
    expect(report.sections[0]).toMatchObject({
      resolved: 1,
      unresolved: 1,
      keys: [{ key: ['1'], reason: 'orders_customer_fkey' }],
    });
    expect(report.clean).toBe(false);
    expect(report.blocking.total).toBe(1);
  });
});

describe('where the target follows the source', () => {
  it('nothing is written there, and what the source has is left to replication', async () => {
    const tables = divergedTables();
    const report = await reconcile(
      localRun(() => tables),
      planRequest({ repair: 'source-only' }),
    );
    expect(tables.target.writes).toEqual([]);
    expect(tables.source.writes.map(({ key }) => key[0])).toEqual(['120', 'new-there']);
    expect(report.sections[0]).toMatchObject({ resolved: 2, leftToReplication: 3, unresolved: 1, pending: 0 });
    expect(report.clean).toBe(true);
  });

  it('a merged row is written in the source alone, and its verification is clean', async () => {
    const entity = { ...ORDERS, policy: 'merge', mergeFunction: 'join-notes' } as const;
    const tables = orderTables({ source: [order('1', 'a', 1)], target: [order('1', 'b', 2)] });
    const run = localRun(() => tables, {
      merge: async ({ versions: { source, target } }) => ({
        columns: { ...source.columns, note: `${source.columns['note']}+${target.columns['note']}` },
      }),
    });
    const report = await reconcile(run, planRequest({ repair: 'source-only', entities: [entity] }));
    expect(tables.source.rows).toEqual([order('1', 'a+b', 1)]);
    expect(tables.target.writes).toEqual([]);
    expect(report).toMatchObject({ clean: true, sections: [{ resolved: 1 }] });
    expect(tables.source.audit.map(({ region }) => region)).toEqual([REGIONS.source, REGIONS.target]);
  });

  it('a version of Tier 1 that only the target has, and that loses, is recorded in the source', async () => {
    const entity = { ...ORDERS, policy: 'last-writer-wins' } as const;
    const tables = orderTables({ source: [order('1', 'a', 2)], target: [order('1', 'b', 1)] });
    const report = await reconcile(
      localRun(() => tables),
      planRequest({ repair: 'source-only', entities: [entity] }),
    );
    expect([tables.source.writes, tables.target.writes, tables.target.audit]).toEqual([[], [], []]);
    expect(tables.source.audit.map(({ region, version }) => [region, version.columns])).toEqual([
      [REGIONS.target, order('1', 'b', 1)],
    ]);
    expect(report).toMatchObject({ clean: true, sections: [{ resolved: 1, leftToReplication: 0 }] });
  });

  const LAST_WRITER = { ...ORDERS, policy: 'last-writer-wins' } as const;
  const request = planRequest({ repair: 'source-only', entities: [LAST_WRITER] });

  it('is recorded too where the source was written after the plan was made', async () => {
    const tables = orderTables({ source: [order('1', 'a', 2)], target: [order('1', 'b', 1)] });
    const run = localRun(() => tables);
    await planReconciliation(run, request);
    tables.source.put(order('1', 'later', 90));
    const report = await reconcile(run, request);
    expect(tables.source.audit.map(({ version }) => version.columns)).toEqual([order('1', 'b', 1)]);
    expect(report).toMatchObject({ clean: true, blocking: { total: 0 } });
  });

  it('blocks where it could not be recorded', async () => {
    const tables = orderTables({ source: [order('1', 'a', 2)], target: [order('1', 'b', 1)] });
    const source: MemoryTable = { ...tables.source, apply: async () => [{ kind: 'changed-since' }] };
    const report = await reconcile(
      localRun(() => ({ ...tables, source })),
      request,
    );
    expect(report).toMatchObject({ clean: false, blocking: { total: 1 } });
  });

  it('an eventual version that loses is left to replication', async () => {
    const entity = { ...ORDERS, tier: 'eventual', policy: 'last-writer-wins' } as const;
    const tables = orderTables({ source: [order('1', 'a', 2)], target: [order('1', 'b', 1)] });
    const report = await reconcile(
      localRun(() => tables),
      planRequest({ repair: 'source-only', entities: [entity] }),
    );
    expect(report).toMatchObject({ clean: true, sections: [{ resolved: 0, leftToReplication: 1 }] });
  });
});

describe('a merge', () => {
  const entity = { ...ORDERS, policy: 'merge', mergeFunction: 'join-notes' } as const;

  it('that was half written before a crash is finished without asking the function again', async () => {
    let asked = 0;
    const tables = orderTables({ source: [order('1', 'a', 1)], target: [order('1', 'b', 2)] });
    const merge: LocalRun['merge'] = async ({ versions: { source, target } }) => {
      asked += 1;
      return { columns: { ...source.columns, note: `${source.columns['note']}+${target.columns['note']}` } };
    };
    let isDown = true;
    const target = {
      ...tables.target,
      apply: async (...[changes]: Parameters<MemoryTable['apply']>) => {
        if (isDown) throw new Error('connection lost');
        return tables.target.apply(changes);
      },
    };
    const run = localRun(() => ({ source: tables.source, target }), { merge });
    await expect(reconcile(run, planRequest({ entities: [entity] }))).rejects.toThrow('connection lost');
    expect(tables.source.rows).toEqual([order('1', 'a+b', 1)]);
    isDown = false;
    const report = await reconcile(run, planRequest({ entities: [entity] }));
    expect(tables.target.rows).toEqual([order('1', 'a+b', 1)]);
    expect([asked, report.clean]).toEqual([2, true]);
    expect(tables.target.audit.map(({ version }) => version.columns)).toEqual([order('1', 'b', 2)]);
    expect(tables.source.audit.map(({ version }) => version.columns)).toEqual([order('1', 'a', 1)]);
  });

  it('is not made where the function gives another row than when it was planned', async () => {
    let asked = 0;
    const tables = orderTables({ source: [order('1', 'a', 1)], target: [order('1', 'b', 2)] });
    const run = localRun(() => tables, {
      merge: async ({ versions: { source } }) => ({ columns: { ...source.columns, note: String(asked++) } }),
    });
    const report = await reconcile(run, planRequest({ entities: [entity] }));
    expect(report.sections[0]?.keys[0]?.reason).toContain('must give the same every time');
    expect(tables.source.writes).toEqual([]);
  });
});
