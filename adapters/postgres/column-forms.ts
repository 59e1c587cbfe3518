import { ReconcileError } from '../../core/reconcile/errors.ts';
import type { CatalogColumn } from './catalog.ts';
import { quoteName } from './identifiers.ts';

/** Types whose binary form is the same wherever the value is: it is compared as it is. */
const EXACT = new Set([
  ...['bool', 'int2', 'int4', 'int8', 'money', 'char', 'name', 'text', 'varchar', 'bytea', 'uuid', 'bit', 'varbit'],
  ...['date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval', 'inet', 'cidr', 'macaddr', 'macaddr8'],
  ...['jsonb', 'xml', 'tsvector', 'tsquery', 'pg_lsn', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle'],
  ...['int4range', 'int8range', 'numrange', 'tsrange', 'tstzrange', 'daterange', 'int4multirange', 'int8multirange'],
  ...['nummultirange', 'tsmultirange', 'tstzmultirange', 'datemultirange', 'float4', 'float8'],
]);
/** Names of objects of a database: the server keeps numbers of its own for them, and gives the names as text. */
const NAMED = new Set(['regclass', 'regtype', 'regproc', 'regprocedure', 'regoper', 'regoperator', 'regrole']);

/**
 * What of a column goes into the digest of its row: expressions that are equal where the values mean the same, whatever
 * their spelling. What the server counts for itself, such as an enum's number, is taken as text.
 *
 * @returns nothing where the type has no such form: what it holds means something on its own server only
 */
export function comparedForms(column: CatalogColumn, table = ''): readonly string[] {
  const value = `${table}${quoteName(column.name)}`;
  return column.element === null ? formsOfValue(column, value) : formsOfArray(column, value);
}

function formsOfValue({ base, builtIn }: CatalogColumn, value: string): readonly string[] {
  if (!builtIn) return [`${value}::text`];
  if (base === 'numeric') return [`trim_scale(${value}::numeric)`];
  // Adding zero makes one of the two zeros.
  if (base === 'float4' || base === 'float8') return [`(${value}::${base} + '0'::${base})`];
  if (base === 'json') {
    return [`CASE WHEN ${isBeyondJsonb(value)} THEN to_jsonb(${value}::text) ELSE ${value}::jsonb END`];
  }
  if (base === 'bpchar' || NAMED.has(base)) return [`${value}::text`];
  return EXACT.has(base) ? [`${value}::${quoteName(base)}`] : [];
}

function formsOfArray({ element, builtIn }: CatalogColumn, value: string): readonly string[] {
  if (!builtIn || element === 'bpchar' || NAMED.has(element ?? '')) return [`${value}::text[]`];
  if (element === 'json') {
    const asText = `ARRAY[to_jsonb(${value}::text)]`;
    return [`CASE WHEN ${isBeyondJsonb(value)} THEN ${asText} ELSE ${value}::text[]::jsonb[] END`];
  }
  if (element === 'numeric') {
    const trimmed = `SELECT trim_scale(e) FROM unnest(${value}) WITH ORDINALITY AS u (e, n) ORDER BY n`;
    return [`(${value} IS NULL)`, `array_dims(${value})`, `ARRAY(${trimmed})`];
  }
  return EXACT.has(element ?? '') ? [`${value}::${quoteName(element ?? '')}[]`] : [];
}

/**
 * Condition that `json` may hold what `jsonb` cannot: the character `\u0000`, half of a surrogate pair, or a number that
 * is too large (https://www.postgresql.org/docs/current/datatype-json.html). It is then compared as it is spelled.
 */
function isBeyondJsonb(value: string): string {
  const text = `${value}::text`;
  const odd = `${text} ~ '\\\\u(0000|[dD][89a-fA-F])|[0-9][eE][+-]?[0-9]{5}'`;
  return `(${odd} OR (length(${text}) > 16000 AND ${text} ~ '[0-9]{255}'))`;
}

/** A key column's value in the one text that all equal values have. */
export function keyText({ name, base, builtIn }: CatalogColumn, table = ''): string {
  const value = `${table}${quoteName(name)}`;
  if (builtIn && base === 'numeric') return `trim_scale(${value}::numeric)::text`;
  if (builtIn && (base === 'float4' || base === 'float8')) return `(${value}::${base} + '0'::${base})::text`;
  return `${value}::text`;
}

/** The texts of a key's columns, in their order. */
export function keyTexts(key: readonly CatalogColumn[], table = ''): string {
  return key.map((column) => keyText(column, table)).join(', ');
}

/** The columns that are compared: all but those to be ignored, which never hides a key, and those that are computed. */
export function comparedColumns(
  columns: readonly CatalogColumn[],
  ignored: readonly string[],
): readonly CatalogColumn[] {
  return columns.filter(
    ({ name, keyPlace, generatedBy }) => generatedBy === null && (keyPlace !== null || !ignored.includes(name)),
  );
}

/**
 * Digest of a row, 64 bits: the hash function of PostgreSQL's own hash indexes, over the binary form of all compared
 * columns at once, so that nothing that is swapped between columns or rows gives the same sum. Functions and binary
 * forms are those of every server since PostgreSQL 14, on processors of the same byte order.
 */
export function rowDigest(columns: readonly CatalogColumn[], table = ''): string {
  const forms = columns.flatMap((column) => comparedForms(column, table));
  return `hash_array_extended(ARRAY[record_send(ROW(${forms.join(', ')}))], 0)`;
}

/**
 * @throws ReconcileError `StoreRefusedError` that names every column whose type cannot be compared
 */
export function assertComparable(entity: string, columns: readonly CatalogColumn[]): void {
  const problems = columns.filter((column) => comparedForms(column).length === 0);
  if (problems.length === 0) return;
  const named = problems.map(({ name, type }) => `${name} (${type})`).join(', ');
  // What is ignored is never a key.
  const remedy = problems.some(({ keyPlace }) => keyPlace !== null)
    ? `give the table another key, or set ${entity} to false under reconcile.entities`
    : `name them under reconcile.entities.${entity}.ignoredColumns`;
  throw new ReconcileError(
    'StoreRefusedError',
    `${entity} has columns whose values mean something on their own server only: ${named}; ${remedy}`,
    { source: 'operator' },
  );
}
