import { describe, expect, it } from 'vitest';
import type { Entity } from '../../core/reconcile/entity.ts';
import { keyId, rangesBetween } from '../../core/reconcile/key.ts';
import {
  type AuditEntry,
  type Columns,
  type Key,
  type KeyOrder,
  type KeyRange,
  type RowChange,
  type RowVersion,
  type Table,
  WHOLE_TABLE,
} from '../../core/reconcile/table.ts';

/** A row of the sample table: its key is (customer, number). */
export interface SampleRow {
  readonly customer: string;
  /** 1 to 9, so that its order is the same as text and as a number. */
  readonly number: number;
  readonly note: string | null;
  /** Epoch ms of a whole second; `null`: the row does not say. */
  readonly modifiedAtEpochMs: number | null;
}

/** The entity that the suite compares. Column names are the fields above; `modified_at` and `deleted_at` hold the times. */
export const SAMPLE_ENTITY: Entity = {
  name: 'orders',
  tier: 'critical',
  policy: 'manual',
  table: 'orders',
  modifiedColumn: 'modified_at',
  tombstones: { table: 'orders_deleted', deletedColumn: 'deleted_at' },
  ignoredColumns: [],
};

/** An empty sample table of some adapter, and what the application and a person do to it beside the port. */
export interface TableUnderTest {
  readonly table: Table;
  put(row: SampleRow): Promise<void>;
  /** Deletes, and leaves a tombstone where a time is given. */
  remove(customer: string, number: number, deletedAtEpochMs?: number): Promise<void>;
  /** Entries of the audit table, in any order; `recordedAtEpochMs` may be left out. */
  audit(): Promise<readonly Pick<AuditEntry, 'planId' | 'entity' | 'key' | 'region' | 'reason' | 'version'>[]>;
}

/** Gives a test two empty tables, as two Regions have them. */
export type WithTables = (use: (one: TableUnderTest, other: TableUnderTest) => Promise<void>) => Promise<void>;

/** What an adapter has no way for. */
export interface TableLimits {
  /** Why a row is refused, made so that this row is; without it nothing is known that the store would refuse. */
  readonly refusedRow?: SampleRow;
  /** Columns that the table knows of itself, where rows have no schema. @default - those of the sample */
  readonly knownColumns?: readonly string[];
}

const AT = Date.parse('2026-03-01T10:00:00Z');
const ORDERS: readonly KeyOrder[] = ['native', 'bytes'];

/** What every table guarantees that is compared and repaired. */
export function tableContract(name: string, withTables: WithTables, limits: TableLimits = {}): void {
  describe(`the table of a reconciliation: ${name}`, () => {
    digestContract(withTables, limits);
    rangeContract(withTables);
    stateContract(withTables);
    writeContract(withTables);
    auditContract(withTables);
    refusalContract(withTables, limits);
  });
}

const COLUMNS = ['customer', 'modified_at', 'note', 'number'];

function digestContract(withTables: WithTables, { knownColumns = COLUMNS }: TableLimits): void {
  it('names its columns in the order of their names, and its key', () =>
    withTables(async ({ table }) => {
      const { columns, key, keyOrder } = await table.shape();
      expect(columns.map(({ name }) => name)).toEqual(knownColumns);
      expect(columns.every(({ type }) => type !== '')).toBe(true);
      expect(key).toEqual(['customer', 'number']);
      expect(keyOrder).not.toBe('');
    }));

  it('gives equal digests for equal rows, in whatever order they were written', () =>
    withTables(async (one, other) => {
      for (const row of SAMPLES) await one.put(row);
      for (const row of SAMPLES.toReversed()) await other.put(row);
      for (const order of ORDERS) {
        const [digest] = await one.table.digests([WHOLE_TABLE], order);
        expect(digest?.rows).toBe(SAMPLES.length);
        expect(await other.table.digests([WHOLE_TABLE], order)).toEqual([digest]);
      }
    }));

  it.each<{ what: string; rows: readonly SampleRow[] }>([
    { what: 'a value', rows: [sample('ana', 1, 'changed'), sample('bo', 1, 'y')] },
    { what: 'nothing for an empty text', rows: [sample('ana', 1, null), sample('bo', 1, 'y')] },
    { what: 'an empty text for a value', rows: [sample('ana', 1, ''), sample('bo', 1, 'y')] },
    { what: 'the time', rows: [{ ...sample('ana', 1, 'x'), modifiedAtEpochMs: AT + 1_000 }, sample('bo', 1, 'y')] },
    { what: 'no time', rows: [{ ...sample('ana', 1, 'x'), modifiedAtEpochMs: null }, sample('bo', 1, 'y')] },
    { what: 'a key', rows: [sample('ana', 2, 'x'), sample('bo', 1, 'y')] },
    { what: 'a text that moves between columns', rows: [sample('anax', 1, ''), sample('bo', 1, 'y')] },
    { what: 'the contents of two rows', rows: [sample('ana', 1, 'y'), sample('bo', 1, 'x')] },
    { what: 'a row less', rows: [sample('ana', 1, 'x')] },
    { what: 'a row more', rows: [sample('ana', 1, 'x'), sample('bo', 1, 'y'), sample('bo', 2, 'y')] },
  ])('tells $what by the digest', ({ rows }) =>
    withTables(async (one, other) => {
      for (const row of [sample('ana', 1, 'x'), sample('bo', 1, 'y')]) await one.put(row);
      for (const row of rows) await other.put(row);
      const [[here], [there]] = [
        await one.table.digests([WHOLE_TABLE], 'bytes'),
        await other.table.digests([WHOLE_TABLE], 'bytes'),
      ];
      expect(here?.digest).not.toBe(there?.digest);
    }),
  );

  it('gives an empty range the same digest everywhere', () =>
    withTables(async (one, other) => {
      const [here] = await one.table.digests([WHOLE_TABLE], 'bytes');
      expect(here?.rows).toBe(0);
      expect(await other.table.digests([WHOLE_TABLE], 'bytes')).toEqual([here]);
      expect(await one.table.rowDigests(WHOLE_TABLE, 10, 'bytes')).toEqual([]);
    }));
}

function rangeContract(withTables: WithTables): void {
  const cases = ORDERS.flatMap((order) => [2, 3, 7, 100].map((parts) => ({ order, parts })));
  it.each(cases)('is cut into at most $parts parts by $order, each row in one of them', ({ order, parts }) =>
    withTables(async ({ table, put }) => {
      for (const row of SAMPLES) await put(row);
      const boundaries = await table.boundaries(WHOLE_TABLE, parts, order);
      expect(boundaries.length).toBeGreaterThan(0);
      expect(boundaries.length).toBeLessThan(parts);
      await expectParted(table, WHOLE_TABLE, boundaries, order);
      const inner = { from: boundaries[0] ?? null, to: null };
      await expectParted(table, inner, await table.boundaries(inner, parts, order), order);
    }),
  );

  it.each(ORDERS)('parts no range that has no or one row, by %s', (order) =>
    withTables(async ({ table, put }) => {
      await expectParted(table, WHOLE_TABLE, await table.boundaries(WHOLE_TABLE, 4, order), order);
      await put(sample('ana', 1, 'x'));
      await expectParted(table, WHOLE_TABLE, await table.boundaries(WHOLE_TABLE, 4, order), order);
    }),
  );

  it.each(ORDERS)('takes the row at the beginning of a range and not the one at its end, by %s', (order) =>
    withTables(async ({ table, put }) => {
      for (const row of SAMPLES) await put(row);
      const [from, to] = await table.boundaries(WHOLE_TABLE, 3, order);
      const keys = async (range: KeyRange): Promise<readonly string[]> =>
        (await table.rowDigests(range, 100, order)).map(({ key }) => keyId(key)).toSorted();
      const all = await keys(WHOLE_TABLE);
      const parts = [
        await keys({ from: null, to: from ?? null }),
        await keys({ from: from ?? null, to: to ?? null }),
        await keys({ from: to ?? null, to: null }),
      ];
      expect(parts.flat().toSorted()).toEqual(all);
    }),
  );

  it('says that there are more rows than the limit by one more', () =>
    withTables(async ({ table, put }) => {
      for (const row of SAMPLES) await put(row);
      expect(await table.rowDigests(WHOLE_TABLE, SAMPLES.length - 1, 'bytes')).toHaveLength(SAMPLES.length);
      expect(await table.rowDigests(WHOLE_TABLE, SAMPLES.length, 'bytes')).toHaveLength(SAMPLES.length);
      expect(await table.rowDigests(WHOLE_TABLE, 3, 'bytes')).toHaveLength(4);
    }));
}

function stateContract(withTables: WithTables): void {
  it('reads back what stands under the keys that it gave', () =>
    withTables(async ({ table, put }) => {
      for (const row of SAMPLES) await put(row);
      const digests = await table.rowDigests(WHOLE_TABLE, 100, 'bytes');
      const { rows, tombstones } = await table.state(digests.map(({ key }) => key));
      const found = new Map(rows.map((row) => [keyId(row.key), row.digest]));
      expect(found).toEqual(new Map(digests.map(({ key, digest }) => [keyId(key), digest])));
      expect(tombstones).toEqual([]);
      expect(await table.digestsOf(rows.map(({ columns }) => columns))).toEqual(rows.map(({ digest }) => digest));
    }));

  it('tells when a row was written, and that it does not know', () =>
    withTables(async ({ table, put }) => {
      await put(sample('ana', 1, 'x'));
      await put({ ...sample('bo', 1, 'y'), modifiedAtEpochMs: null });
      const { rows } = await table.state([
        ['ana', '1'],
        ['bo', '1'],
      ]);
      const times = new Map(rows.map((row) => [row.key[0], row.modifiedAtEpochMs]));
      expect(times).toEqual(
        new Map([
          ['ana', AT],
          ['bo', null],
        ]),
      );
    }));

  it('tells what was deleted, and nothing of what never was', () =>
    withTables(async ({ table, put, remove }) => {
      await put(sample('ana', 1, 'x'));
      await put(sample('bo', 1, 'y'));
      await remove('ana', 1, AT + 5_000);
      await remove('bo', 1);
      const keys = [
        ['ana', '1'],
        ['bo', '1'],
        ['nobody', '9'],
      ];
      const { rows, tombstones } = await table.state(keys);
      expect(rows).toEqual([]);
      expect(tombstones).toEqual([{ key: ['ana', '1'], deletedAtEpochMs: AT + 5_000 }]);
      expect(await table.state([])).toEqual({ rows: [], tombstones: [] });
    }));

  it('tells since when deletions are known, by all of them and not by those of the keys', () =>
    withTables(async ({ table, put, remove }) => {
      await put(sample('bo', 1, 'y'));
      await remove('dan', 3, AT + 7_000);
      await remove('cy', 2, AT - 7_000);
      await remove('eve', 4, AT + 9_000);
      const later = await table.state([['bo', '1']]);
      expect(later).toMatchObject({ tombstones: [], tombstonesSinceEpochMs: AT - 7_000 });
    }));

  it('reads no content where digests are all that is asked for', () =>
    withTables(async ({ table, put, remove }) => {
      for (const row of SAMPLES) await put(row);
      await remove('zoe', 1, AT);
      const keys = [...SAMPLES.map(keyOf), ['zoe', '1']];
      const [whole, bare] = [await table.state(keys), await table.state(keys, 'digests')];
      const byDigest = (a: RowVersion, b: RowVersion): number => (a.digest < b.digest ? -1 : 1);
      expect(bare.rows.toSorted(byDigest)).toEqual(
        whole.rows.map((row) => ({ ...row, columns: {} })).toSorted(byDigest),
      );
      expect(bare.tombstones).toEqual(whole.tombstones);
    }));
}

function writeContract(withTables: WithTables): void {
  it('copies a row from one table to the other, all of it', () =>
    withTables(async (one, other) => {
      for (const row of SAMPLES) await one.put(row);
      const { rows } = await one.table.state(SAMPLES.map(keyOf));
      expect(await other.table.apply(rows.map((row) => insertOf(row)))).toEqual(rows.map(() => ({ kind: 'applied' })));
      expect(await other.table.digests([WHOLE_TABLE], 'bytes')).toEqual(
        await one.table.digests([WHOLE_TABLE], 'bytes'),
      );
    }));

  it('changes and deletes a row that is as expected, and does neither twice', () =>
    withTables(async (one, other) => {
      const [mine, theirs] = await conflicting(one, other);
      const change = replacementOf(mine, theirs);
      expect(await one.table.apply([change])).toEqual([{ kind: 'applied' }]);
      expect(await one.table.apply([change])).toEqual([{ kind: 'already' }]);
      expect((await stored(one)).digest).toBe(theirs.digest);
      const removal = removalOf(theirs);
      expect(await one.table.apply([removal])).toEqual([{ kind: 'applied' }]);
      expect(await one.table.apply([removal])).toEqual([{ kind: 'already' }]);
      expect((await one.table.state([ANA])).rows).toEqual([]);
    }));

  it('leaves a row alone that somebody has written, taken away, or put there since', () =>
    withTables(async (one, other) => {
      const [mine, theirs] = await conflicting(one, other);
      await one.put(sample('ana', 1, 'later'));
      const later = await stored(one);
      const changes = [replacementOf(mine, theirs), removalOf(mine), insertOf(theirs)];
      for (const change of changes) expect(await one.table.apply([change])).toEqual([{ kind: 'changed-since' }]);
      expect(await stored(one)).toEqual(later);
      await one.remove('ana', 1);
      expect(await one.table.apply([replacementOf(mine, theirs)])).toEqual([{ kind: 'changed-since' }]);
      expect((await one.table.state([ANA])).rows).toEqual([]);
    }));

  it('gives the outcomes in the order of the changes', () =>
    withTables(async (one, other) => {
      const [mine, theirs] = await conflicting(one, other);
      await other.put(sample('bo', 1, 'y'));
      const [bo] = (await other.table.state([['bo', '1']])).rows;
      if (bo === undefined) throw new Error('nothing was put');
      const stale = { ...removalOf(mine), expected: theirs.digest };
      expect(await one.table.apply([stale, insertOf(bo)])).toEqual([{ kind: 'changed-since' }, { kind: 'applied' }]);
      expect(await one.table.apply([insertOf(bo), stale])).toEqual([{ kind: 'already' }, { kind: 'changed-since' }]);
      expect(await one.table.apply([])).toEqual([]);
    }));
}

function auditContract(withTables: WithTables): void {
  it('keeps what a change takes away, once however often it is repeated', () =>
    withTables(async (one, other) => {
      const [mine, theirs] = await conflicting(one, other);
      const entry = auditOf(mine);
      await one.table.prepareAudit();
      await one.table.prepareAudit();
      const change = { ...replacementOf(mine, theirs), audit: [entry] };
      await one.table.apply([change]);
      await one.table.apply([change]);
      const kept = await one.audit();
      expect(kept).toHaveLength(1);
      const { recordedAtEpochMs: _, ...facts } = entry;
      expect(kept[0]).toMatchObject(facts);
    }));

  it('keeps what is lost though its own row is as wanted already, or is not there', () =>
    withTables(async (one, other) => {
      const [mine, theirs] = await conflicting(one, other);
      await one.table.prepareAudit();
      const nothing = ['nobody', '9'];
      const changes: readonly RowChange[] = [
        { ...replacementOf(mine, mine), audit: [auditOf(theirs)] },
        { key: nothing, expected: null, columns: null, wanted: null, audit: [auditOf({ ...theirs, key: nothing })] },
      ];
      for (let times = 0; times < 2; times += 1) {
        expect(await one.table.apply(changes)).toEqual([{ kind: 'already' }, { kind: 'already' }]);
      }
      const kept = await one.audit();
      expect(kept.map(({ key }) => keyId(key)).toSorted()).toEqual([keyId(ANA), keyId(nothing)].toSorted());
      expect(await stored(one)).toEqual(mine);
    }));

  it('keeps nothing of what it leaves alone', () =>
    withTables(async (one, other) => {
      const [mine, theirs] = await conflicting(one, other);
      await one.table.prepareAudit();
      await one.put(sample('ana', 1, 'later'));
      await one.table.apply([{ ...replacementOf(mine, theirs), audit: [auditOf(mine)] }]);
      expect(await one.audit()).toEqual([]);
    }));

  it('keeps the version of a deleted row too', () =>
    withTables(async (one, other) => {
      const [mine] = await conflicting(one, other);
      await one.table.prepareAudit();
      await one.table.apply([{ ...removalOf(mine), audit: [auditOf(mine)] }]);
      expect((await one.audit()).map(({ version }) => version.columns)).toEqual([mine.columns]);
    }));
}

function refusalContract(withTables: WithTables, { refusedRow }: TableLimits): void {
  it('refuses a content that would not have the digest that was planned', () =>
    withTables(async (one, other) => {
      const [mine, theirs] = await conflicting(one, other);
      const change = { ...replacementOf(mine, theirs), wanted: 'another digest' };
      const [outcome] = await one.table.apply([change]);
      expect(outcome?.kind).toBe('refused');
      expect(await stored(one)).toEqual(mine);
    }));

  it.skipIf(refusedRow === undefined)('refuses one change and makes the others', () =>
    withTables(async (one, other) => {
      if (refusedRow === undefined) return;
      await other.put(refusedRow);
      await other.put(sample('bo', 1, 'y'));
      const { rows } = await other.table.state([keyOf(refusedRow), ['bo', '1']]);
      const [refused, good] = rows.toSorted((a) => (keyId(a.key) === keyId(keyOf(refusedRow)) ? -1 : 1));
      if (refused === undefined || good === undefined) throw new Error('nothing was put');
      const outcomes = await one.table.apply([insertOf(refused), insertOf(good)]);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', 'applied']);
      expect(outcomes[0]).toHaveProperty('reason');
      expect((await one.table.state([keyOf(refusedRow)])).rows).toEqual([]);
    }),
  );
}

async function expectParted(table: Table, range: KeyRange, boundaries: readonly Key[], order: KeyOrder): Promise<void> {
  const ranges = rangesBetween(range, boundaries);
  const [whole] = await table.digests([range], order);
  const digests = await table.digests(ranges, order);
  expect(digests).toHaveLength(ranges.length);
  expect(digests.reduce((sum, { rows }) => sum + rows, 0)).toBe(whole?.rows);
  const parts = [];
  for (const part of ranges) parts.push((await table.rowDigests(part, 100, order)).map(({ key }) => keyId(key)));
  const keys = parts.flat();
  // Asked together or alone, a range has the same rows.
  expect(digests.map(({ rows }) => rows)).toEqual(parts.map(({ length }) => length));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toHaveLength(whole?.rows ?? -1);
}

async function conflicting(one: TableUnderTest, other: TableUnderTest): Promise<readonly [RowVersion, RowVersion]> {
  await one.put(sample('ana', 1, 'mine'));
  await other.put(sample('ana', 1, 'theirs'));
  return [await stored(one), await stored(other)];
}

async function stored({ table }: TableUnderTest): Promise<RowVersion> {
  const [row] = (await table.state([ANA])).rows;
  if (row === undefined) throw new Error('there is no row');
  return row;
}

const ANA: Key = ['ana', '1'];
const HARD_CUSTOMERS = ['ana', 'Ana', 'bo', 'bo ', 'cy%_\\', "d'or", 'é', '日本', 'z"q', 'ANA'];
const SAMPLES: readonly SampleRow[] = HARD_CUSTOMERS.flatMap((customer) => [
  sample(customer, 1, 'x'),
  sample(customer, 2, null),
]);

function sample(customer: string, number: number, note: string | null): SampleRow {
  return { customer, number, note, modifiedAtEpochMs: AT };
}

function keyOf({ customer, number }: SampleRow): Key {
  return [customer, String(number)];
}

function insertOf({ key, columns, digest }: RowVersion): RowChange {
  return { key, expected: null, columns, wanted: digest, audit: [] };
}

function replacementOf(mine: RowVersion, theirs: RowVersion): RowChange {
  return { key: mine.key, expected: mine.digest, columns: theirs.columns, wanted: theirs.digest, audit: [] };
}

function removalOf(mine: RowVersion): RowChange {
  return { key: mine.key, expected: mine.digest, columns: null, wanted: null, audit: [] };
}

function auditOf(version: RowVersion): AuditEntry {
  return {
    planId: 'plan-1',
    entity: SAMPLE_ENTITY.name,
    key: version.key,
    region: 'ap-southeast-1',
    version,
    reason: 'the other was written later',
    recordedAtEpochMs: AT,
  };
}

/** A sample row as `Columns`, for adapters whose text of a time is ISO 8601. */
export function sampleColumns({ customer, number, note, modifiedAtEpochMs }: SampleRow): Columns {
  const modified = modifiedAtEpochMs === null ? null : new Date(modifiedAtEpochMs).toISOString();
  return { customer, number: String(number), note, modified_at: modified };
}
