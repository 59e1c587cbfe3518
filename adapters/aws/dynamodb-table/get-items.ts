import { setTimeout as sleep } from 'node:timers/promises';
import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ReconcileError } from '../../../core/reconcile/errors.ts';
import { keyId } from '../../../core/reconcile/key.ts';
import type { Key } from '../../../core/reconcile/table.ts';
import type { Item } from './attribute-text.ts';
import { type DescribedTable, keyItem } from './table-keys.ts';

/** Most keys of one call: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const KEYS_AT_ONCE = 100;
/** How often keys that DynamoDB left out are asked for again with nothing coming, and how long before the first time. */
const ATTEMPTS = 8;
const FIRST_WAIT_MS = 50;

/**
 * What is made of the items that stand under these keys now, strongly consistent, in no order. No more of them than one
 * answer holds are there at once.
 */
export async function getItems<Made>(
  client: DynamoDBClient,
  { name, key: attributes }: Pick<DescribedTable, 'name' | 'key'>,
  keys: readonly Key[],
  make: (item: Item) => Made,
): Promise<readonly Made[]> {
  const once = [...new Map(keys.map((key) => [keyId(key), key])).values()].map((key) => keyItem(attributes, key));
  const made: Made[] = [];
  for (let at = 0; at < once.length; at += KEYS_AT_ONCE) {
    for await (const item of getBatch(client, name, once.slice(at, at + KEYS_AT_ONCE))) made.push(make(item));
  }
  return made;
}

/** An answer holds 16 MB at most, and less where the table is throttled: the rest is asked for again. */
async function* getBatch(
  client: DynamoDBClient,
  table: string,
  keys: Record<string, AttributeValue>[],
): AsyncGenerator<Item> {
  let open = keys;
  for (let attempt = 0; open.length > 0; ) {
    const request = { RequestItems: { [table]: { Keys: open, ConsistentRead: true } } };
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand(request));
    yield* Responses?.[table] ?? [];
    const left = UnprocessedKeys?.[table]?.Keys ?? [];
    attempt = left.length < open.length ? 0 : attempt + 1;
    if (attempt === ATTEMPTS) {
      const message = `${table} gave none of ${left.length} items in ${ATTEMPTS} attempts: it is throttled`;
      throw new ReconcileError('TransientStoreError', message);
    }
    if (left.length > 0) await sleep(FIRST_WAIT_MS * 2 ** attempt);
    open = left;
  }
}
