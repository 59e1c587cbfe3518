import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { ACCESS_LOG_DAYS } from '../../core/log-retention.ts';
import { deploymentOf } from '../deployment.ts';

/** Properties of the bucket. */
export interface AccessLogBucketProps {
  readonly config: Pick<ResolvedConfig, 'application'>;
  /** @default - that of the guardian bucket's */
  readonly bucketName?: string;
}

/**
 * Where Amazon S3 logs who touched a guardian bucket, or plans of reconciliations, the health checkers' reads among it. Delivered at S3's best effort
 * and read by people afterwards: nothing that moves traffic needs it.
 *
 * - SSE-S3: the delivery needs no key, whose policy could keep the logs from coming.
 * - Kept when the stack goes: a bucket that holds logs cannot be deleted, and would fail the deletion of the stack.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export class AccessLogBucket extends Construct {
  /** The bucket itself. */
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { config, bucketName }: AccessLogBucketProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: bucketName ?? names.accessLogBucket(config, deploymentOf(stack), stack.region),
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [
        {
          id: 'forget',
          expiration: Duration.days(ACCESS_LOG_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
