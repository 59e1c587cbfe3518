import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Entity } from '../../../core/reconcile/entity.ts';
import { ReconcileError } from '../../../core/reconcile/errors.ts';
import { keyId, printKey } from '../../../core/reconcile/key.ts';
import type { ChangeOutcome, Columns, RowChange } from '../../../core/reconcile/table.ts';
import type { Item } from './attribute-text.ts';
import { keepVersion } from './audit-items.ts';
import { stillIs } from './conditions.ts';
import { getItems } from './get-items.ts';
import { digestOf, itemOf } from './item-versions.ts';
import { type Refusal, refusalOf } from './refusals.ts';
import { type DescribedTable, keyItem, keyOf } from './table-keys.ts';

/** Makes writes together or not at all. The SDK's own token keeps a repeated request from being made twice. */
export type Transact = (client: DynamoDBClient, writes: readonly TransactWriteItem[]) => Promise<void>;

/** Where changes are made. */
export interface Changed {
  readonly client: DynamoDBClient;
  readonly table: DescribedTable;
  readonly entity: Pick<Entity, 'ignoredColumns' | 'modifiedColumn'>;
  readonly auditTable: string;
  readonly transact: Transact;
}

/** How often an item is read anew that moves while it is written, and how long before the first time; twice as long each time. */
const ATTEMPTS = 4;
const FIRST_WAIT_MS = 50;

/** Transactions of DynamoDB's own; its replicas of multi-Region strong consistency have none. */
export const transactWrites: Transact = async (client, writes) => {
  await client.send(new TransactWriteItemsCommand({ TransactItems: [...writes] }));
};

/**
 * Makes one change: reads the item, judges, and writes on the condition that it still is what was read. One that others
 * write at every attempt is refused, and keeps no other change from being made.
 */
export async function makeChange(into: Changed, change: RowChange): Promise<ChangeOutcome> {
  const { client, table } = into;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const [standing] = await getItems(client, table, [change.key], (item) => item);
    const planned = plan(into, change, standing);
    if (planned.outcome.kind === 'refused' || planned.outcome.kind === 'changed-since') return planned.outcome;
    const audit = change.audit.map((entry) => keepVersion(into.auditTable, entry));
    const refusal = await tryWrites(into, [...planned.writes, ...audit]);
    if (refusal === undefined) return planned.outcome;
    if (refusal.kind === 'refused') return refusal;
    await sleep(FIRST_WAIT_MS * 2 ** attempt);
  }
  return { kind: 'refused', reason: `others wrote the item at each of ${ATTEMPTS} attempts; repair it later` };
}

interface Planned {
  readonly outcome: ChangeOutcome;
  readonly writes: readonly TransactWriteItem[];
}

function plan(into: Changed, change: RowChange, standing: Item | undefined): Planned {
  const { key, expected, wanted, columns } = change;
  const digest = standing === undefined ? null : digestOf(into.entity, standing);
  if (digest === wanted) return { outcome: { kind: 'already' }, writes: [] };
  if (digest !== expected) return { outcome: { kind: 'changed-since' }, writes: [] };
  if (columns === null) return { outcome: { kind: 'applied' }, writes: [deletion(into, change, standing)] };
  const item = contentFor(into, columns, standing);
  if ('reason' in item) return { outcome: item, writes: [] };
  const itsKey = keyOf(into.table.key, item.content);
  if (keyId(itsKey) !== keyId(key)) return refused(`the content is that of ${printKey(itsKey)}`);
  if (digestOf(into.entity, item.content) !== wanted) {
    return refused('the item would not have the content that was planned');
  }
  return { outcome: { kind: 'applied' }, writes: [replacement(into, item.content, standing)] };
}

function refused(reason: string): Planned {
  return { outcome: { kind: 'refused', reason }, writes: [] };
}

type Content =
  | { readonly content: Record<string, AttributeValue> }
  | { readonly kind: 'refused'; readonly reason: string };

/** The item as it is to be; attributes that are not compared stay as they are where there is one. */
function contentFor({ table, entity }: Changed, columns: Columns, standing: Item | undefined): Content {
  try {
    const given = itemOf(table.key, columns);
    if (standing === undefined) return { content: given };
    const isIgnored = ([name]: readonly [string, unknown]): boolean => entity.ignoredColumns.includes(name);
    const compared = Object.entries(given).filter((entry) => !isIgnored(entry));
    return { content: Object.fromEntries([...compared, ...Object.entries(standing).filter(isIgnored)]) };
  } catch (error) {
    if (error instanceof ReconcileError) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

function replacement(
  into: Changed,
  content: Record<string, AttributeValue>,
  standing: Item | undefined,
): TransactWriteItem {
  return {
    Put: { TableName: into.table.name, Item: content, ...conditionOf(into, standing, Object.keys(content)) },
  };
}

function deletion(into: Changed, { key }: RowChange, standing: Item | undefined): TransactWriteItem {
  const { name, key: attributes } = into.table;
  return { Delete: { TableName: name, Key: keyItem(attributes, key), ...conditionOf(into, standing, []) } };
}

function conditionOf(into: Changed, standing: Item | undefined, added: readonly string[]): ReturnType<typeof stillIs> {
  const { modifiedColumn } = into.entity;
  return stillIs(standing, into.table.key[0]?.name ?? '', { modifiedColumn, added });
}

/** A write alone takes half of what a transaction takes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
async function tryWrites(
  { client, transact }: Changed,
  writes: readonly TransactWriteItem[],
): Promise<Refusal | undefined> {
  const [first, ...others] = writes;
  try {
    if (first === undefined) return undefined;
    if (others.length > 0 || first.Update !== undefined) await transact(client, writes);
    else if (first.Put !== undefined) await client.send(new PutItemCommand(withoutTransaction(first.Put)));
    else if (first.Delete !== undefined) await client.send(new DeleteItemCommand(withoutTransaction(first.Delete)));
    return undefined;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return refusal;
  }
}

/** What a transaction answers with is asked for by another name in a single write, and not asked for here. */
function withoutTransaction<Write extends { readonly ReturnValuesOnConditionCheckFailure?: unknown }>(
  write: Write,
): Omit<Write, 'ReturnValuesOnConditionCheckFailure'> {
  const { ReturnValuesOnConditionCheckFailure: _, ...rest } = write;
  return rest;
}
