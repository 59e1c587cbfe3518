import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { KeyRange, RangeDigest, RowDigest } from '../../../core/reconcile/table.ts';
import { type Compared, digestOf } from './item-versions.ts';
import { hashOf, isWithin, type Position, type Span, segmentsOf, spanOf } from './positions.ts';
import { type DescribedTable, keyOf } from './table-keys.ts';

/** What is scanned. */
export interface Scanned {
  readonly client: DynamoDBClient;
  readonly table: DescribedTable;
  readonly entity: Compared;
  /** Keeps the rows of the segment that was scanned last, for further questions about it. @default - each scans anew */
  readonly kept?: KeptSegment;
}

/** A row of a scan, with its place. */
interface PlacedRow extends RowDigest {
  readonly position: Position;
}

/**
 * Most rows of a segment that are kept, with their keys and digests: about 250 bytes each, 38 MB a side. A larger segment
 * is scanned again for each question.
 */
export const MOST_KEPT_ROWS = 150_000;

/** Rows of one segment, for as long as one range is compared. */
export class KeptSegment {
  #kept: { readonly segment: number; readonly segments: number; readonly rows: readonly RowDigest[] } | undefined;

  keep(segment: number, { segments }: Pick<Span, 'segments'>, rows: readonly RowDigest[]): void {
    this.#kept = { segment, segments, rows };
  }

  /** Undefined where that segment was not kept. */
  rowsOf(segment: number, { segments }: Pick<Span, 'segments'>): readonly RowDigest[] | undefined {
    const kept = this.#kept;
    return kept?.segment === segment && kept.segments === segments ? kept.rows : undefined;
  }
}

/** Rows of a span: DynamoDB cannot cut by our hash, so the whole of each segment is read, once where it is kept. */
async function* scan(from: Scanned, span: Span): AsyncGenerator<PlacedRow> {
  for (const segment of segmentsOf(span)) {
    for await (const row of from.kept?.rowsOf(segment, span) ?? scanSegment(from, segment, span)) {
      const position = { segment, hash: hashOf(row.key) };
      if (isWithin(span, position)) yield { ...row, position };
    }
  }
}

/**
 * Rows of a segment, page after page of at most 1 MB: DynamoDB can hash nothing either, so every item is read and hashed
 * here, and nothing but its key and digest is kept. Strongly consistent: what was written before the scan began is in it.
 */
async function* scanSegment(
  { client, table, entity, kept }: Scanned,
  segment: number,
  span: Span,
): AsyncGenerator<RowDigest> {
  let rows: RowDigest[] | undefined = kept === undefined ? undefined : [];
  let next: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: table.name,
        ConsistentRead: true,
        Segment: segment,
        TotalSegments: span.segments,
        ...(next === undefined ? {} : { ExclusiveStartKey: next }),
      }),
    );
    for (const item of page.Items ?? []) {
      const row = { key: keyOf(table.key, item), digest: digestOf(entity, item) };
      if (rows !== undefined && rows.length < MOST_KEPT_ROWS) rows.push(row);
      else rows = undefined;
      yield row;
    }
    next = page.LastEvaluatedKey;
  } while (next !== undefined);
  if (rows !== undefined) kept?.keep(segment, span, rows);
}

/** Sums of digests wrap here, so that a range's digest is as long as a row's. */
const MODULUS = 1n << 256n;

/** A digest for each of some adjoining ranges, in one pass; a sum, so that the order of rows does not matter. */
export async function digestRanges(from: Scanned, ranges: readonly KeyRange[]): Promise<readonly RangeDigest[]> {
  const spans = ranges.map(spanOf);
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { segments } = first;
  if (spans.some((span) => span.segments !== segments)) {
    throw new RangeError(`the ranges of ${from.table.name} are of different scans`);
  }
  const sums = ranges.map(() => ({ rows: 0, sum: 0n }));
  // In as many segments as the ranges are meant in, which the two ends alone, being open, do not say.
  for await (const { digest, position } of scan(from, { segments, from: first.from, to: last.to })) {
    const sum = sums[spans.findIndex((span) => isWithin(span, position))];
    if (sum === undefined) throw new RangeError(`the ranges of ${from.table.name} do not adjoin`);
    sum.rows += 1;
    sum.sum = (sum.sum + BigInt(`0x${digest}`)) % MODULUS;
  }
  return sums.map(({ rows, sum }) => ({ rows, digest: sum.toString(16) }));
}

/** Digests of rows of a range, and of no more than one above the limit. */
export async function digestRows(from: Scanned, range: KeyRange, limit: number): Promise<readonly RowDigest[]> {
  const rows: RowDigest[] = [];
  for await (const { key, digest } of scan(from, spanOf(range))) {
    rows.push({ key, digest });
    if (rows.length > limit) break;
  }
  return rows;
}
