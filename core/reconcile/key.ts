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

/** What a reader does not see, or a terminal would obey: control characters, and blanks at either end. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|^\s|\s$/u;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A key as a person reads it: its values, parted by slashes; one that holds what nobody sees, or nothing, in quotes. */
export function printKey(key: Key): string {
  return key.map(printPart).join('/');
}

function printPart(part: string): string {
  if (part !== '' && !UNSEEN.test(part)) return part;
  return JSON.stringify(part).replace(HIDDEN, (character) =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
