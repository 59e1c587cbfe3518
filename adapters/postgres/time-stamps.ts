import { ReconcileError } from '../../core/reconcile/errors.ts';
import type { CatalogColumn } from './catalog.ts';
import { quoteName } from './identifiers.ts';

const NUMBERS = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'];

/**
 * A column's time as epoch ms, microseconds as its fraction, so that of two writes within one millisecond the later is known: of a time with its zone, of one without, which is read as UTC, or of a number of
 * seconds since 1970. An infinite time, and no time, is `null`.
 *
 * @throws ReconcileError `StoreRefusedError` where there is no such column, or where it holds no time
 */
export function epochMs(
  columns: readonly CatalogColumn[],
  name: string,
  { table, entity }: { readonly table: string; readonly entity: string },
): string {
  const column = columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw refused(`${entity} has no column ${JSON.stringify(name)}`);
  const value = `${table}${quoteName(name)}`;
  if (column.base === 'timestamptz' || column.base === 'timestamp') {
    const ms = `trim_scale(extract(epoch FROM ${value}) * 1000)::text`;
    return `CASE WHEN isfinite(${value}) THEN ${ms} END`;
  }
  if (!NUMBERS.includes(column.base)) {
    throw refused(
      `column ${name} of ${entity} is a ${column.type}; allowed: a timestamp, or a number of seconds since 1970`,
    );
  }
  // A number that is none, or infinite, says no time either.
  return `CASE WHEN abs(${value}::float8) < 1e12 THEN trim_scale(round(${value}::numeric * 1000, 3))::text END`;
}

function refused(message: string): ReconcileError {
  const remedy =
    'name the column that says when a row was written as modifiedColumn, or as deletedColumn of tombstones';
  return new ReconcileError('StoreRefusedError', `${message}; ${remedy}, under reconcile.entities`, {
    source: 'operator',
  });
}
