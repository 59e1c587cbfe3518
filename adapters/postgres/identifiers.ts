/**
 * A name as SQL takes it whatever it holds
 * (https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS).
 */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table's name, with its schema where it has one: `shop.orders` is `orders` in the schema `shop`. */
export function quoteTable(name: string): string {
  return name.split('.').map(quoteName).join('.');
}

/** Gathers the values of a statement and names their places. Every value goes as text, and is cast where it is used. */
export class Values {
  readonly list: (string | null | readonly (string | null)[])[] = [];

  /** Place of one text. */
  text(value: string | null): string {
    return `$${this.list.push(value)}::text`;
  }

  /** Place of a list of texts. */
  texts(values: readonly (string | null)[]): string {
    return `$${this.list.push(values)}::text[]`;
  }
}
