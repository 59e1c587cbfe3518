import { ReconcileError } from '../../../core/reconcile/errors.ts';
import { keyId } from '../../../core/reconcile/key.ts';
import type { Key, KeyRange } from '../../../core/reconcile/table.ts';
import { sha256 } from '../../sha256.ts';

/**
 * A place between rows. DynamoDB keeps no order of keys that a range could be cut in; what it offers is a scan of one of
 * so many segments. So a row's place is the segment that its side scans it in, then a hash of its key: within a segment
 * our own hash cuts evenly however DynamoDB distributes. Each row has one place on one side, so that ranges miss none.
 * The two sides need not put a row in the same segment: where they do not, its key counts as differing in both
 * segments, and what stands under it decides. They do where DynamoDB hashes the same key to the same place, which its
 * own way of comparing tables relies on and no page guarantees; so speed depends on it, and no verdict.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.ParallelScan
 * @see https://aws.amazon.com/blogs/database/efficiently-compare-items-across-two-amazon-dynamodb-tables
 */
export interface Position {
  readonly segment: number;
  /** 64 hexadecimal digits or the first of them; empty: the beginning of the segment. */
  readonly hash: string;
}

/** A range as it is scanned. */
export interface Span {
  /** How many segments the table is scanned in. */
  readonly segments: number;
  readonly from: Position;
  /** Not in it. */
  readonly to: Position;
}

/** Most segments of a scan: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html */
const MOST_SEGMENTS = 1_000_000;

/**
 * Into fewer parts than this a segment is not cut. Each look at a part reads the segment again, so few rows, of which
 * somebody asks for few parts, are quicker read as they are; this many parts are asked for where there are very many.
 */
const FEWEST_PARTS_OF_SEGMENT = 32;

/** Hexadecimal digits that tell parts of a segment apart: 2^32 places, far more than parts. */
const CUT_DIGITS = 8;
const CUT_PLACES = 16 ** CUT_DIGITS;

/** Where a key lies in its segment. */
export function hashOf(key: Key): string {
  return sha256(keyId(key));
}

/** The range as it is scanned; all of the table in one segment where neither end says in how many. */
export function spanOf({ from, to }: KeyRange): Span {
  const [first, last] = [from === null ? undefined : read(from), to === null ? undefined : read(to)];
  const segments = first?.segments ?? last?.segments ?? 1;
  if (last !== undefined && last.segments !== segments) throw refused([...(from ?? []), ...(to ?? [])]);
  return {
    segments,
    from: first?.position ?? { segment: 0, hash: '' },
    to: last?.position ?? { segment: segments, hash: '' },
  };
}

/** The segments that a span reaches into, ascending. */
export function segmentsOf({ from, to }: Span): readonly number[] {
  const end = to.hash === '' ? to.segment : to.segment + 1;
  return Array.from({ length: Math.max(0, end - from.segment) }, (_, index) => from.segment + index);
}

/** Whether a place lies in a span. */
export function isWithin({ from, to }: Pick<Span, 'from' | 'to'>, position: Position): boolean {
  return !isBefore(position, from) && isBefore(position, to);
}

/**
 * Places that part a range; without reading anything, since a hash spreads rows evenly.
 *
 * @param isOneSegment whether the whole table stays one segment, as where that was read already @default false
 */
export function cutRange(range: KeyRange, parts: number, isOneSegment = false): readonly Key[] {
  if (range.from === null && range.to === null && !isOneSegment) {
    const segments = Math.min(parts, MOST_SEGMENTS);
    return Array.from({ length: segments - 1 }, (_, index) => write(segments, { segment: index + 1, hash: '' }));
  }
  const span = spanOf(range);
  const [first, ...others] = segmentsOf(span);
  if (first === undefined) return [];
  if (others.length > 0)
    return thinned(others, parts - 1).map((segment) => write(span.segments, { segment, hash: '' }));
  return parts < FEWEST_PARTS_OF_SEGMENT ? [] : cutSegment(span, parts);
}

function cutSegment({ segments, from, to }: Span, parts: number): readonly Key[] {
  const low = placeOf(from.hash);
  const high = to.hash === '' ? CUT_PLACES : placeOf(to.hash);
  const places = Array.from(
    { length: parts - 1 },
    (_, index) => low + Math.floor(((index + 1) * (high - low)) / parts),
  );
  return [...new Set(places)]
    .filter((place) => place > low && place < high)
    .map((place) => write(segments, { segment: from.segment, hash: place.toString(16).padStart(CUT_DIGITS, '0') }));
}

function placeOf(hash: string): number {
  return Number.parseInt(hash.slice(0, CUT_DIGITS) || '0', 16);
}

/** At most so many of a list, evenly. */
function thinned(list: readonly number[], most: number): readonly number[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, index) => list[Math.floor((index * list.length) / most)] ?? 0);
}

function isBefore(a: Position, b: Position): boolean {
  return a.segment === b.segment ? a.hash < b.hash : a.segment < b.segment;
}

function write(segments: number, { segment, hash }: Position): Key {
  return [`segment ${segment} of ${segments}`, hash];
}

function read(key: Key): { readonly segments: number; readonly position: Position } {
  const [, segment, segments] = /^segment (\d{1,7}) of (\d{1,7})$/.exec(key[0] ?? '') ?? [];
  const hash = key[1] ?? '';
  if (segment === undefined || segments === undefined || !/^[0-9a-f]*$/.test(hash)) throw refused(key);
  return { segments: Number(segments), position: { segment: Number(segment), hash } };
}

function refused(key: Key): ReconcileError {
  return new ReconcileError(
    'StoreRefusedError',
    `${JSON.stringify(key)} is no place in a scan; give a range that this table has cut`,
  );
}
