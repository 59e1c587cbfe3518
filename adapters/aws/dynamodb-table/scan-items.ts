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
}

/** A row of a scan, with its place. */
interface PlacedRow extends RowDigest {
  readonly position: Position;
}

/**
 * Rows of a span, page after page of at most 1 MB: DynamoDB can neither hash nor cut by our hash, so every item of the
 * segments is read and hashed here, and nothing but its key and digest is kept. Strongly consistent: what was written
 * before the scan began is in it.
 */
async function* scan({ client, table, entity }: Scanned, span: Span): AsyncGenerator<PlacedRow> {
  for (const segment of segmentsOf(span)) {
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
        const key = keyOf(table.key, item);
        const position = { segment, hash: hashOf(key) };
        if (isWithin(span, position)) yield { key, digest: digestOf(entity, item), position };
      }
      next = page.LastEvaluatedKey;
    } while (next !== undefined);
  }
}

/** Sums of digests wrap here, so that a range's digest is as long as a row's. */
const MODULUS = 1n << 256n;

/** A digest for each of some adjoining ranges, in one pass; a sum, so that the order of rows does not matter. */
export async function digestRanges(from: Scanned, ranges: readonly KeyRange[]): Promise<readonly RangeDigest[]> {
  const [first, last] = [ranges[0], ranges.at(-1)];
  if (first === undefined || last === undefined) return [];
  const spans = ranges.map(spanOf);
  const sums = ranges.map(() => ({ rows: 0, sum: 0n }));
  for await (const { digest, position } of scan(from, spanOf({ from: first.from, to: last.to }))) {
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
