import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import type { MemoryTable } from '../../adapters/memory/memory-table.ts';
import { readPart, readParts } from '../../core/reconcile/apply-plan.ts';
import { classify, type SideState } from '../../core/reconcile/classify.ts';
import type { Side, Sides } from '../../core/reconcile/entity.ts';
import { keyId } from '../../core/reconcile/key.ts';
import type { PlanRequest } from '../../core/reconcile/plan.ts';
import type { LocalRun } from '../../core/reconcile/reconciliation.ts';
import type { ReconcileReport } from '../../core/reconcile/report.ts';
import { resolve } from '../../core/reconcile/resolve.ts';
import type { ReconcileStore } from '../../core/reconcile/store.ts';
import type { Columns, Key, KeyRange, RowVersion, Table } from '../../core/reconcile/table.ts';
import { anyCase, type Case, CrashError, contentOf, doomed, joinNotes, tablesOf } from '../_helpers/reconcile-case.ts';
import { localRun, planRequest, REGIONS, reconcile } from '../_helpers/reconcile-tables.ts';

/** Breaks a table as a faulty adapter or engine would. */
type Breakage = (table: Table) => Table;

interface Story {
  readonly before: ReadonlyMap<string, Sides<SideState>>;
  readonly tables: Sides<MemoryTable>;
  readonly store: ReconcileStore;
  readonly report: ReconcileReport;
  readonly again: ReconcileReport;
  /** Writes of the first plan, by side. */
  readonly written: Sides<readonly string[]>;
  /** True where the intruder had an occasion: only a side that is written to has one. */
  readonly isIntruded: boolean;
}

const SIDES: readonly Side[] = ['source', 'target'];

/** Plans, applies and verifies; begins anew after every crash; then, undisturbed, does it all again under another plan. */
async function play(one: Case, breakage: Breakage): Promise<Story> {
  const tables = tablesOf(one);
  const before = await statesOf(one, tables);
  const store = createMemoryStore();
  let isIntruded = false;
  const disturbed = withIntruder(one, tables, () => {
    isIntruded = true;
  });
  const attempt = (crash: Case['crashes'][number] | undefined): LocalRun => {
    const process = doomed(crash);
    const side = (name: Side): Table => process.table(breakage(disturbed[name]));
    const shared = { limits: one.limits, merge: joinNotes, concurrency: 2 };
    return localRun(() => ({ source: side('source'), target: side('target') }), {
      ...shared,
      store: process.store(store),
    });
  };
  const request = requestOf(one);
  const report = await untilAlive(one, (crash) => reconcile(attempt(crash), request));
  const written = { source: writtenTo(tables.source), target: writtenTo(tables.target) };
  const again = isIntruded ? report : await reconcile(attempt(undefined), { ...request, planId: 'plan-2' });
  return { before, tables, store, report, again, written, isIntruded };
}

function requestOf({ entity, cutEpochMs, repair, rowsPerRange }: Case): PlanRequest {
  return planRequest({ entities: [entity], cutEpochMs, repair, rowsPerRange });
}

async function untilAlive<T>(
  { crashes }: Case,
  live: (crash: Case['crashes'][number] | undefined) => Promise<T>,
): Promise<T> {
  for (const crash of crashes) {
    try {
      return await live(crash);
    } catch (error) {
      if (!(error instanceof CrashError)) throw error;
    }
  }
  return live(undefined);
}

/** Writes once, at the moment between the look at the row and its repair. */
function withIntruder({ intruder }: Case, tables: Sides<MemoryTable>, onIntrusion: () => void): Sides<Table> {
  if (intruder === null) return tables;
  const { side, key } = intruder;
  let isOver = false;
  const apply: Table['apply'] = async (changes) => {
    if (!isOver) {
      tables[side].put(contentOf(key, INTRUSION, 3));
      onIntrusion();
    }
    isOver = true;
    return tables[side].apply(changes);
  };
  return { ...tables, [side]: { ...tables[side], apply } };
}

const INTRUSION = 'written meanwhile';

async function statesOf(one: Case, tables: Sides<MemoryTable>): Promise<Story['before']> {
  const keys = one.cells.map(({ key }) => key);
  const [source, target] = [await tables.source.state(keys), await tables.target.state(keys)];
  const sideOf = ({ rows, tombstones, tombstonesSinceEpochMs }: typeof source, key: Key): SideState => ({
    row: rows.find((row) => keyId(row.key) === keyId(key)),
    tombstone: tombstones.find((tombstone) => keyId(tombstone.key) === keyId(key)),
    tombstonesSinceEpochMs,
  });
  return new Map(keys.map((key) => [keyId(key), { source: sideOf(source, key), target: sideOf(target, key) }]));
}

function writtenTo({ writes }: MemoryTable): readonly string[] {
  return writes.map(({ key }) => keyId(key));
}

/** What has to be true of the end, whatever the case. */
async function judge(one: Case, story: Story): Promise<void> {
  await expectEveryDifferenceFound(one, story);
  const touched = await expectPolicyKept(one, story);
  expectNothingLost(one, story);
  expectOnce(one, story);
  expectReported(one, story, touched);
}

/** The plan has each key that differs, once, in its class; what is left to replication it counts. */
async function expectEveryDifferenceFound(one: Case, { before, store, report }: Story): Promise<void> {
  const ports = localRun(() => tablesOf(one), { store });
  const planned: string[] = [];
  for (const part of await readParts(ports, 'plan-1')) {
    for (const { key, class: name } of await readPart(ports, 'plan-1', part)) planned.push(`${keyId(key)} ${name}`);
  }
  const naive = [...before].flatMap(([id, states]) => {
    const classified = classify(states, one.cutEpochMs);
    const isLeft = rulingOf(one, states) === 'source' && one.repair === 'source-only' && !isToBeRecorded(one, states);
    return classified === undefined ? [] : [{ line: `${id} ${classified.class}`, isLeft }];
  });
  const merged = new Set(one.repair === 'source-only' ? mergedAlready(one, before) : []);
  const listed = naive.filter(({ line, isLeft }) => !isLeft && !merged.has(line.slice(0, line.lastIndexOf(' '))));
  expect(planned.toSorted()).toEqual(listed.map(({ line }) => line).toSorted());
  const [section] = report.sections;
  expect(section?.discrepancies.total).toBe(naive.length);
  expect(section?.leftToReplication).toBe(naive.length - listed.length);
}

/** Keys whose merged row is the source's: nothing is to be written there. */
function mergedAlready(one: Case, before: Story['before']): readonly string[] {
  return [...before].flatMap(([id, { source, target }]) => {
    if (rulingOf(one, { source, target }) !== 'merge' || source.row === undefined) return [];
    if (isToBeRecorded(one, { source, target })) return [];
    return isMergeOf(source.row.columns, { source, target }) ? [id] : [];
  });
}

/** Tier 1: a version that only the target has, and that it is about to lose though nothing is written there. */
function isToBeRecorded({ entity, repair, cutEpochMs }: Case, states: Sides<SideState>): boolean {
  if (repair === 'both-sides' || entity.tier !== 'critical' || states.target.row === undefined) return false;
  return classify(states, cutEpochMs)?.changedIn !== 'source';
}

function rulingOf(
  { entity, cutEpochMs, repair }: Case,
  states: Sides<SideState>,
): Side | 'merge' | 'unresolved' | 'equal' {
  const classified = classify(states, cutEpochMs);
  if (classified === undefined) return 'equal';
  const ruling = resolve(entity, { classified, states, regions: REGIONS, cutEpochMs, repair });
  return ruling.kind === 'take' ? ruling.side : ruling.kind;
}

/** Both sides are as the policy says; those that are not are listed. Gives the keys that are left to a person. */
async function expectPolicyKept(one: Case, { before, tables }: Story): Promise<ReadonlySet<string>> {
  const after = await statesOf(one, tables);
  const left = new Set<string>();
  for (const [id, states] of before) {
    const now = after.get(id);
    const ruling = rulingOf(one, states);
    if (now === undefined || isDisturbed(now)) continue;
    const contents = { source: comparable(now.source), target: comparable(now.target) };
    const earlier = { source: comparable(states.source), target: comparable(states.target) };
    if (ruling === 'unresolved' || ruling === 'equal') {
      if (ruling === 'unresolved') left.add(id);
      expect(contents).toEqual(earlier);
    } else if (ruling === 'merge') {
      expect(isMergeOf(now.source.row?.columns, states)).toBe(true);
      expect(contents.target).toEqual(one.repair === 'both-sides' ? contents.source : earlier.target);
    } else {
      expect(contents.source).toEqual(earlier[ruling]);
      expect(contents.target).toEqual(one.repair === 'both-sides' ? earlier[ruling] : earlier.target);
    }
  }
  return left;
}

function isDisturbed({ source, target }: Sides<SideState>): boolean {
  return source.row?.columns['note'] === INTRUSION || target.row?.columns['note'] === INTRUSION;
}

/** A row without the column that is not compared. */
function comparable({ row }: SideState): Columns | undefined {
  if (row === undefined) return undefined;
  const { seen: _seen, made_at: _made, ...columns } = row.columns;
  return columns;
}

function isMergeOf(columns: Columns | undefined, { source, target }: Sides<SideState>): boolean {
  const words = [source, target].flatMap(({ row }) => (row?.columns['note'] ?? '').split('+'));
  const times = [source, target].map(({ row }) => row?.columns['modified_at'] ?? '');
  const isSame = columns?.['note'] === [...new Set(words)].toSorted().join('+');
  return isSame && (columns?.['modified_at'] ?? '') === times.toSorted()[1];
}

/** Every version that was there is on a side or in the audit of Tier 1; and what somebody wrote meanwhile stands. */
function expectNothingLost(one: Case, { before, tables, isIntruded }: Story): void {
  for (const side of SIDES) {
    const kept = tables[side].audit.map(({ planId, key, region, version }) =>
      [planId, keyId(key), region, version.digest].join(),
    );
    expect(new Set(kept).size).toBe(kept.length);
    if (one.entity.tier === 'eventual') expect(kept).toEqual([]);
  }
  if (one.entity.tier === 'critical') {
    for (const [id, states] of before) {
      for (const side of SIDES) expectKept(id, states[side].row, tables, side);
      if (isToBeRecorded(one, states) && TAKEN.has(rulingOf(one, states)))
        expectRecorded(id, states.target.row, tables);
    }
  }
  const { intruder } = one;
  if (intruder === null || !isIntruded) return;
  expect(tables[intruder.side].rows.filter((columns) => isIntrusionOn(columns, keyId(intruder.key)))).toHaveLength(1);
}

const TAKEN: ReadonlySet<string> = new Set(['source', 'target', 'merge']);

/** What replication takes away in the target stands in the source, or in its audit. */
function expectRecorded(id: string, row: RowVersion | undefined, { source, target }: Sides<MemoryTable>): void {
  if (row === undefined || [source, target].some(({ rows }) => rows.some((columns) => isIntrusionOn(columns, id))))
    return;
  const isStanding = source.rows.some((columns) => isSameRow(columns, row.columns));
  const kept = source.audit.filter(
    ({ planId, key, region, version }) =>
      planId === 'plan-1' && keyId(key) === id && region === REGIONS.target && version.digest === row.digest,
  );
  expect(isStanding ? 1 : kept.length).toBe(1);
}

/** What the intruder overwrites is the application's loss, not the reconciliation's. */
function expectKept(id: string, row: RowVersion | undefined, tables: Sides<MemoryTable>, side: Side): void {
  if (row === undefined) return;
  const isStanding = SIDES.some((name) => tables[name].rows.some((columns) => isSameRow(columns, row.columns)));
  const kept = tables[side].audit.filter(
    ({ planId, key, region, version }) =>
      planId === 'plan-1' && keyId(key) === id && region === REGIONS[side] && version.digest === row.digest,
  );
  const isOverwritten = tables[side].rows.some((columns) => isIntrusionOn(columns, id));
  expect(isStanding || kept.length === 1 || isOverwritten).toBe(true);
}

function isSameRow(a: Columns, b: Columns): boolean {
  return ['name', 'number', 'note', 'modified_at'].every((name) => a[name] === b[name]);
}

function isIntrusionOn(columns: Columns, id: string): boolean {
  return columns['note'] === INTRUSION && keyId([columns['name'] ?? '', columns['number'] ?? '']) === id;
}

/** However often a process died, a row is written once a side; a second plan over what is settled writes nothing. */
function expectOnce(one: Case, { tables, written }: Story): void {
  for (const side of SIDES) {
    expect(new Set(written[side]).size).toBe(written[side].length);
    expect(writtenTo(tables[side])).toEqual(written[side]);
  }
  if (one.repair === 'source-only') expect(tables.target.writes).toEqual([]);
}

function expectReported(one: Case, { report, again, isIntruded }: Story, left: ReadonlySet<string>): void {
  if (isIntruded) return;
  for (const { clean, sections, blocking } of [report, again]) {
    expect(clean).toBe(true);
    expect(new Set(sections[0]?.keys.map(({ key }) => keyId(key)))).toEqual(left);
    expect(sections[0]).toMatchObject({ pending: 0, changedSince: 0, unresolved: left.size });
    expect(blocking.total).toBe(one.entity.tier === 'critical' ? left.size : 0);
  }
}

function property(breakage: Breakage = (table) => table): fc.IAsyncProperty<[Case]> {
  return fc.asyncProperty(anyCase, async (one) => judge(one, await play(one, breakage)));
}

describe('any two tables, any policy, any crash', () => {
  it('end as the policy says, with no version of Tier 1 lost, and each repair made once', async () => {
    await fc.assert(property(), { numRuns: 600 });
  });

  const closeLast = (range: KeyRange): KeyRange => (range.to === null ? { ...range, to: ['ä', '3'] } : range);
  const BREAKAGES: readonly { readonly what: string; readonly breakage: Breakage }[] = [
    {
      what: 'keeps no audit',
      breakage: (table) => ({
        ...table,
        apply: (changes) => table.apply(changes.map((change) => ({ ...change, audit: [] }))),
      }),
    },
    {
      what: 'does not look whether the row is as expected',
      breakage: (table) => ({
        ...table,
        apply: async (changes) => {
          const { rows } = await table.state(changes.map(({ key }) => key));
          const found = new Map(rows.map((row) => [keyId(row.key), row.digest]));
          return table.apply(changes.map((change) => ({ ...change, expected: found.get(keyId(change.key)) ?? null })));
        },
      }),
    },
    {
      what: 'ends its last range at a key',
      breakage: (table) => ({
        ...table,
        digests: (ranges, order) => table.digests(ranges.map(closeLast), order),
        rowDigests: (range, ...words) => table.rowDigests(closeLast(range), ...words),
      }),
    },
    {
      what: 'leaves the first row of a range out',
      breakage: (table) => ({
        ...table,
        rowDigests: async (...words) => (await table.rowDigests(...words)).slice(1),
      }),
    },
    {
      what: 'knows no deletions',
      breakage: (table) => ({ ...table, state: async (keys) => ({ ...(await table.state(keys)), tombstones: [] }) }),
    },
    {
      what: 'says that it has written what it has not',
      breakage: (table) => ({ ...table, apply: async (changes) => changes.map(() => ({ kind: 'applied' })) }),
    },
  ];

  it.each(BREAKAGES)('would be caught where a table $what', async ({ breakage }) => {
    const outcome = await fc.check(property(breakage), { seed: 1, numRuns: 600, endOnFailure: true });
    expect(outcome.failed).toBe(true);
  });
});
