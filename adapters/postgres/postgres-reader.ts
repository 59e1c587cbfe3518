import type { Entity } from '../../core/reconcile/entity.ts';
import { ReconcileError } from '../../core/reconcile/errors.ts';
import {
  type Columns,
  type Key,
  type KeyedState,
  type KeyOrder,
  type KeyRange,
  OLDEST_TOMBSTONE_MS,
  type RangeDigest,
  type RowDigest,
  type RowVersion,
  type StateDetail,
  type TableReader,
  type TableShape,
  WHOLE_TABLE,
} from '../../core/reconcile/table.ts';
import { boundaries, estimateRows } from './boundaries.ts';
import { type Catalog, type CatalogColumn, readCatalog, readTable } from './catalog.ts';
import { assertComparable, comparedColumns, keyTexts, rowDigest } from './column-forms.ts';
import { quoteName, Values } from './identifiers.ts';
import { inRange, keyOrderOf, rangePlace } from './key-ranges.ts';
import { hasListedKey, listed, listOf, storedColumns, textsOf, typedText } from './keyed-rows.ts';
import { type Reference, readReferences } from './references.ts';
import { readSequences, type Sequence } from './sequences.ts';
import type { SqlQueries, TextRow } from './sql-session.ts';
import { epochMs } from './time-stamps.ts';

/** Ranges of one statement; a longer list is read in several passes. */
const MOST_RANGES = 1_000;

/** The table of tombstones, once its catalog was read. */
interface Deletions {
  /** Quoted, with its schema. */
  readonly table: string;
  /** Expression of the time of a tombstone `t`, epoch ms. */
  readonly deletedMs: string;
}

/** What is known of a table once its catalog was read. */
export interface OpenTable {
  /** Where deletions are kept; undefined where they are not. */
  readonly deletions: Deletions | undefined;
  readonly catalog: Catalog;
  readonly compared: readonly CatalogColumn[];
  /** What is read and written of a row. */
  readonly stored: readonly CatalogColumn[];
  readonly references: readonly Reference[];
  readonly sequences: readonly Sequence[];
}

/** Reads the catalog and judges the columns; an entity's table does not change while it is compared. */
export async function openTable(queries: SqlQueries, entity: Entity): Promise<OpenTable> {
  const catalog = await readCatalog(queries, entity);
  const compared = comparedColumns(catalog.columns, entity.ignoredColumns);
  assertComparable(entity.name, compared);
  for (const name of [entity.modifiedColumn, entity.createdColumn]) {
    if (name !== undefined) epochMs(catalog.columns, name, { table: '', entity: entity.name });
  }
  const deletions = await readDeletions(queries, entity);
  const references = await readReferences(queries, catalog);
  const sequences = await readSequences(queries, catalog);
  return { deletions, catalog, compared, stored: storedColumns(catalog.columns), references, sequences };
}

async function readDeletions(queries: SqlQueries, { name, tombstones }: Entity): Promise<Deletions | undefined> {
  if (tombstones === undefined) return undefined;
  const { columns, table } = await readTable(queries, tombstones.table);
  const deletedMs = epochMs(columns, tombstones.deletedColumn, { table: 't.', entity: `the tombstones of ${name}` });
  return { table, deletedMs };
}

/** Names without a schema, with the tables that the role's search path leads them to. */
function resolvedNames(
  { table, tombstones }: Entity,
  { catalog, deletions }: OpenTable,
): Readonly<Record<string, string>> {
  const names = [[table, catalog.table] as const, [tombstones?.table ?? '', deletions?.table ?? ''] as const];
  return Object.fromEntries(names.filter(([name]) => name !== '' && !name.includes('.')));
}

/** Reads an entity's table; nothing but digests leaves the server until `state` is asked for rows. */
export class PostgresReader implements TableReader {
  readonly #queries: SqlQueries;
  readonly #entity: Entity;
  #opened: Promise<OpenTable> | undefined;
  #oldest: { readonly readAtMs: number; readonly atEpochMs: number | null } | undefined;

  constructor(queries: SqlQueries, entity: Entity) {
    this.#queries = queries;
    this.#entity = entity;
  }

  /** The table as its catalog has it; read again after a failure. */
  open(): Promise<OpenTable> {
    this.#opened ??= openTable(this.#queries, this.#entity).catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async shape(): Promise<TableShape> {
    const opened = await this.open();
    const { catalog } = opened;
    return {
      columns: catalog.columns
        .filter(({ name, keyPlace }) => keyPlace !== null || !this.#entity.ignoredColumns.includes(name))
        .map((column) => ({ name: column.name, type: shownType(column) })),
      key: catalog.key.map(({ name }) => name),
      keyOrder: keyOrderOf(catalog),
      resolved: resolvedNames(this.#entity, opened),
      identity: catalog.identity,
    };
  }

  async estimateRows(): Promise<number> {
    const { catalog } = await this.open();
    return estimateRows(this.#queries, { catalog, range: WHOLE_TABLE, order: 'native' });
  }

  async boundaries(range: KeyRange, parts: number, order: KeyOrder): Promise<readonly Key[]> {
    const { catalog } = await this.open();
    return boundaries(this.#queries, { catalog, range, order }, parts);
  }

  async digests(ranges: readonly KeyRange[], order: KeyOrder): Promise<readonly RangeDigest[]> {
    const digests: RangeDigest[] = [];
    for (let at = 0; at < ranges.length; at += MOST_RANGES) {
      digests.push(...(await this.#digestsInOnePass(ranges.slice(at, at + MOST_RANGES), order)));
    }
    return digests;
  }

  async #digestsInOnePass(ranges: readonly KeyRange[], order: KeyOrder): Promise<readonly RangeDigest[]> {
    const { catalog, compared } = await this.open();
    const values = new Values();
    const comparison = { key: catalog.key, order };
    const whole = { from: ranges[0]?.from ?? null, to: ranges.at(-1)?.to ?? null };
    const place = rangePlace(comparison, ranges, values);
    const sums = `count(*) AS rows, sum(${rowDigest(compared)}) AS digest`;
    const condition = inRange(comparison, whole, values);
    const grouping = ranges.length > 1 ? ' GROUP BY 1' : '';
    const rows = await this.#queries.query(
      `SELECT place::text, rows::text, digest::text
      FROM (SELECT ${place} AS place, ${sums} FROM ${catalog.table} WHERE ${condition}${grouping}) AS d`,
      values.list,
    );
    const found = new Map(rows.map(([at, count, sum]) => [Number(at), { rows: Number(count), digest: sum ?? '0' }]));
    return ranges.map((_, at) => found.get(at) ?? { rows: 0, digest: '0' });
  }

  async rowDigests(range: KeyRange, limit: number, order: KeyOrder): Promise<readonly RowDigest[]> {
    const { catalog, compared } = await this.open();
    const values = new Values();
    const condition = inRange({ key: catalog.key, order }, range, values);
    const rows = await this.#queries.query(
      `SELECT ${keyTexts(catalog.key, '')}, to_hex(${rowDigest(compared)}) FROM ${catalog.table} WHERE ${condition} LIMIT ${limit + 1}`,
      values.list,
    );
    return rows.map((row) => ({ key: toKey(row, catalog.key.length), digest: row.at(-1) ?? '' }));
  }

  async state(keys: readonly Key[], detail: StateDetail = 'contents'): Promise<KeyedState> {
    if (keys.length === 0) return { rows: [], tombstones: [] };
    const { catalog, compared, stored } = await this.open();
    const values = new Values();
    const list = listOf(catalog.key, keys, values);
    const read = detail === 'contents' ? stored : [];
    const contents = read.map(({ name }) => `, t.${quoteName(name)}::text`).join('');
    const rows = await this.#queries.query(
      `SELECT ${keyTexts(catalog.key, 't.')}, to_hex(${rowDigest(compared, 't.')}), ${this.#times(catalog.columns)}${contents}
      FROM ${list} JOIN ${catalog.table} AS t ON ${hasListedKey(catalog.key, catalog.key)}`,
      values.list,
    );
    return {
      rows: rows.map((row) => toVersion(row, catalog.key.length, read)),
      ...(await this.#tombstones(keys)),
    };
  }

  /** When a row `t` was last written, and when it was made, where the entity says. */
  #times(columns: readonly CatalogColumn[]): string {
    const { name: entity, modifiedColumn, createdColumn } = this.#entity;
    const time = (name: string): string => epochMs(columns, name, { table: 't.', entity });
    return `${time(modifiedColumn)}, ${createdColumn === undefined ? 'NULL' : time(createdColumn)}`;
  }

  async #tombstones(keys: readonly Key[]): Promise<Omit<KeyedState, 'rows'>> {
    const {
      deletions,
      catalog: { key },
    } = await this.open();
    if (deletions === undefined) return { tombstones: [] };
    const { table, deletedMs } = deletions;
    const values = new Values();
    const rows = await this.#queries.query(
      `SELECT ${keyTexts(key, 't.')}, max((${deletedMs})::numeric)::text
      FROM ${listOf(key, keys, values)} JOIN ${table} AS t ON ${hasListedKey(key, key)}
      GROUP BY ${key.map((_, index) => index + 1).join(', ')}`,
      values.list,
    );
    return {
      tombstones: rows
        .filter((row) => row.at(-1) !== null)
        .map((row) => ({ key: toKey(row, key.length), deletedAtEpochMs: Number(row.at(-1)) })),
      tombstonesSinceEpochMs: await this.#oldestTombstone(deletions),
    };
  }

  /** Asked once for so many minutes at most, as whoever prunes the tombstones does so while rows are compared. */
  async #oldestTombstone({ table, deletedMs }: Deletions): Promise<number | null> {
    const nowMs = performance.now();
    if (this.#oldest === undefined || nowMs - this.#oldest.readAtMs > OLDEST_TOMBSTONE_MS) {
      const [row] = await this.#queries.query(`SELECT min((${deletedMs})::numeric)::text FROM ${table} AS t`, []);
      this.#oldest = { readAtMs: nowMs, atEpochMs: row?.[0] == null ? null : Number(row[0]) };
    }
    return this.#oldest.atEpochMs;
  }

  async digestsOf(contents: readonly Columns[]): Promise<readonly string[]> {
    if (contents.length === 0) return [];
    const { compared } = await this.open();
    for (const content of contents) this.#assertWhole(compared, content);
    const values = new Values();
    const list = listOf(
      compared,
      contents.map((content) => textsOf(compared, content)),
      values,
    );
    const given = compared.map((column, at) => `${typedText(column, listed(at))} AS ${quoteName(column.name)}`);
    const kept = compared.map(({ name, type }) => `g.${quoteName(name)}::${type} AS ${quoteName(name)}`);
    const [asGiven, asKept] = [rowDigest(compared, 'g.'), rowDigest(compared, 'k.')];
    const changed = compared.map(
      (column) =>
        `CASE WHEN ${rowDigest([column], 'g.')} <> ${rowDigest([column], 'k.')} THEN ${values.text(column.name)} END`,
    );
    const rows = await this.#queries.query(
      `SELECT to_hex(${asGiven}), CASE WHEN ${asGiven} <> ${asKept} THEN array_to_string(ARRAY[${changed.join(', ')}], ', ') END
      FROM ${list}, LATERAL (SELECT ${given.join(', ')}) AS g, LATERAL (SELECT ${kept.join(', ')}) AS k ORDER BY u.n`,
      values.list,
    );
    return rows.map(([digest, columns]) => {
      if (columns == null) return digest ?? '';
      throw refused(
        `a row of ${this.#entity.name} cannot hold what it is to have in ${columns}: a value is too long or too exact for its column; give what the table can hold`,
      );
    });
  }

  #assertWhole(compared: readonly CatalogColumn[], content: Columns): void {
    const { name: entity, ignoredColumns } = this.#entity;
    const names = compared.map(({ name }) => name);
    const missing = names.filter((name) => content[name] === undefined);
    const unknown = Object.keys(content).filter((name) => !names.includes(name) && !ignoredColumns.includes(name));
    const problems = [
      ...(missing.length === 0 ? [] : [`leaves out ${missing.join(', ')}`]),
      ...(unknown.length === 0 ? [] : [`has ${unknown.join(', ')}, which the table has not`]),
    ];
    if (problems.length === 0) return;
    throw refused(
      `a content for ${entity} ${problems.join(' and ')}; give every column of the table, null where it has no value`,
    );
  }
}

function shownType({ type, labels, generatedBy }: CatalogColumn): string {
  const withLabels = labels === null ? type : `${type}(${labels})`;
  return generatedBy === null ? withLabels : `${withLabels} generated always as (${generatedBy})`;
}

function toKey(row: TextRow, columns: number): Key {
  return row.slice(0, columns).map((text) => text ?? '');
}

function toVersion(row: TextRow, keyColumns: number, stored: readonly CatalogColumn[]): RowVersion {
  const [digest, modified, created, ...contents] = row.slice(keyColumns);
  return {
    key: toKey(row, keyColumns),
    digest: digest ?? '',
    columns: Object.fromEntries(stored.map(({ name }, at) => [name, contents[at] ?? null])),
    modifiedAtEpochMs: modified == null ? null : Number(modified),
    ...(created == null ? {} : { createdAtEpochMs: Number(created) }),
  };
}

function refused(message: string): ReconcileError {
  return new ReconcileError('StoreRefusedError', message, { source: 'operator' });
}
