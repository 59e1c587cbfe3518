import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Entity } from '../../../core/reconcile/entity.ts';
import { ReconcileError } from '../../../core/reconcile/errors.ts';
import type { Columns, RowVersion } from '../../../core/reconcile/table.ts';
import { sha256 } from '../../sha256.ts';
import { attributeOf, attributeText, byName, type Item } from './attribute-text.ts';
import { epochMsOf } from './item-time.ts';
import { type KeyAttribute, keyOf } from './table-keys.ts';

/** What an item's digest is made of. */
export type Compared = Pick<Entity, 'ignoredColumns' | 'modifiedColumn' | 'createdColumn'>;

/** Digest of all attributes that are compared, with their names. An attribute that is null differs from one that is absent. */
export function digestOf({ ignoredColumns }: Compared, item: Item): string {
  const compared = byName(item).filter(([name]) => !ignoredColumns.includes(name));
  return sha256(JSON.stringify(compared.map(([name, value]) => [name, attributeText(value)])));
}

/** An item as a row: each attribute in DynamoDB's JSON. */
export function versionOf(entity: Compared, key: readonly KeyAttribute[], item: Item): RowVersion {
  return {
    key: keyOf(key, item),
    digest: digestOf(entity, item),
    columns: Object.fromEntries(byName(item).map(([name, value]) => [name, attributeText(value)])),
    modifiedAtEpochMs: epochMsOf(item[entity.modifiedColumn]),
    ...(entity.createdColumn === undefined ? {} : { createdAtEpochMs: epochMsOf(item[entity.createdColumn]) }),
  };
}

/**
 * The item that has this content; a column without a value is an attribute that is absent.
 *
 * @throws ReconcileError `StoreRefusedError` where a value or a key is none
 */
export function itemOf(key: readonly KeyAttribute[], columns: Columns): Record<string, AttributeValue> {
  const item = itemOfColumns(columns);
  for (const { name, type } of key) {
    if (item[name]?.[type] === undefined) {
      throw new ReconcileError('StoreRefusedError', `the content has no key attribute ${name} of type ${type}`);
    }
  }
  return item;
}

/** Attributes of a content, whatever table it is of. */
export function itemOfColumns(columns: Columns): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, text]) => (text === null ? [] : [[name, attributeOf(name, text)]])),
  );
}
