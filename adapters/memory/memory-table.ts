import type { Entity } from '../../core/reconcile/entity.ts';
import { ReconcileError } from '../../core/reconcile/errors.ts';
import { keyId, printKey } from '../../core/reconcile/key.ts';
import type {
  AuditEntry,
  ChangeOutcome,
  Column,
  Columns,
  Key,
  KeyedState,
  KeyOrder,
  KeyRange,
  RowChange,
  RowVersion,
  Table,
  Tombstone,
} from '../../core/reconcile/table.ts';
import { sha256 } from '../sha256.ts';

/** A table in the memory of one process. */
export interface MemoryTableProps {
  readonly entity: Pick<Entity, 'modifiedColumn' | 'createdColumn' | 'ignoredColumns'>;
  readonly columns: readonly Column[];
  /** Names of the key columns. */
  readonly key: readonly string[];
  /** How its index orders keys. @default - by the bytes of their text */
  readonly order?: { readonly name: string; readonly compare: (a: Key, b: Key) => number };
  /** Why the table refuses a content, as a constraint would; undefined: it does not. @default - it refuses none */
  readonly constraint?: (columns: Columns, others: readonly Columns[]) => string | undefined;
  /** Called before every call of the port; what it throws is the call's answer. @default - nothing fails */
  readonly onCall?: (method: keyof Table) => void | Promise<void>;
}

/** What a reconciliation wrote. */
export interface MemoryWrite {
  readonly key: Key;
  /** `null`: deleted. */
  readonly columns: Columns | null;
}

/** A table whose content can be looked at without a call, and that an application writes to beside the port. */
export interface MemoryTable extends Table {
  /** Contents in the order of their keys' bytes. */
  readonly rows: readonly Columns[];
  readonly audit: readonly AuditEntry[];
  /** Every write that the port has made, in order. */
  readonly writes: readonly MemoryWrite[];
  /** Writes as the application does. */
  put(columns: Columns): void;
  /** Deletes as the application does; with a time it leaves a tombstone. */
  remove(key: Key, deletedAtEpochMs?: number): void;
}

/**
 * A table in memory, for tests and for the twin; keeps the contract of every table
 * (test/_helpers/table-contract.ts). Columns of times hold an ISO 8601 text, or `null`.
 */
export function createMemoryTable(props: MemoryTableProps): MemoryTable {
  const content = createContent(props);
  const called = async (method: keyof Table): Promise<void> => props.onCall?.(method);
  const { audit, writes } = content;
  return {
    get rows() {
      return content.sorted('bytes').map(({ columns }) => columns);
    },
    audit,
    writes,
    put: (columns) => content.put(columns),
    remove: (key, deletedAtEpochMs) => content.remove(key, deletedAtEpochMs),
    shape: async () => {
      await called('shape');
      return {
        columns: props.columns
          .filter(({ name }) => !props.entity.ignoredColumns.includes(name))
          .toSorted((a, b) => compareBytes([a.name], [b.name])),
        key: props.key,
        keyOrder: props.order?.name ?? 'bytes',
      };
    },
    estimateRows: async () => {
      await called('estimateRows');
      return content.sorted('bytes').length;
    },
    boundaries: async (range, parts, order) => {
      await called('boundaries');
      return cutKeys(content.within(range, order), range, parts);
    },
    digests: async (ranges, order) => {
      await called('digests');
      return ranges.map((range) => {
        const rows = content.within(range, order);
        return {
          rows: rows.length,
          digest: sha256(
            rows
              .map(({ digest }) => digest)
              .toSorted()
              .join(),
          ),
        };
      });
    },
    rowDigests: async (range, limit, order) => {
      await called('rowDigests');
      const rows = content.within(range, order).slice(0, limit + 1);
      return rows.map(({ key, digest }) => ({ key, digest }));
    },
    state: async (keys, detail) => {
      await called('state');
      const state = content.state(keys);
      if (detail !== 'digests') return state;
      return { ...state, rows: state.rows.map((row) => ({ ...row, columns: {} })) };
    },
    digestsOf: async (contents) => {
      await called('digestsOf');
      return contents.map((columns) => content.versionOf(columns).digest);
    },
    apply: async (changes) => {
      await called('apply');
      return changes.map((change) => content.apply(change));
    },
    prepareAudit: () => called('prepareAudit'),
  };
}

interface Content {
  readonly audit: AuditEntry[];
  readonly writes: MemoryWrite[];
  versionOf(columns: Columns): RowVersion;
  sorted(order: KeyOrder): readonly RowVersion[];
  within(range: KeyRange, order: KeyOrder): readonly RowVersion[];
  state(keys: readonly Key[]): KeyedState;
  put(columns: Columns): void;
  remove(key: Key, deletedAtEpochMs: number | undefined): void;
  apply(change: RowChange): ChangeOutcome;
}

function createContent(props: MemoryTableProps): Content {
  const rows = new Map<string, RowVersion>();
  const tombstones = new Map<string, Tombstone>();
  const audit: AuditEntry[] = [];
  const writes: MemoryWrite[] = [];
  const kept = new Map<KeyOrder, readonly RowVersion[]>();
  const compare = { native: props.order?.compare ?? compareBytes, bytes: compareBytes };
  const versionOf = (columns: Columns): RowVersion => toVersion(columns, props);
  const store = (key: Key, columns: Columns | null): void => {
    kept.clear();
    if (columns === null) rows.delete(keyId(key));
    else rows.set(keyId(key), versionOf(columns));
  };
  const sorted = (order: KeyOrder): readonly RowVersion[] => {
    const before = kept.get(order) ?? [...rows.values()].toSorted((a, b) => compare[order](a.key, b.key));
    kept.set(order, before);
    return before;
  };
  return {
    audit,
    writes,
    versionOf,
    sorted,
    within: ({ from, to }, order) =>
      sorted(order).filter(
        ({ key }) => (from === null || compare[order](key, from) >= 0) && (to === null || compare[order](key, to) < 0),
      ),
    state: (keys) => ({
      rows: keys.flatMap((key) => rows.get(keyId(key)) ?? []),
      tombstones: keys.flatMap((key) => tombstones.get(keyId(key)) ?? []),
      ...(keys.length === 0 ? {} : { tombstonesSinceEpochMs: oldestOf(tombstones.values()) }),
    }),
    put: (columns) => store(versionOf(columns).key, { ...columns }),
    remove: (key, deletedAtEpochMs) => {
      store(key, null);
      if (deletedAtEpochMs !== undefined) tombstones.set(keyId(key), { key, deletedAtEpochMs });
    },
    apply: (change) => {
      const outcome = judge(change, rows, props);
      if (outcome.kind !== 'applied' && outcome.kind !== 'already') return outcome;
      for (const entry of change.audit) if (!audit.some((other) => isSameEntry(other, entry))) audit.push(entry);
      if (outcome.kind === 'already') return outcome;
      store(change.key, change.columns);
      writes.push({ key: change.key, columns: change.columns });
      return outcome;
    },
  };
}

function judge(change: RowChange, rows: ReadonlyMap<string, RowVersion>, props: MemoryTableProps): ChangeOutcome {
  const { key, columns, expected, wanted } = change;
  const found = rows.get(keyId(key))?.digest ?? null;
  if (found === wanted) return { kind: 'already' };
  if (found !== expected) return { kind: 'changed-since' };
  if (columns === null) return { kind: 'applied' };
  const version = toVersion(columns, props);
  if (keyId(version.key) !== keyId(key))
    return { kind: 'refused', reason: `the content is that of ${printKey(version.key)}` };
  if (version.digest !== wanted)
    return { kind: 'refused', reason: 'the row would not have the content that was planned' };
  const others = [...rows].filter(([id]) => id !== keyId(key)).map(([, row]) => row.columns);
  const reason = props.constraint?.(columns, others);
  return reason === undefined ? { kind: 'applied' } : { kind: 'refused', reason };
}

function toVersion(columns: Columns, { key: keyColumns, columns: known, entity }: MemoryTableProps): RowVersion {
  const unknown = Object.keys(columns).filter((name) => !known.some((column) => column.name === name));
  if (unknown.length > 0) {
    throw new ReconcileError('StoreRefusedError', `the table has no column ${unknown.join(', ')}`);
  }
  const key = keyColumns.map((name) => columns[name] ?? '');
  const compared = known
    .map(({ name }) => name)
    .filter((name) => !entity.ignoredColumns.includes(name))
    .toSorted()
    .map((name) => [name, columns[name] ?? null]);
  return {
    key,
    digest: sha256(JSON.stringify(compared)),
    columns,
    modifiedAtEpochMs: timeIn(columns, entity.modifiedColumn),
    ...(entity.createdColumn === undefined ? {} : { createdAtEpochMs: timeIn(columns, entity.createdColumn) }),
  };
}

function timeIn(columns: Columns, name: string): number | null {
  const time = columns[name] ?? null;
  return time === null ? null : Date.parse(time);
}

function oldestOf(tombstones: Iterable<Tombstone>): number | null {
  return [...tombstones].reduce<number | null>(
    (oldest, { deletedAtEpochMs }) => Math.min(oldest ?? deletedAtEpochMs, deletedAtEpochMs),
    null,
  );
}

function cutKeys(rows: readonly RowVersion[], { from }: KeyRange, parts: number): readonly Key[] {
  const keys = new Map<string, Key>();
  for (let part = 1; part < parts; part += 1) {
    const key = rows[Math.floor((part * rows.length) / parts)]?.key;
    if (key !== undefined && (from === null || keyId(key) !== keyId(from))) keys.set(keyId(key), key);
  }
  if (from === null && rows[0] !== undefined) keys.delete(keyId(rows[0].key));
  return [...keys.values()];
}

function compareBytes(a: Key, b: Key): number {
  for (const [index, part] of a.entries()) {
    const order = Buffer.compare(Buffer.from(part), Buffer.from(b[index] ?? ''));
    if (order !== 0) return order;
  }
  return 0;
}

function isSameEntry(a: AuditEntry, b: AuditEntry): boolean {
  const identity = ({ planId, entity, region, key, version }: AuditEntry): string =>
    JSON.stringify([planId, entity, region, key, version.digest]);
  return identity(a) === identity(b);
}
