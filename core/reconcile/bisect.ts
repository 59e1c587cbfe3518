import type { Sides } from './entity.ts';
import { rangesBetween } from './key.ts';
import type { DigestReader, Key, KeyOrder, KeyRange, RangeDigest, RowDigest } from './table.ts';
import type { Traffic } from './traffic.ts';

/** How far a range is cut before its rows are looked at one by one. */
export interface BisectionLimits {
  /** Rows of a range whose row digests are fetched rather than cutting it once more. */
  readonly leafRows: number;
  /** Most rows whose digests are fetched at once: bounds the memory, as both sides' are held together. */
  readonly mostLeafRows: number;
  /** Ranges that a range is cut into. */
  readonly factor: number;
}

/**
 * A cut reads every row of the range again on both servers, so few cuts into many parts are better than many into two. A
 * leaf of 1,024 rows moves about 50 kB a side; 16,384 rows of both sides take about 8 MB of memory.
 */
export const BISECTION_LIMITS: BisectionLimits = { leafRows: 1_024, mostLeafRows: 16_384, factor: 32 };

/** What a bisection works with. */
export interface Bisection {
  /** Each by a reader of its own for this comparison. */
  readonly tables: Sides<DigestReader>;
  readonly order: KeyOrder;
  readonly limits: BisectionLimits;
  readonly traffic: Traffic;
  /** Counts rows that were found equal, or looked at one by one. */
  readonly compared: (rows: number) => void;
}

/** The row digests of both sides in a range that differs. */
export type Leaf = Sides<readonly RowDigest[]>;

/** A range that differs, with how many rows each side has there. */
interface Span {
  readonly range: KeyRange;
  readonly rows: Sides<number>;
  /** How often it has been cut. */
  readonly depth: number;
  /** Small enough to be read as it is. */
  readonly isLeaf: boolean;
}

/** Rows halve at least with every cut; where they do not, the boundaries are not what they say. */
const DEEPEST = 40;

/**
 * Finds the parts of a range in which the two sides differ, small enough to be looked at row by row; ascending, so that what
 * refers to a row that was made before it tends to come after it.
 */
export async function* bisect(work: Bisection, range: KeyRange): AsyncGenerator<Leaf> {
  const open = markLeaves(await differing(work, [range], 0), work.limits.leafRows);
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    const leaf = span.isLeaf ? await readLeaf(work, span) : undefined;
    const children = leaf === undefined && span.depth < DEEPEST ? await cut(work, span) : undefined;
    if (children === undefined) yield leaf ?? (await readWhole(work, span));
    else open.push(...children.toReversed());
  }
}

/** Parts that differ; undefined where the range cannot be cut. */
async function cut(work: Bisection, span: Span): Promise<readonly Span[] | undefined> {
  const { leafRows, mostLeafRows, factor } = work.limits;
  const larger = span.rows.source >= span.rows.target ? work.tables.source : work.tables.target;
  const parts = Math.max(2, Math.min(factor, Math.ceil((2 * rowsOf(span)) / leafRows)));
  const boundaries = inside(span.range, await larger.boundaries(span.range, parts, work.order));
  if (boundaries.length === 0) return undefined;
  const ranges = rangesBetween(span.range, boundaries);
  const spans = await differing(work, ranges, span.depth + 1);
  // Where most of it differs, cutting further finds little that is equal: the rows are fetched as they are.
  const most = spans.length * 2 > ranges.length ? mostLeafRows : leafRows;
  return markLeaves(joinNeighbours(spans, most), most);
}

function markLeaves(spans: readonly Span[], mostRows: number): Span[] {
  return spans.map((span) => ({ ...span, isLeaf: rowsOf(span) <= mostRows }));
}

/** A boundary at the very beginning parts nothing. */
function inside({ from }: KeyRange, boundaries: readonly Key[]): readonly Key[] {
  return boundaries.filter((key) => from === null || key.some((part, index) => part !== from[index]));
}

async function differing(work: Bisection, ranges: readonly KeyRange[], depth: number): Promise<readonly Span[]> {
  const [source, target] = await Promise.all([
    work.tables.source.digests(ranges, work.order),
    work.tables.target.digests(ranges, work.order),
  ]);
  work.traffic.ranges(source);
  work.traffic.ranges(target);
  return ranges.flatMap((range, index) => {
    const [here, there] = [digestAt(source, index), digestAt(target, index)];
    if (here.digest !== there.digest || here.rows !== there.rows) {
      return [{ range, rows: { source: here.rows, target: there.rows }, depth, isLeaf: false }];
    }
    work.compared(here.rows);
    return [];
  });
}

function digestAt(digests: readonly RangeDigest[], index: number): RangeDigest {
  const digest = digests[index];
  if (digest === undefined)
    throw new RangeError(`a table gave ${digests.length} digests where range ${index} was asked`);
  return digest;
}

/** Ranges that adjoin and are small together are fetched as one. */
function joinNeighbours(spans: readonly Span[], mostRows: number): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    const both = last !== undefined && last.range.to === span.range.from ? add(last, span) : undefined;
    if (both !== undefined && rowsOf(both) <= mostRows) joined[joined.length - 1] = both;
    else joined.push(span);
  }
  return joined;
}

function add(a: Span, b: Span): Span {
  return {
    ...a,
    range: { from: a.range.from, to: b.range.to },
    rows: { source: a.rows.source + b.rows.source, target: a.rows.target + b.rows.target },
  };
}

function rowsOf({ rows }: Span): number {
  return Math.max(rows.source, rows.target);
}

/** Undefined where somebody has written so many rows meanwhile that it is none any more. */
async function readLeaf(work: Bisection, span: Span): Promise<Leaf | undefined> {
  const limit = 2 * work.limits.mostLeafRows;
  const leaf = await readRows(work, span.range, limit);
  return leaf.source.length > limit || leaf.target.length > limit ? undefined : leaf;
}

/** Rows that no key parts: as many as there are. */
async function readWhole(work: Bisection, span: Span): Promise<Leaf> {
  for (let limit = 2 * rowsOf(span) + work.limits.leafRows; ; limit *= 2) {
    const leaf = await readRows(work, span.range, limit);
    if (leaf.source.length <= limit && leaf.target.length <= limit) return leaf;
  }
}

async function readRows({ tables, order, traffic }: Bisection, range: KeyRange, limit: number): Promise<Leaf> {
  const [source, target] = await Promise.all([
    tables.source.rowDigests(range, limit, order),
    tables.target.rowDigests(range, limit, order),
  ]);
  traffic.rows(source);
  traffic.rows(target);
  return { source, target };
}
