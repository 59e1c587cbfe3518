import type { DBInstance, DescribeDBInstancesMessage, PromoteReadReplicaMessage } from '@aws-sdk/client-rds';
import { replicaInstance } from '../../core/config/data-tier.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { GlobalDatabase } from '../world/global-database.ts';
import type { AwsCall, ServiceHandlers } from './aws-world.ts';
import { ServiceError } from './service-error.ts';

/** What the API speaks about. */
export interface RdsInstancesSettings {
  readonly data: Extract<ResolvedConfig['data'], { readonly adapter: 'rds-replica' }>;
  readonly account: string;
  readonly database: GlobalDatabase;
}

/** The RDS API of a DB instance with read replicas in other Regions; each Region knows its own instance alone. */
export function createRdsInstances({ data, account, database }: RdsInstancesSettings): ServiceHandlers {
  const describe = (region: string): DBInstance => {
    const isSource = region === database.writer() || database.isDetached(region);
    const writer = database.writer();
    return {
      DBInstanceIdentifier: replicaInstance(data, region),
      DBInstanceStatus: database.move()?.to === region ? 'modifying' : 'available',
      ...(isSource
        ? {}
        : {
            ReadReplicaSourceDBInstanceIdentifier: `arn:aws:rds:${writer}:${account}:db:${replicaInstance(data, writer)}`,
            StatusInfos: [{ StatusType: 'read replication', Normal: true, Status: 'replicating' }],
          }),
    };
  };
  return {
    DescribeDBInstances: ({ DBInstanceIdentifier }: DescribeDBInstancesMessage, { region }: AwsCall) => {
      requireInstance(replicaInstance(data, region), DBInstanceIdentifier);
      return { DBInstances: [describe(region)] };
    },
    PromoteReadReplica: ({ DBInstanceIdentifier }: PromoteReadReplicaMessage, { region }: AwsCall) => {
      requireInstance(replicaInstance(data, region), DBInstanceIdentifier);
      // A promotion asks nothing of the source: what had not arrived is lost.
      const refusal = database.beginMove({ to: region, mode: 'failover' });
      if (refusal !== undefined) throw new ServiceError('InvalidDBInstanceStateFault', refusal);
      return { DBInstance: describe(region) };
    },
  };
}

function requireInstance(known: string, asked: string | undefined): void {
  if (asked === known) return;
  throw new ServiceError('DBInstanceNotFoundFault', `DBInstance ${asked ?? ''} not found`, 404);
}
