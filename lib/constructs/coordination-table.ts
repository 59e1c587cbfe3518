import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, MultiRegionConsistency, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';

/** Properties of the table. */
export interface CoordinationTableProps {
  readonly config: Pick<ResolvedConfig, 'application'>;
  /** Regions of the replicas, two with a witness or three; the first is the stack's own. */
  readonly replicas: readonly string[];
  /**
   * Region of the witness, which has a vote and no data.
   *
   * @default - none: three replicas
   */
  readonly witness?: string | undefined;
}

/**
 * The table of lease, epoch and state, strongly consistent across Regions: a condition judges the latest version
 * whichever replica it reaches, which is what makes it a lock.
 *
 * It is kept, and protected from deletion, whatever happens to the stack: without it nobody knows which Region may
 * write. Its key is DynamoDB's own: one in KMS would be one more service that a failover has to find alive.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export class CoordinationTable extends Construct {
  constructor(scope: Construct, id: string, { config, replicas, witness }: CoordinationTableProps) {
    super(scope, id);
    const protection = {
      deletionProtection: true,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    };
    new TableV2(this, 'Table', {
      tableName: names.coordinationTable(config),
      partitionKey: { name: 'application', type: AttributeType.STRING },
      sortKey: { name: 'item', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      multiRegionConsistency: MultiRegionConsistency.STRONG,
      replicas: replicas.slice(1).map((region) => ({ region, ...protection })),
      removalPolicy: RemovalPolicy.RETAIN,
      ...(witness === undefined ? {} : { witnessRegion: witness }),
      ...protection,
    });
  }
}
