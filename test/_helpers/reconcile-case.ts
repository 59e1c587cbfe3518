import * as fc from 'fast-check';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { createMemoryTable, type MemoryTable } from '../../adapters/memory/memory-table.ts';
import type { BISECTION_LIMITS } from '../../core/reconcile/bisect.ts';
import {
  type Entity,
  POLICIES,
  REPAIRS,
  type RepairSides,
  type Side,
  type Sides,
  TIERS,
} from '../../core/reconcile/entity.ts';
import type { Merge } from '../../core/reconcile/merge.ts';
import type { ReconcileStore } from '../../core/reconcile/store.ts';
import type { Columns, Key, Table } from '../../core/reconcile/table.ts';
import { CUT } from './reconcile-tables.ts';

/** What one side has under a key. */
export type Cell =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'row'; readonly note: string; readonly minutes: number | null; readonly made: number | null }
  | { readonly kind: 'tombstone'; readonly minutes: number };

/** A process that dies at a call, before it had its effect or after it. */
export interface Crash {
  readonly afterCalls: number;
  readonly isAnswerLost: boolean;
}

/** Two tables, how they are reconciled, and what goes wrong meanwhile. */
export interface Case {
  readonly cells: readonly { readonly key: Key; readonly sides: Sides<Cell> }[];
  readonly entity: Entity;
  readonly cutEpochMs: number | null;
  readonly repair: RepairSides;
  readonly rowsPerRange: number;
  readonly limits: typeof BISECTION_LIMITS;
  readonly hasTwoCollations: boolean;
  readonly crashes: readonly Crash[];
  /** Somebody who writes between a look at a row and its repair. */
  readonly intruder: { readonly side: Side; readonly key: Key } | null;
}

const NAMES = ['', 'a', 'B', 'ä', '10', '9'];
const NUMBERS = ['1', '2', '3'];
const KEYS: readonly Key[] = NAMES.flatMap((name) => NUMBERS.map((number) => [name, number]));
const minutes = fc.constantFrom(-2, -1, 0, 1, 2);

function cell(hasTombstones: boolean): fc.Arbitrary<Cell> {
  const row = fc.record({
    kind: fc.constant('row' as const),
    note: fc.constantFrom('x', 'y', ''),
    minutes: fc.option(minutes, { freq: 6 }),
    made: fc.option(fc.constantFrom(-3, 0, 1), { freq: 4 }),
  });
  const nothing = fc.constant({ kind: 'nothing' } as const);
  const tombstone = fc.record({ kind: fc.constant('tombstone' as const), minutes });
  return hasTombstones
    ? fc.oneof({ weight: 4, arbitrary: row }, nothing, tombstone)
    : fc.oneof({ weight: 4, arbitrary: row }, nothing);
}

function cells(hasTombstones: boolean): fc.Arbitrary<Case['cells']> {
  const one = cell(hasTombstones);
  const sides = fc.oneof(
    one.map((both) => ({ source: both, target: both })),
    fc.record({ source: one, target: one }),
  );
  return fc
    .tuple(...KEYS.map(() => sides))
    .map((all) => KEYS.flatMap((key, index) => (all[index] === undefined ? [] : [{ key, sides: all[index] }])));
}

/** Any case. */
export const anyCase: fc.Arbitrary<Case> = fc.tuple(fc.boolean(), fc.boolean()).chain(([hasTombstones, hasCreated]) =>
  fc.record({
    cells: cells(hasTombstones),
    entity: fc
      .record({ tier: fc.constantFrom(...TIERS), policy: fc.constantFrom(...POLICIES) })
      .map((words) => ({ ...words, ...entityOf(hasTombstones, hasCreated) })),
    cutEpochMs: fc.constantFrom(CUT, CUT, CUT, null),
    repair: fc.constantFrom(...REPAIRS),
    rowsPerRange: fc.integer({ min: 1, max: 20 }),
    limits: fc
      .record({ leafRows: fc.integer({ min: 1, max: 5 }), factor: fc.integer({ min: 2, max: 4 }) })
      .map((limits) => ({ ...limits, mostLeafRows: 2 * limits.leafRows })),
    hasTwoCollations: fc.boolean(),
    crashes: fc.array(fc.record({ afterCalls: fc.integer({ min: 1, max: 60 }), isAnswerLost: fc.boolean() }), {
      maxLength: 4,
    }),
    intruder: fc.option(fc.record({ side: fc.constantFrom<Side>('source', 'target'), key: fc.constantFrom(...KEYS) }), {
      freq: 2,
    }),
  }),
);

function entityOf(hasTombstones: boolean, hasCreated: boolean): Omit<Entity, 'tier' | 'policy'> {
  return {
    name: 'orders',
    table: 'orders',
    modifiedColumn: 'modified_at',
    ignoredColumns: ['made_at', 'seen'],
    mergeFunction: 'join-notes',
    ...(hasCreated ? { createdColumn: 'made_at' } : {}),
    ...(hasTombstones ? { tombstones: { table: 'orders_deleted', deletedColumn: 'deleted_at' } } : {}),
  };
}

/** The tables of a case. Each has a column of its own content that is not compared. */
export function tablesOf({ cells: all, entity, hasTwoCollations }: Case): Sides<MemoryTable> {
  const fill = (side: Side): MemoryTable => {
    const table = createMemoryTable({
      entity,
      columns: ['name', 'number', 'note', 'modified_at', 'made_at', 'seen'].map((name) => ({ name, type: 'text' })),
      key: ['name', 'number'],
      ...(hasTwoCollations && side === 'target' ? { order: { name: 'backwards', compare: backwards } } : {}),
    });
    for (const { key, sides } of all) {
      const content = sides[side];
      if (content.kind === 'row')
        table.put({ ...contentOf(key, content.note, content.minutes), made_at: timeOf(content.made), seen: side });
      if (content.kind === 'tombstone') table.remove(key, CUT + content.minutes * 60_000);
    }
    return table;
  };
  return { source: fill('source'), target: fill('target') };
}

/** A row of the case's tables. */
export function contentOf([name = '', number = '']: Key, note: string, at: number | null): Columns {
  return { name, number, note, modified_at: timeOf(at) };
}

function timeOf(minutesFromCut: number | null): string | null {
  return minutesFromCut === null ? null : new Date(CUT + minutesFromCut * 60_000).toISOString();
}

/** What a user's merge might do: keeps every word of both notes, once. Merging again changes nothing. */
export const joinNotes: Merge = async ({ versions: { source, target } }) => {
  const words = [source, target].flatMap(({ columns }) => (columns['note'] ?? '').split('+'));
  const times = [source, target].map(({ columns }) => columns['modified_at'] ?? '').toSorted();
  return {
    columns: { ...source.columns, note: [...new Set(words)].toSorted().join('+'), modified_at: times[1] || null },
  };
};

/** What a process dies of. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
}

/** The calls of one process, which dies at one of them. */
export interface Doomed {
  store(store: ReconcileStore): ReconcileStore;
  table(table: Table): Table;
}

/** A process that makes so many calls; `undefined`: it lives. */
export function doomed(crash: Crash | undefined): Doomed {
  let left = crash?.afterCalls ?? Number.POSITIVE_INFINITY;
  const call = async <T>(make: () => Promise<T>): Promise<T> => {
    left -= 1;
    if (left < 0 || (left === 0 && crash?.isAnswerLost === false)) throw new CrashError('killed before the call');
    const answer = await make();
    if (left === 0) throw new CrashError('killed after the call');
    return answer;
  };
  return {
    store: (store) => ({
      put: (name, text) => call(() => store.put(name, text)),
      create: (name, text) => call(() => store.create(name, text)),
      get: (name) => call(() => store.get(name)),
      names: (prefix) => store.names(prefix),
    }),
    table: (table) => ({
      shape: () => call(() => table.shape()),
      estimateRows: () => call(() => table.estimateRows()),
      boundaries: (...words) => call(() => table.boundaries(...words)),
      digests: (...words) => call(() => table.digests(...words)),
      rowDigests: (...words) => call(() => table.rowDigests(...words)),
      state: (...words) => call(() => table.state(...words)),
      digestsOf: (...words) => call(() => table.digestsOf(...words)),
      apply: (...words) => call(() => table.apply(...words)),
      prepareAudit: () => call(() => table.prepareAudit()),
    }),
  };
}

/** A store for one case. */
export function storeOfCase(): ReconcileStore {
  return createMemoryStore();
}

function backwards(a: Key, b: Key): number {
  const [one, other] = [a.join('\0'), b.join('\0')];
  return one < other ? 1 : one > other ? -1 : 0;
}
