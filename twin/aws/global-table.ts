import type { DescribeTableInput } from '@aws-sdk/client-dynamodb';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { GlobalDatabase } from '../world/global-database.ts';
import type { AwsCall, ServiceHandlers } from './aws-world.ts';
import { ServiceError } from './service-error.ts';

/** What the API speaks about. */
export interface GlobalTableSettings {
  readonly data: Extract<ResolvedConfig['data'], { readonly adapter: 'dynamodb-global' }>;
  readonly database: GlobalDatabase;
}

/** What DynamoDB says of a global table of the user's: the replica that is asked, and the others. */
export function createGlobalTable({ data, database }: GlobalTableSettings): ServiceHandlers {
  return {
    DescribeTable: ({ TableName }: DescribeTableInput, { region }: AwsCall) => {
      if (TableName !== data.table || !database.members.includes(region)) {
        throw new ServiceError(
          'ResourceNotFoundException',
          `Requested resource not found: Table: ${TableName} not found`,
        );
      }
      const others = database.members.filter((member) => member !== region);
      return {
        Table: {
          TableName,
          TableStatus: 'ACTIVE',
          GlobalTableVersion: '2019.11.21',
          Replicas: others.map((RegionName) => ({ RegionName, ReplicaStatus: 'ACTIVE' })),
        },
      };
    },
  };
}
