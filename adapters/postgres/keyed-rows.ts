import type { Columns } from '../../core/reconcile/table.ts';
import type { CatalogColumn } from './catalog.ts';
import { keyText } from './column-forms.ts';
import { quoteName, type Values } from './identifiers.ts';

/** A column's value from its text, without its length: what does not fit is then refused and not cut off. */
export function typedText({ base, builtIn, type }: CatalogColumn, text: string): string {
  return `${text}::${builtIn ? quoteName(base) : type}`;
}

/** Name of the list's column that holds a table's column of that place. */
export function listed(index: number): string {
  return `u.c${index}`;
}

/** A list of rows as a relation `u`, its columns as text in the order of `columns`, and `u.n`, a row's place from 1. */
export function listOf(
  columns: readonly CatalogColumn[],
  rows: readonly (readonly (string | null)[])[],
  values: Values,
): string {
  const lists = columns.map((_, index) => values.texts(rows.map((row) => row[index] ?? null)));
  const names = columns.map((_, index) => `c${index}`);
  return `ROWS FROM (unnest(${lists.join(', ')})) WITH ORDINALITY AS u (${[...names, 'n'].join(', ')})`;
}

/**
 * Condition that a row has a listed key: found by its index, whose collation may take different texts for equal,
 * and then the same text.
 */
export function hasListedKey(columns: readonly CatalogColumn[], key: readonly CatalogColumn[], table = 't.'): string {
  return key
    .flatMap((column) => {
      const text = listed(columns.indexOf(column));
      return [
        `${table}${quoteName(column.name)} = ${typedText(column, text)}`,
        `${keyText(column, table)} COLLATE "C" = ${text}`,
      ];
    })
    .join(' AND ');
}

/** Columns of a row that are stored as written, in order of name. */
export function storedColumns(columns: readonly CatalogColumn[]): readonly CatalogColumn[] {
  return columns.filter(({ generatedBy }) => generatedBy === null);
}

/** A row's texts in the order of columns. */
export function textsOf(columns: readonly CatalogColumn[], content: Columns): readonly (string | null)[] {
  return columns.map(({ name }) => content[name] ?? null);
}
