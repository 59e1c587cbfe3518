import type { Key, KeyRange } from './table.ts';

/** One text for each key, for maps: different keys have different ones. */
export function keyId(key: Key): string {
  return JSON.stringify(key);
}

/** The ranges between these keys, which ascend: together they are the range that was cut. */
export function rangesBetween({ from, to }: KeyRange, boundaries: readonly Key[]): readonly KeyRange[] {
  const edges = [from, ...boundaries, to];
  return edges.slice(1).map((end, index) => ({ from: edges[index] ?? null, to: end ?? null }));
}

/**
 * A key as a person reads it: its values, parted by slashes. What would be no letter is spelled out, since a key may be
 * what somebody has typed: a terminal obeys some characters.
 */
export function printKey(key: Key): string {
  return key.join('/').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, spelled);
}

function spelled(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
