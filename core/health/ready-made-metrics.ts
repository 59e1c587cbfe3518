import type { Check, CheckOf } from '../config/check-field.ts';

/** Kinds of checks that look at one metric of an AWS service, against a limit in seconds. */
export type LagKind =
  | 'aurora-lag'
  | 'dynamodb-replication-latency'
  | 's3-replication-latency'
  | 'queue-age'
  | 'kafka-replicator-lag';

/** The metric behind a kind of check. */
export interface ReadyMadeMetric<Kind extends LagKind> {
  readonly namespace: string;
  readonly metric: string;
  /** Its dimensions, and the field of the check that gives the value of each. */
  readonly dimensions: Readonly<Record<string, keyof CheckOf<Kind>>>;
  readonly statistic: 'Maximum';
  /** How many of its unit make a second. */
  readonly perSecond: 1 | 1000;
  /** When a Region that is well has no data, so that the check is unknown. */
  readonly withoutData: string;
  /** The page that says so. */
  readonly source: string;
}

/** Each metric with the page that gives its name, its dimensions and its unit. The worst value of a minute counts. */
export const READY_MADE_METRICS: { readonly [Kind in LagKind]: ReadyMadeMetric<Kind> } = {
  'aurora-lag': {
    namespace: 'AWS/RDS',
    metric: 'AuroraGlobalDBReplicationLag',
    dimensions: { DBClusterIdentifier: 'cluster' },
    statistic: 'Maximum',
    perSecond: 1000,
    withoutData: 'in the Region of the writer: only secondary Regions have it',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html',
  },
  'dynamodb-replication-latency': {
    namespace: 'AWS/DynamoDB',
    metric: 'ReplicationLatency',
    dimensions: { TableName: 'table', ReceivingRegion: 'receivingRegion' },
    statistic: 'Maximum',
    perSecond: 1000,
    withoutData: 'while nothing is written in the Region that could be replicated',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html',
  },
  's3-replication-latency': {
    namespace: 'AWS/S3',
    metric: 'ReplicationLatency',
    dimensions: { SourceBucket: 'sourceBucket', DestinationBucket: 'destinationBucket', RuleId: 'rule' },
    statistic: 'Maximum',
    perSecond: 1,
    withoutData: 'where the rule has no replication metrics, or they lie in the other Region',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html',
  },
  'queue-age': {
    namespace: 'AWS/SQS',
    metric: 'ApproximateAgeOfOldestMessage',
    dimensions: { QueueName: 'queue' },
    statistic: 'Maximum',
    perSecond: 1,
    withoutData: 'while no message is in the queue',
    source:
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html',
  },
  'kafka-replicator-lag': {
    namespace: 'AWS/Kafka',
    metric: 'ReplicationLatency',
    dimensions: { ReplicatorName: 'replicator' },
    statistic: 'Maximum',
    perSecond: 1000,
    withoutData: 'in every Region but that of the target cluster',
    source: 'https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-metrics-ref.html',
  },
};

/** Whether a check is of one of these kinds. */
export function isLagCheck(check: Check): check is CheckOf<LagKind> {
  return check.kind in READY_MADE_METRICS;
}

/**
 * The verdict of Route 53's checkers, 1 or 0, published in one Region alone.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html
 */
export const ROUTE53_METRIC = {
  namespace: 'AWS/Route53',
  metric: 'HealthCheckStatus',
  dimension: 'HealthCheckId',
  statistic: 'Minimum',
  region: 'us-east-1',
} as const;
