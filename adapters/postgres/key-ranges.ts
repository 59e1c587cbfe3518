import type { Key, KeyOrder, KeyRange } from '../../core/reconcile/table.ts';
import type { Catalog, CatalogColumn, KeyCollation } from './catalog.ts';
import { quoteName, type Values } from './identifiers.ts';

/**
 * Name of the order of keys. Numbers, times and the like have the same one everywhere; a text's depends on its
 * collation and on the version of the library behind it
 * (https://www.postgresql.org/docs/current/collation.html#COLLATION-VERSIONS), an enum's on its labels.
 */
export function keyOrderOf({ key, serverVersion }: Pick<Catalog, 'key' | 'serverVersion'>): string {
  const orders = key.map((column) => orderOfColumn(column, serverVersion)).filter((order) => order !== undefined);
  return orders.length === 0 ? 'values' : orders.join(', ');
}

function orderOfColumn({ collation, labels }: CatalogColumn, serverVersion: string): string | undefined {
  if (labels !== null) return `enum ${labels}`;
  if (collation === null) return undefined;
  if (isByteOrder(collation)) return 'bytes';
  const { provider, locale, version, deterministic } = collation;
  const library = { c: 'libc', i: 'icu' }[provider] ?? provider;
  return `${library} ${locale} ${version ?? serverVersion}${deterministic ? '' : ' nondeterministic'}`;
}

/** In UTF-8 the order of code points is that of bytes; PostgreSQL's own provider has no other. */
function isByteOrder({ provider, locale, deterministic }: KeyCollation): boolean {
  return deterministic && (provider === 'b' || (provider === 'c' && ['C', 'POSIX'].includes(locale)));
}

/** The key columns as they are compared and sorted by. */
export function orderedKey(key: readonly CatalogColumn[], order: KeyOrder): readonly string[] {
  return key.map(({ name, collation, labels }) => {
    const value = quoteName(name);
    if (order === 'native') return value;
    if (labels !== null) return `${value}::text COLLATE "C"`;
    return collation === null || isByteOrder(collation) ? value : `${value} COLLATE "C"`;
  });
}

/** A key as the types of its columns, to be compared with {@link orderedKey}. */
function keyValues(key: readonly CatalogColumn[], order: KeyOrder, at: Key, values: Values): string {
  const places = key.map(({ base, builtIn, labels, type }, index) => {
    const place = values.text(at[index] ?? '');
    if (order === 'bytes' && labels !== null) return place;
    return builtIn ? `${place}::${quoteName(base)}` : `${place}::${type}`;
  });
  return places.length === 1 ? `${places[0]}` : `(${places.join(', ')})`;
}

/** The key's columns and its order, which say how keys are compared. */
export interface KeyComparison {
  readonly key: readonly CatalogColumn[];
  readonly order: KeyOrder;
}

/** Condition that a row lies in a range; `true` for all rows. */
export function inRange({ key, order }: KeyComparison, { from, to }: KeyRange, values: Values): string {
  const row = orderedRow(key, order);
  const bounds = [
    ...(from === null ? [] : [`${row} >= ${keyValues(key, order, from, values)}`]),
    ...(to === null ? [] : [`${row} < ${keyValues(key, order, to, values)}`]),
  ];
  return bounds.length === 0 ? 'true' : bounds.join(' AND ');
}

function orderedRow(key: readonly CatalogColumn[], order: KeyOrder): string {
  const columns = orderedKey(key, order);
  return columns.length === 1 ? `${columns[0]}` : `(${columns.join(', ')})`;
}

/**
 * Types whose texts mean the same in every session, so that the planner reads them once. Others, such as a time, would be
 * read again for each row, unless a query of their own gives them.
 */
const STEADY = new Set(['int2', 'int4', 'int8', 'numeric', 'text', 'varchar', 'bpchar', 'uuid', 'bool', 'bytea']);

/**
 * Place of a row's range among ranges that adjoin, from 0: a tree of comparisons, so that one pass over the rows serves
 * all ranges at a few comparisons a row.
 */
export function rangePlace({ key, order }: KeyComparison, ranges: readonly KeyRange[], values: Values): string {
  const row = orderedRow(key, order);
  const isSteady = key.every(({ base }) => STEADY.has(base));
  const onceRead = (end: string): string => (isSteady ? end : `(SELECT ${key.length === 1 ? end : end.slice(1, -1)})`);
  const tree = (low: number, high: number): string => {
    const middle = Math.floor((low + high) / 2);
    const end = ranges[middle]?.to ?? null;
    if (low >= high || end === null) return String(low);
    return `CASE WHEN ${row} < ${onceRead(keyValues(key, order, end, values))} THEN ${tree(low, middle)} ELSE ${tree(middle + 1, high)} END`;
  };
  return tree(0, ranges.length - 1);
}
