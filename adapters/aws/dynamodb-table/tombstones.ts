import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Entity } from '../../../core/reconcile/entity.ts';
import { ReconcileError } from '../../../core/reconcile/errors.ts';
import { type Key, type KeyedState, OLDEST_TOMBSTONE_MS, type Tombstone } from '../../../core/reconcile/table.ts';
import type { Item } from './attribute-text.ts';
import { getItems } from './get-items.ts';
import { epochMsOf } from './item-time.ts';
import { type KeyAttribute, keyOf } from './table-keys.ts';

/** The table that keeps the keys of what was deleted from another one; its primary key is the same. */
export class Tombstones {
  readonly #client: DynamoDBClient;
  readonly #kept: NonNullable<Entity['tombstones']>;
  #oldest: { readonly readAtMs: number; readonly atEpochMs: Promise<number | null> } | undefined;

  constructor(client: DynamoDBClient, kept: NonNullable<Entity['tombstones']>) {
    this.#client = client;
    this.#kept = kept;
  }

  /** What is known of deletions under these keys, and since when deletions are known at all. */
  async of(key: readonly KeyAttribute[], keys: readonly Key[]): Promise<Omit<KeyedState, 'rows'>> {
    const made = (item: Item): Tombstone => ({ key: keyOf(key, item), deletedAtEpochMs: this.#deletedAt(item) });
    const [tombstones, tombstonesSinceEpochMs] = await Promise.all([
      getItems(this.#client, { name: this.#kept.table, key }, keys, made),
      this.#since(),
    ]);
    return { tombstones, tombstonesSinceEpochMs };
  }

  /** Asked once for so long at most, as whoever prunes the tombstones does so while rows are compared. */
  async #since(): Promise<number | null> {
    const nowMs = performance.now();
    if (this.#oldest === undefined || nowMs - this.#oldest.readAtMs > OLDEST_TOMBSTONE_MS) {
      this.#oldest = { readAtMs: nowMs, atEpochMs: this.#scanOldest() };
    }
    const asked = this.#oldest;
    try {
      return await asked.atEpochMs;
    } catch (error) {
      if (this.#oldest === asked) this.#oldest = undefined;
      throw error;
    }
  }

  /** DynamoDB keeps no smallest value of an attribute: every tombstone is read, in pages of at most 1 MB. */
  async #scanOldest(): Promise<number | null> {
    const { table: TableName, deletedColumn } = this.#kept;
    const request = {
      TableName,
      ConsistentRead: true,
      ProjectionExpression: '#deleted',
      ExpressionAttributeNames: { '#deleted': deletedColumn },
    };
    let oldest: number | null = null;
    let next: Record<string, AttributeValue> | undefined;
    do {
      const from = next === undefined ? {} : { ExclusiveStartKey: next };
      const page = await this.#client.send(new ScanCommand({ ...request, ...from }));
      for (const item of page.Items ?? []) {
        const at = this.#deletedAt(item);
        oldest = Math.min(oldest ?? at, at);
      }
      next = page.LastEvaluatedKey;
    } while (next !== undefined);
    return oldest;
  }

  #deletedAt(item: Item): number {
    const { table, deletedColumn } = this.#kept;
    const deletedAtEpochMs = epochMsOf(item[deletedColumn]);
    if (deletedAtEpochMs !== null) return deletedAtEpochMs;
    throw new ReconcileError(
      'StoreRefusedError',
      `an item of ${table} has no time in ${deletedColumn}; allowed: seconds or milliseconds since 1970, or an ISO 8601 text with its zone`,
      { source: 'operator' },
    );
  }
}
