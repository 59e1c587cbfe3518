import type { Expectation } from './expectation-schema.ts';
import type { JudgedExpectation } from './result-document.ts';
import { splitPath } from './result-paths.ts';

type Test = (found: unknown, value: unknown) => boolean;

/** Missing data never passes: a comparison with nothing does not hold. */
const TESTS: Readonly<Record<Expectation['op'], Test>> = {
  equals: (found, value) => same(found, value),
  notEquals: (found, value) => found !== undefined && !same(found, value),
  atMost: numbers((found, value) => found <= value),
  atLeast: numbers((found, value) => found >= value),
  lessThan: numbers((found, value) => found < value),
  greaterThan: numbers((found, value) => found > value),
  contains: (found, value) => contains(found, value),
  notContains: (found, value) => found !== undefined && found !== null && !contains(found, value),
  covers: (found, value) => covers(found, value),
  matches: (found, value) => typeof found === 'string' && new RegExp(String(value)).test(found),
  exists: (found) => found !== undefined && found !== null,
  absent: (found) => found === undefined || found === null,
};

/** Judges every expectation on the result document. */
export function judgeExpectations(
  expectations: readonly Expectation[],
  document: unknown,
): readonly JudgedExpectation[] {
  return expectations.map(({ text, path, op, value }) => {
    const found = readPath(document, path);
    const held = TESTS[op](found, value);
    return held ? { text, held } : { text, held, found: found ?? null };
  });
}

/** Reads `a.b[0].c`; `[-1]` is the last entry and `.length` the number of entries. */
function readPath(document: unknown, path: string): unknown {
  const keys = splitPath(path).map((part) => /^\[(-?\d+)\]$/.exec(part)?.[1] ?? part);
  return keys.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return key === 'length' ? value.length : value.at(Number(key));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }, document);
}

function numbers(compare: (found: number, value: number) => boolean): Test {
  return (found, value) => typeof found === 'number' && typeof value === 'number' && compare(found, value);
}

/** A part of a text, an entry of a list, or an entry that has all the fields asked for. */
function contains(found: unknown, value: unknown): boolean {
  if (typeof found === 'string') return typeof value === 'string' && found.includes(value);
  return Array.isArray(found) && found.some((entry) => covers(entry, value));
}

function covers(entry: unknown, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || typeof entry !== 'object' || entry === null)
    return same(entry, value);
  return Object.entries(value).every(([key, wanted]) => covers((entry as Record<string, unknown>)[key], wanted));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
