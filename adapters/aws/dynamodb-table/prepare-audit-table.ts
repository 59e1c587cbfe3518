import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ReconcileError } from '../../../core/reconcile/errors.ts';
import { errorName } from '../translate-error.ts';
import { AUDIT_KEY } from './audit-items.ts';

/** A new table takes some seconds; longer than this is asked for again by the step. */
const LOOKS = 60;
const BETWEEN_LOOKS_MS = 1_000;

/** Makes the audit table where there is none: paid by request, and not deleted by a slip. */
export async function prepareAuditTable(client: DynamoDBClient, table: string): Promise<void> {
  if ((await statusOf(client, table)) === undefined) await createTable(client, table);
  for (let look = 0; look < LOOKS; look += 1) {
    const status = await statusOf(client, table);
    if (status === 'ACTIVE' || status === 'UPDATING') return;
    await sleep(BETWEEN_LOOKS_MS);
  }
  throw new ReconcileError('TransientStoreError', `the audit table ${table} is not ready after ${LOOKS} s`);
}

async function statusOf(client: DynamoDBClient, table: string): Promise<string | undefined> {
  try {
    const { Table: described } = await client.send(new DescribeTableCommand({ TableName: table }));
    return described?.TableStatus;
  } catch (error) {
    if (errorName(error) === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function createTable(client: DynamoDBClient, table: string): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        AttributeDefinitions: [{ AttributeName: AUDIT_KEY, AttributeType: 'S' }],
        KeySchema: [{ AttributeName: AUDIT_KEY, KeyType: 'HASH' }],
      }),
    );
  } catch (error) {
    // Another step made it in the same moment.
    if (errorName(error) !== 'ResourceInUseException') throw error;
  }
}
