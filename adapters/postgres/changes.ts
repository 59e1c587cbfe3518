import type { Entity } from '../../core/reconcile/entity.ts';
import { keyId } from '../../core/reconcile/key.ts';
import type { AuditEntry, ChangeOutcome, Key, RowChange } from '../../core/reconcile/table.ts';
import { keepVersions } from './audit-table.ts';
import type { CatalogColumn } from './catalog.ts';
import { keyTexts, rowDigest } from './column-forms.ts';
import { quoteName, Values } from './identifiers.ts';
import { hasListedKey, listed, listOf, textsOf, typedText } from './keyed-rows.ts';
import type { OpenTable } from './postgres-reader.ts';
import { followedBy, type Referred, referredTo } from './references.ts';
import { moveSequences } from './sequences.ts';
import type { SqlQueries, TextRow } from './sql-session.ts';
import { isLockTimeout } from './translate-error.ts';
import { TableLocked, Undone } from './undone.ts';

/** Where changes are made. */
export interface ChangedTable extends OpenTable {
  readonly entity: Entity;
  /** Quoted name of the audit table. */
  readonly auditTable: string;
}

/** What of rows is locked: all, after a wait; or those that nobody else keeps locked. */
export type Locking = 'waits' | 'skips';

/**
 * Makes changes in the transaction that `queries` belongs to: locks the rows, leaves alone what is not as expected, keeps
 * the versions that are lost, and writes the rest in one statement for each kind.
 *
 * @throws Undone with the outcomes of those that cannot be made, so that the transaction is given up and made without them
 * @throws TableLocked where rows that are locked are to be skipped, and the table itself is
 */
export async function makeChanges(
  queries: SqlQueries,
  table: ChangedTable,
  changes: readonly RowChange[],
  locking: Locking = 'waits',
): Promise<readonly ChangeOutcome[]> {
  const standing = await lockRows(queries, table, changes, locking);
  const outcomes = changes.map((change) => judge(change, standing.get(keyId(change.key)) ?? null));
  const open = changes.filter((_, at) => outcomes[at]?.kind === 'applied');
  const losing = changes.filter((_, at) => outcomes[at]?.kind !== 'changed-since');
  const removals = open.filter(({ columns }) => columns === null);
  const entries: readonly AuditEntry[] = (await withIgnored(queries, table, { losing, removals })).flat();
  if (entries.length > 0) await keepVersions(queries, table.auditTable, entries);
  const puts = open.filter(({ columns }) => columns !== null);
  await remove(queries, table, removals);
  await update(
    queries,
    table,
    puts.filter(({ expected }) => expected !== null),
  );
  await insert(
    queries,
    table,
    puts.filter(({ expected }) => expected === null),
  );
  await moveSequences(
    queries,
    table.sequences,
    puts.map(({ columns }) => columns ?? {}),
  );
  return outcomes;
}

/** Digests of the rows that stand, none of which anybody else can write or refer to until the transaction ends. */
async function lockRows(
  queries: SqlQueries,
  table: ChangedTable,
  changes: readonly RowChange[],
  locking: Locking,
): Promise<ReadonlyMap<string, string>> {
  const keys = changes.map(({ key }) => key);
  if (locking === 'waits') return readDigests(queries, table, keys, inOrder(table, 'FOR UPDATE OF t'));
  await lockTable(queries, table);
  const locked = await readDigests(queries, table, keys, inOrder(table, 'FOR UPDATE OF t SKIP LOCKED'));
  const all = await readDigests(queries, table, keys);
  const skipped = changes.filter(({ key }) => all.has(keyId(key)) && !locked.has(keyId(key)));
  if (skipped.length > 0) throw new Undone(new Map(skipped.map((change) => [change, LOCKED])));
  return locked;
}

/** Takes the lock of a write now, so that one that nobody is given is told from that of a row. */
async function lockTable(queries: SqlQueries, { catalog: { table } }: ChangedTable): Promise<void> {
  try {
    await queries.query(`LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`);
  } catch (error) {
    throw isLockTimeout(error) ? new TableLocked('the table is locked', { cause: error }) : error;
  }
}

const LOCKED: ChangeOutcome = {
  kind: 'refused',
  reason: 'somebody else keeps the row locked; end that transaction, or repair the row later',
};

/** Two that lock the same rows in one order do not wait for each other. */
function inOrder({ catalog: { key } }: ChangedTable, lock: string): string {
  return `ORDER BY ${key.map(({ name }) => `t.${quoteName(name)}`).join(', ')} ${lock}`;
}

/**
 * The versions that are lost. Ignored columns are in no digest, so that somebody may have written one since the row was
 * read: of rows that are deleted, they are taken as they are now.
 */
async function withIgnored(
  queries: SqlQueries,
  { catalog: { key, table }, stored, compared, entity }: ChangedTable,
  { losing, removals }: { readonly losing: readonly RowChange[]; readonly removals: readonly RowChange[] },
): Promise<readonly (readonly AuditEntry[])[]> {
  const ignored = stored.filter((column) => !compared.includes(column));
  const keys = removals.filter(({ audit }) => audit.length > 0).map((change) => change.key);
  if (entity.ignoredColumns.length === 0 || ignored.length === 0 || keys.length === 0) {
    return losing.map(({ audit }) => audit);
  }
  const values = new Values();
  const list = listOf(key, keys, values);
  const rows = await queries.query(
    `SELECT ${keyTexts(key, 't.')}, ${ignored.map(({ name }) => `t.${quoteName(name)}::text`).join(', ')}
    FROM ${list} JOIN ${table} AS t ON ${hasListedKey(key, key)}`,
    values.list,
  );
  const now = new Map(
    rows.map((row) => [
      keyId(row.slice(0, key.length).map((text) => text ?? '')),
      Object.fromEntries(ignored.map(({ name }, at) => [name, row[key.length + at] ?? null])),
    ]),
  );
  return losing.map(({ key: id, audit, expected }) =>
    audit.map((entry) => {
      const columns = entry.version.digest === expected ? now.get(keyId(id)) : undefined;
      if (columns === undefined) return entry;
      return { ...entry, version: { ...entry.version, columns: { ...entry.version.columns, ...columns } } };
    }),
  );
}

/**
 * Digests of the rows that stand under the keys.
 *
 * @param suffix end of the statement, such as a lock of the rows
 */
export async function readDigests(
  queries: SqlQueries,
  { catalog: { table, key }, compared }: ChangedTable,
  keys: readonly Key[],
  suffix = '',
): Promise<ReadonlyMap<string, string>> {
  const values = new Values();
  const list = listOf(key, keys, values);
  const rows = await queries.query(
    `SELECT ${keyTexts(key, 't.')}, to_hex(${rowDigest(compared, 't.')})
    FROM ${list} JOIN ${table} AS t ON ${hasListedKey(key, key)} ${suffix}`,
    values.list,
  );
  return new Map(rows.map((row) => [idOf(row), row.at(-1) ?? '']));
}

/** What is to become of a change, by the digest that stands there now. */
export function judge({ expected, wanted }: RowChange, standing: string | null): ChangeOutcome {
  if (standing === wanted) return { kind: 'already' };
  return { kind: standing === expected ? 'applied' : 'changed-since' };
}

async function remove(queries: SqlQueries, table: ChangedTable, changes: readonly RowChange[]): Promise<void> {
  if (changes.length === 0) return;
  const { key, table: name } = table.catalog;
  const keys = changes.map((change) => change.key);
  refuse(changes, await referredTo(queries, table.catalog, { references: table.references, keys }));
  const values = new Values();
  const list = listOf(key, keys, values);
  const deleted = await queries.query(
    `DELETE FROM ${name} AS t USING ${list} WHERE ${hasListedKey(key, key)}
    RETURNING ${keyTexts(key, 't.')}, NULL`,
    values.list,
  );
  assertMade(changes, deleted);
}

function refuse(changes: readonly RowChange[], referred: readonly Referred[]): void {
  if (referred.length === 0) return;
  const reasons = new Map(referred.map(([key, reason]) => [keyId(key.map((text) => text ?? '')), reason]));
  const outcomes = changes.flatMap((change): readonly [RowChange, ChangeOutcome][] => {
    const reason = reasons.get(keyId(change.key));
    return reason === undefined ? [] : [[change, { kind: 'refused', reason }]];
  });
  throw new Undone(new Map(outcomes));
}

/**
 * Columns that a content leaves out, since only this side has them, get their default. Numbers that the server would give
 * are overridden: the row is to be the other side's.
 */
async function insert(queries: SqlQueries, table: ChangedTable, changes: readonly RowChange[]): Promise<void> {
  if (changes.length === 0) return;
  const given = givenBy(changes, table.stored);
  const values = new Values();
  const list = listOf(
    given,
    changes.map(({ columns }) => textsOf(given, columns ?? {})),
    values,
  );
  const names = given.map(({ name }) => quoteName(name)).join(', ');
  const texts = given.map((column, at) => typedText(column, listed(at))).join(', ');
  const written = await queries.query(
    `INSERT INTO ${table.catalog.table} AS t (${names}) OVERRIDING SYSTEM VALUE SELECT ${texts} FROM ${list}
    ${returning(table)}`,
    values.list,
  );
  assertMade(changes, written);
}

/**
 * A row's key stays, and so do the numbers that only the server gives, what a content leaves out, and ignored columns: in
 * those a digest does not see what somebody has just written. With nothing else, a row is written as it is.
 */
async function update(queries: SqlQueries, table: ChangedTable, changes: readonly RowChange[]): Promise<void> {
  if (changes.length === 0) return;
  const { key, table: name } = table.catalog;
  const given = givenBy(changes, table.compared).filter(({ keyPlace, identity }) => keyPlace === null && !identity);
  // The key in the text that finds a row; its content may spell it in another way, such as 1.50.
  const columns = [...key, ...given];
  const rows = changes.map((change) => [...change.key, ...textsOf(given, change.columns ?? {})]);
  refuse(changes, await followedBy(queries, table.catalog, { references: table.references, columns, rows }));
  const values = new Values();
  const list = listOf(columns, rows, values);
  const assignments = given.map(
    (column, at) => `${quoteName(column.name)} = ${typedText(column, listed(key.length + at))}`,
  );
  const nothing = key.map((column) => `${quoteName(column.name)} = t.${quoteName(column.name)}`);
  const set = (assignments.length === 0 ? nothing : assignments).join(', ');
  const written = await queries.query(
    `UPDATE ${name} AS t SET ${set} FROM ${list} WHERE ${hasListedKey(columns, key)} ${returning(table)}`,
    values.list,
  );
  assertMade(changes, written);
}

/** Columns that every content has. */
function givenBy(changes: readonly RowChange[], columns: readonly CatalogColumn[]): readonly CatalogColumn[] {
  return columns.filter(({ name }) => changes.every((change) => change.columns?.[name] !== undefined));
}

function returning({ catalog: { key }, compared }: ChangedTable): string {
  return `RETURNING ${keyTexts(key, 't.')}, to_hex(${rowDigest(compared, 't.')})`;
}

/** A trigger may have kept a row from being written, or have written another one. */
function assertMade(changes: readonly RowChange[], made: readonly TextRow[]): void {
  const digests = new Map(made.map((row) => [idOf(row), row.at(-1) ?? null]));
  const undone = changes.flatMap((change): readonly [RowChange, ChangeOutcome][] => {
    const digest = digests.get(keyId(change.key));
    if (digest === change.wanted) return [];
    const reason =
      digest === undefined
        ? 'the table did not take it, and gave no error; look for a trigger or a rule that keeps it out'
        : "the row does not read back as it was to be written; look for a trigger that changes it (current_setting('switchyard.repairing', true) tells one that this is a repair), or for a value that the column rounds";
    return [[change, { kind: 'refused', reason }]];
  });
  if (undone.length > 0) throw new Undone(new Map(undone));
}

function idOf(row: TextRow): string {
  const key: Key = row.slice(0, -1).map((text) => text ?? '');
  return keyId(key);
}
