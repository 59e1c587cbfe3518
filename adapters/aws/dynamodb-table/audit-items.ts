import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type TransactWriteItem,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { AuditEntry } from '../../../core/reconcile/table.ts';
import { sha256 } from '../../sha256.ts';
import { errorName } from '../translate-error.ts';
import { itemOfColumns } from './item-versions.ts';

/** Key attribute of the audit table. */
const ENTRY = 'entry';
/** A new table takes some seconds. */
const LONGEST_CREATION_SECONDS = 120;

/** Makes the audit table where there is none: paid by request, and not deleted by a slip. */
export async function prepareAuditTable(client: DynamoDBClient, table: string): Promise<void> {
  try {
    await client.send(new DescribeTableCommand({ TableName: table }));
  } catch (error) {
    if (errorName(error) !== 'ResourceNotFoundException') throw error;
    await createTable(client, table);
  }
  await waitUntilTableExists({ client, maxWaitTime: LONGEST_CREATION_SECONDS, minDelay: 1 }, { TableName: table });
}

async function createTable(client: DynamoDBClient, table: string): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        AttributeDefinitions: [{ AttributeName: ENTRY, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: ENTRY, KeyType: 'HASH' }],
      }),
    );
  } catch (error) {
    // Another step made it in the same moment.
    if (errorName(error) !== 'ResourceInUseException') throw error;
  }
}

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
      Key: { [ENTRY]: { S: sha256(JSON.stringify([planId, entity, region, key, digest])) } },
      UpdateExpression: `SET ${fields.map((_, at) => `#f${at} = if_not_exists(#f${at}, :f${at})`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(fields.map(([name], at) => [`#f${at}`, name])),
      ExpressionAttributeValues: Object.fromEntries(fields.map(([, value], at) => [`:f${at}`, value])),
    },
  };
}
