import { memberCluster } from '../config/accessors.ts';
import { replicaInstance } from '../config/data-tier.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { READY_MADE_METRICS } from '../health/ready-made-metrics.ts';

/** A metric of CloudWatch that says how far the data in a Region are behind. */
export interface ReplicationMetric {
  /** The Region that publishes it. */
  readonly region: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** How many of its unit make a second. */
  readonly perSecond: 1 | 1000;
}

/** Which copy it is about: that in `target`, of what `source` writes. */
export interface Copy {
  readonly source: string;
  readonly target: string;
}

/**
 * The metric behind the replication lag of a data tier; undefined where CloudWatch knows none. Those of Amazon RDS are
 * published by the copy, in its own Region; that of DynamoDB by the table that was written to, in the other.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html (ReplicaLag, seconds)
 * @see https://docs.aws.amazon.com/prescriptive-guidance/latest/dynamodb-global-tables/overview.html (source Region)
 */
export function replicationMetric(
  data: ResolvedConfig['data'],
  { source, target }: Copy,
): ReplicationMetric | undefined {
  switch (data.adapter) {
    case 'aurora-global': {
      const { namespace, metric, perSecond } = READY_MADE_METRICS['aurora-lag'];
      return {
        region: target,
        namespace,
        metric,
        perSecond,
        dimensions: { DBClusterIdentifier: memberCluster(data, target) },
      };
    }
    case 'rds-replica':
      return {
        region: target,
        namespace: 'AWS/RDS',
        metric: 'ReplicaLag',
        perSecond: 1,
        dimensions: { DBInstanceIdentifier: replicaInstance(data, target) },
      };
    case 'dynamodb-global': {
      const { namespace, metric, perSecond } = READY_MADE_METRICS['dynamodb-replication-latency'];
      return {
        region: source,
        namespace,
        metric,
        perSecond,
        dimensions: { TableName: data.table, ReceivingRegion: target },
      };
    }
    default:
      return undefined;
  }
}
