import {
  type AttributeValue,
  DescribeTableCommand,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { ReconcileError } from '../../../core/reconcile/errors.ts';
import { printKey } from '../../../core/reconcile/key.ts';
import type { Key } from '../../../core/reconcile/table.ts';
import { base64, type Item, numberText } from './attribute-text.ts';

/** An attribute of a primary key. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** What a table says about itself. */
export interface DescribedTable {
  readonly name: string;
  /** Partition key, then sort key where it has one. */
  readonly key: readonly KeyAttribute[];
  /** About; DynamoDB counts anew every six hours. */
  readonly items: number;
  /** Whether it is a replica of a global table. */
  readonly isReplica: boolean;
}

/** Reads what a table says about itself. */
export async function describeTable(client: DynamoDBClient, name: string): Promise<DescribedTable> {
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: name }));
  return {
    name,
    key: keyAttributes(table),
    items: table?.ItemCount ?? 0,
    isReplica: (table?.Replicas ?? []).length > 0,
  };
}

function keyAttributes(table: TableDescription | undefined): readonly KeyAttribute[] {
  const inOrder = (table?.KeySchema ?? []).toSorted((a) => (a.KeyType === 'HASH' ? -1 : 1));
  return inOrder.map(({ AttributeName: name = '' }) => {
    const type = table?.AttributeDefinitions?.find((definition) => definition.AttributeName === name)?.AttributeType;
    if (type !== 'S' && type !== 'N' && type !== 'B') {
      throw new ReconcileError('StoreRefusedError', `key attribute ${name} has type ${type}; allowed: S, N or B`);
    }
    return { name, type };
  });
}

/** The key of an item. */
export function keyOf(attributes: readonly KeyAttribute[], item: Item): Key {
  return attributes.map(({ name, type }) => {
    const value = item[name];
    const text = type === 'B' ? value?.B && base64(value.B) : type === 'N' ? value?.N && numberText(value.N) : value?.S;
    if (text !== undefined) return text;
    throw new ReconcileError('StoreRefusedError', `an item has no key attribute ${name} of type ${type}`);
  });
}

/** A key as DynamoDB's API takes it. */
export function keyItem(attributes: readonly KeyAttribute[], key: Key): Record<string, AttributeValue> {
  if (key.length !== attributes.length) {
    throw new ReconcileError(
      'StoreRefusedError',
      `key ${printKey(key)} has ${key.length} parts; the table has ${attributes.length}`,
    );
  }
  return Object.fromEntries(attributes.map(({ name, type }, index) => [name, keyValue(type, key[index] ?? '')]));
}

function keyValue(type: KeyAttribute['type'], text: string): AttributeValue {
  if (type === 'B') return { B: new Uint8Array(Buffer.from(text, 'base64')) };
  return type === 'N' ? { N: text } : { S: text };
}
