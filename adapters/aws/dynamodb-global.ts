import { DescribeTableCommand, type TableDescription } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { OperationError } from '../../core/operation/errors.ts';
import { replicationMetric } from '../../core/operation/replication-metric.ts';
import type { DataTier } from '../../core/ports.ts';
import { type LagReader, newestLag } from './newest-lag.ts';
import { translated } from './translate-error.ts';

/** What the adapter is made of. DynamoDB is asked in the Region of the operation, which is the target's. */
export interface DynamoDbGlobalSettings extends LagReader {
  readonly data: Extract<ResolvedConfig['data'], { readonly adapter: 'dynamodb-global' }>;
  /** The Region of the operation. */
  readonly region: string;
  readonly dynamoDb: DynamoDBDocumentClient;
}

/** A table takes reads and writes in these: API_TableDescription (TableStatus) in the DynamoDB reference. */
const IN_SERVICE: ReadonlySet<string> = new Set(['ACTIVE', 'UPDATING']);

/**
 * A global table of Amazon DynamoDB. Every replica takes writes at any time, so nothing is promoted: who may write is what
 * the write lease says, and it alone. What the former writer's Region had not sent on comes when that Region returns, and
 * the newer version of an item wins: until then it is missing.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export function createDynamoDbGlobal(settings: DynamoDbGlobalSettings): DataTier {
  const { data, region } = settings;
  return {
    // No Region of the table is its writer.
    status: async () => ({ writerRegion: null, movingTo: null }),
    replicationLag: async (target, source) => {
      if (source === undefined) return undefined;
      const metric = replicationMetric(data, { source, target });
      return metric === undefined ? undefined : newestLag(settings, metric);
    },
    obstacles: async (target) => (target === region ? obstaclesOf(settings, await describe(settings)) : []),
    promote: async ({ target }) => {
      throw new OperationError('PromotionRefusedError', `no replica of table ${data.table} is promoted in ${target}`);
    },
  };
}

async function describe({ dynamoDb, data }: DynamoDbGlobalSettings): Promise<TableDescription | undefined> {
  const { Table } = await translated('describe the table', () =>
    dynamoDb.send(new DescribeTableCommand({ TableName: data.table })),
  ).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return { Table: undefined };
    throw error;
  });
  return Table;
}

function obstaclesOf({ data, region }: DynamoDbGlobalSettings, table: TableDescription | undefined): readonly string[] {
  if (table === undefined)
    return [`there is no table ${data.table} in ${region}; correct data.table, or add a replica`];
  const { TableStatus = '', Replicas = [] } = table;
  // The Region that is asked may be among its replicas or not.
  const own = Replicas.find(({ RegionName }) => RegionName === region)?.ReplicaStatus ?? 'ACTIVE';
  return [
    ...(IN_SERVICE.has(TableStatus) ? [] : [`table ${data.table} in ${region} is ${TableStatus}, not ACTIVE`]),
    ...(IN_SERVICE.has(own) ? [] : [`the replica of table ${data.table} in ${region} is ${own}, not ACTIVE`]),
    ...(Replicas.length > 0 ? [] : [`table ${data.table} in ${region} is no global table: it has no replica`]),
  ];
}
