import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { AuditEntry } from '../../../core/reconcile/table.ts';
import { sha256 } from '../../sha256.ts';
import { itemOfColumns } from './item-versions.ts';

/** Key attribute of the audit table. */
export const AUDIT_KEY = 'entry';
/** Keeps a version, whole; where it is kept already, it stays as it was kept first. */
export function keepVersion(table: string, entry: AuditEntry): TransactWriteItem {
  const { planId, entity, region, key, version, reason, recordedAtEpochMs } = entry;
  const { digest, columns, modifiedAtEpochMs: modified } = version;
  const values = {
    planId: { S: planId },
    entity: { S: entity },
    region: { S: region },
    rowKey: { S: JSON.stringify(key) },
    rowDigest: { S: digest },
    reason: { S: reason },
    content: { M: itemOfColumns(columns) },
    modifiedAtEpochMs: modified === null ? { NULL: true as const } : { N: String(modified) },
    recordedAtEpochMs: { N: String(recordedAtEpochMs) },
  };
  const fields = Object.entries(values);
  return {
    Update: {
      TableName: table,
      Key: { [AUDIT_KEY]: { S: sha256(JSON.stringify([planId, entity, region, key, digest])) } },
      UpdateExpression: `SET ${fields.map((_, at) => `#f${at} = if_not_exists(#f${at}, :f${at})`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(fields.map(([name], at) => [`#f${at}`, name])),
      ExpressionAttributeValues: Object.fromEntries(fields.map(([, value], at) => [`:f${at}`, value])),
    },
  };
}
