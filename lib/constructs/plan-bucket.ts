import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { PLAN_DAYS } from '../../core/log-retention.ts';
import { deploymentOf } from '../deployment.ts';
import { AccessLogBucket } from './access-log-bucket.ts';

/** Properties of the bucket. */
export interface PlanBucketProps {
  readonly config: Pick<ResolvedConfig, 'application'>;
}

/**
 * Holds the plans of reconciliations that run in its Region: keys and digests of rows that differ, never their content.
 *
 * - Forgotten after a year, as the logs of the machines are: the record of the failback names the report until then.
 * - Kept when the stack goes: a bucket that holds something cannot be deleted, and would fail the deletion of the stack.
 */
export class PlanBucket extends Construct {
  /** The bucket itself. */
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { config }: PlanBucketProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const logsName = names.planLogBucket(config, deploymentOf(stack), stack.region);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: names.planBucket(config, deploymentOf(stack), stack.region),
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      serverAccessLogsBucket: new AccessLogBucket(this, 'AccessLogs', { config, bucketName: logsName }).bucket,
      serverAccessLogsPrefix: 'plans/',
      lifecycleRules: [
        { id: 'forget', expiration: Duration.days(PLAN_DAYS), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
