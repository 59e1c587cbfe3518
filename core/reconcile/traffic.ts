import type { Columns, Key, KeyedState, RangeDigest, RowDigest } from './table.ts';

/**
 * Counts the bytes of digests, keys and contents that leave the stores: their text, without what a protocol adds. Text is
 * counted by its UTF-16 units, which are its bytes wherever it is ASCII.
 */
export interface Traffic {
  readonly bytes: number;
  ranges(digests: readonly RangeDigest[]): void;
  rows(digests: readonly RowDigest[]): void;
  state(state: KeyedState): void;
}

/** A count of a row's number, or of a moment. */
const NUMBER_BYTES = 8;

/** Nothing counted yet. */
export function createTraffic(): Traffic {
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    ranges: (digests) => {
      for (const { digest } of digests) bytes += NUMBER_BYTES + digest.length;
    },
    rows: (digests) => {
      for (const { key, digest } of digests) bytes += keyBytes(key) + digest.length;
    },
    state: ({ rows, tombstones }) => {
      for (const row of rows) bytes += keyBytes(row.key) + row.digest.length + NUMBER_BYTES + contentBytes(row.columns);
      for (const { key } of tombstones) bytes += keyBytes(key) + NUMBER_BYTES;
    },
  };
}

function keyBytes(key: Key): number {
  return key.reduce((sum, part) => sum + part.length, 0);
}

function contentBytes(columns: Columns): number {
  return Object.values(columns).reduce((sum, value) => sum + (value?.length ?? 0), 0);
}
