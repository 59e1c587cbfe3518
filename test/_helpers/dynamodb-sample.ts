import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { attributeText } from '../../adapters/aws/dynamodb-table/attribute-text.ts';
import { createDynamoDbTable } from '../../adapters/aws/dynamodb-table/dynamodb-table.ts';
import { prepareAuditTable } from '../../adapters/aws/dynamodb-table/prepare-audit-table.ts';
import type { Transact } from '../../adapters/aws/dynamodb-table/write-items.ts';
import type { Entity } from '../../core/reconcile/entity.ts';
import type { AuditEntry, Key, Table } from '../../core/reconcile/table.ts';
import { SAMPLE_ENTITY, type SampleRow, type TableUnderTest } from './table-contract.ts';

interface Server {
  listen(port: number, host: string, ready: () => void): void;
  close(done: () => void): void;
  closeAllConnections(): void;
  address(): AddressInfo;
}

const createServer: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)('dynalite');

/** DynamoDB's API served in this process, but for transactions, which this server has not. */
export interface LocalDynamoDb {
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

/** Starts it with nothing in it. */
export async function startDynamoDb(): Promise<LocalDynamoDb> {
  const server = createServer({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new DynamoDBClient({
    region: 'ap-northeast-1',
    endpoint: `http://127.0.0.1:${server.address().port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    client,
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
}

/** The writes of a transaction one after the other, the conditional one first: what follows it cannot fail here. */
export const oneAfterTheOther: Transact = async (client, writes) => {
  for (const { Put, Delete, Update } of writes as readonly TransactWriteItem[]) {
    if (Put !== undefined) await client.send(new PutItemCommand(Put as never));
    if (Delete !== undefined) await client.send(new DeleteItemCommand(Delete as never));
    if (Update !== undefined) await client.send(new UpdateItemCommand(Update as never));
  }
};

/** An empty sample table with its tombstones, of names that end with a suffix. */
export async function createSampleTables(client: DynamoDBClient, suffix: string): Promise<Entity> {
  const [table, deleted] = [`orders-${suffix}`, `orders-deleted-${suffix}`];
  for (const name of [table, deleted]) await createTable(client, name);
  return { ...SAMPLE_ENTITY, table, tombstones: { table: deleted, deletedColumn: 'deleted_at' } };
}

async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'customer', AttributeType: 'S' },
        { AttributeName: 'number', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'customer', KeyType: 'HASH' },
        { AttributeName: 'number', KeyType: 'RANGE' },
      ],
    }),
  );
}

/** The sample table of one side, written to beside the port. */
export function sampleTableUnderTest(
  { client }: LocalDynamoDb,
  { entity, auditTable }: { readonly entity: Entity; readonly auditTable: string },
): TableUnderTest {
  const { table: name, tombstones } = entity;
  return {
    table: sampleTable(client, entity, auditTable),
    put: (row) => putItem(client, name, sampleItem(row)),
    remove: async (customer, number, deletedAtEpochMs) => {
      const key = { customer: { S: customer }, number: { N: String(number) } };
      await client.send(new DeleteItemCommand({ TableName: name, Key: key }));
      if (deletedAtEpochMs === undefined || tombstones === undefined) return;
      await putItem(client, tombstones.table, { ...key, deleted_at: { N: String(deletedAtEpochMs) } });
    },
    audit: () => readAudit(client, auditTable),
  };
}

/** The table of a side. */
export function sampleTable(client: DynamoDBClient, entity: Entity, auditTable: string): Table {
  return createDynamoDbTable({
    entity,
    client,
    auditTable,
    region: 'ap-northeast-1',
    repair: 'both-sides',
    prepareAudit: prepareAuditTable,
    transact: oneAfterTheOther,
  });
}

/** Writes as the application does. */
export async function putItem(
  client: DynamoDBClient,
  table: string,
  item: Record<string, AttributeValue>,
): Promise<void> {
  await client.send(new PutItemCommand({ TableName: table, Item: item }));
}

/** A sample row as an item, its times as ISO 8601 texts. */
export function sampleItem({ customer, number, note, modifiedAtEpochMs }: SampleRow): Record<string, AttributeValue> {
  return {
    customer: { S: customer },
    number: { N: String(number) },
    note: note === null ? { NULL: true } : { S: note },
    ...(modifiedAtEpochMs === null ? {} : { modified_at: { S: new Date(modifiedAtEpochMs).toISOString() } }),
  };
}

/** What an audit table keeps. */
export async function readAudit(
  client: DynamoDBClient,
  auditTable: string,
): Promise<readonly Omit<AuditEntry, 'recordedAtEpochMs'>[]> {
  const { Items: items = [] } = await client.send(new ScanCommand({ TableName: auditTable }));
  return items.map((item) => {
    const key = JSON.parse(item['rowKey']?.S ?? '') as Key;
    const modified = item['modifiedAtEpochMs']?.N;
    return {
      planId: item['planId']?.S ?? '',
      entity: item['entity']?.S ?? '',
      key,
      region: item['region']?.S ?? '',
      reason: item['reason']?.S ?? '',
      version: {
        key,
        digest: item['rowDigest']?.S ?? '',
        columns: Object.fromEntries(
          Object.entries(item['content']?.M ?? {}).map(([name, value]) => [name, attributeText(value)]),
        ),
        modifiedAtEpochMs: modified === undefined ? null : Number(modified),
      },
    };
  });
}
