import type { Entity } from '../../core/reconcile/entity.ts';
import { keyId } from '../../core/reconcile/key.ts';
import type { AuditEntry, ChangeOutcome, Key, RowChange } from '../../core/reconcile/table.ts';
import { keepVersions } from './audit-table.ts';
import type { CatalogColumn } from './catalog.ts';
import { keyTexts, rowDigest } from './column-forms.ts';
import { quoteName, Values } from './identifiers.ts';
import { hasListedKey, listed, listOf, textsOf, typedText } from './keyed-rows.ts';
import type { OpenTable } from './postgres-reader.ts';
import type { SqlQueries, TextRow } from './sql-session.ts';
import { Undone } from './undone.ts';

/** Where changes are made. */
export interface ChangedTable extends OpenTable {
  readonly entity: Entity;
  /** Quoted name of the audit table. */
  readonly auditTable: string;
}

/**
 * Makes changes in the transaction that `queries` belongs to: locks the rows, leaves alone what is not as expected, keeps
 * the versions that are lost, and writes the rest in one statement for each kind.
 *
 * @throws Undone with the outcomes of those that cannot be made, so that the transaction is given up and made without them
 */
export async function makeChanges(
  queries: SqlQueries,
  table: ChangedTable,
  changes: readonly RowChange[],
): Promise<readonly ChangeOutcome[]> {
  const keys = changes.map(({ key }) => key);
  const standing = await readDigests(queries, table, keys, 'FOR UPDATE OF t');
  const outcomes = changes.map((change) => judge(change, standing.get(keyId(change.key)) ?? null));
  const open = changes.filter((_, at) => outcomes[at]?.kind === 'applied');
  const losing = changes.filter((_, at) => outcomes[at]?.kind !== 'changed-since');
  const entries: readonly AuditEntry[] = losing.flatMap(({ audit }) => audit);
  if (entries.length > 0) await keepVersions(queries, table.auditTable, entries);
  await remove(
    queries,
    table,
    open.filter(({ columns }) => columns === null),
  );
  await write(
    queries,
    table,
    open.filter(({ columns, expected }) => columns !== null && expected !== null),
    update,
  );
  await write(
    queries,
    table,
    open.filter(({ columns, expected }) => columns !== null && expected === null),
    insert,
  );
  return outcomes;
}

/**
 * Digests of the rows that stand under the keys.
 *
 * @param lock whether nobody else may write them until the transaction ends
 */
export async function readDigests(
  queries: SqlQueries,
  { catalog: { table, key }, compared }: ChangedTable,
  keys: readonly Key[],
  lock = '',
): Promise<ReadonlyMap<string, string>> {
  const values = new Values();
  const list = listOf(key, keys, values);
  const rows = await queries.query(
    `SELECT ${keyTexts(key, 't.')}, to_hex(${rowDigest(compared, 't.')})
    FROM ${list} JOIN ${table} AS t ON ${hasListedKey(key, key)} ${lock}`,
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
  const values = new Values();
  const list = listOf(
    key,
    changes.map((change) => change.key),
    values,
  );
  const deleted = await queries.query(
    `DELETE FROM ${name} AS t USING ${list} WHERE ${hasListedKey(key, key)}
    RETURNING ${keyTexts(key, 't.')}, NULL`,
    values.list,
  );
  assertMade(changes, deleted);
}

/** Makes the statement that writes the listed columns of a list. */
type Statement = (table: ChangedTable, columns: readonly CatalogColumn[], list: string) => string;

/** Columns that a content leaves out, since only this side has them, stay as they are or get their default. */
async function write(
  queries: SqlQueries,
  table: ChangedTable,
  changes: readonly RowChange[],
  statement: Statement,
): Promise<void> {
  if (changes.length === 0) return;
  const contents = changes.map(({ columns }) => columns ?? {});
  const given = table.stored.filter(({ name }) => contents.every((content) => content[name] !== undefined));
  const values = new Values();
  const list = listOf(
    given,
    contents.map((content) => textsOf(given, content)),
    values,
  );
  const written = await queries.query(
    `${statement(table, given, list)}
    RETURNING ${keyTexts(table.catalog.key, 't.')}, to_hex(${rowDigest(table.compared, 't.')})`,
    values.list,
  );
  assertMade(changes, written);
}

/** Numbers that the server would give are overridden: the row is to be the other side's. */
function insert({ catalog: { table } }: ChangedTable, columns: readonly CatalogColumn[], list: string): string {
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const texts = columns.map((column, at) => typedText(column, listed(at))).join(', ');
  return `INSERT INTO ${table} AS t (${names}) OVERRIDING SYSTEM VALUE SELECT ${texts} FROM ${list}`;
}

/** A row's key stays, and so do the numbers that only the server gives: with nothing else, it is written as it is. */
function update({ catalog: { table, key } }: ChangedTable, columns: readonly CatalogColumn[], list: string): string {
  const assignments = columns.flatMap((column, at) =>
    column.keyPlace !== null || column.identity ? [] : [`${quoteName(column.name)} = ${typedText(column, listed(at))}`],
  );
  const nothing = key.map(({ name }) => `${quoteName(name)} = t.${quoteName(name)}`);
  const set = (assignments.length === 0 ? nothing : assignments).join(', ');
  return `UPDATE ${table} AS t SET ${set} FROM ${list} WHERE ${hasListedKey(columns, key)}`;
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
