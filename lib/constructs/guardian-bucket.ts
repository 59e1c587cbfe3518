import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import healthCheckers from '../data/health-checker-ranges.json' with { type: 'json' };
import { deploymentOf } from '../deployment.ts';
import { AccessLogBucket } from './access-log-bucket.ts';

/** Properties of the bucket. */
export interface GuardianBucketProps {
  readonly config: Pick<ResolvedConfig, 'application'>;
  /**
   * Keys of the switches in it, as a pattern; checkers may read nothing else.
   *
   * @default - those of the application's own switches
   */
  readonly switches?: string;
}

/**
 * Holds the evacuation switches of other Regions: an object there takes its Region out of the answers. Route 53's
 * checkers read it anonymously, and nobody else does: the policy limits them to a set of CIDRs, which is why Amazon S3 does
 * not count it as public and takes it with all public access blocked. They come over IPv4, since the checks name a host and
 * not an address.
 *
 * - SSE-S3: an anonymous reader of an object under a KMS key is refused.
 * - No versions: an object is there or it is not; who put it there is in the operation's record.
 * - Every access is logged: who put an object here took a Region out.
 * - Kept when the stack goes: a name given up could be taken by somebody else, who would then hold our switches.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html (the meaning of "public")
 * @see https://docs.aws.amazon.com/sdkfornet/v3/apidocs/items/S3/TPublicAccessBlockConfiguration.html (the same, as a list)
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/route-53-ip-addresses.html
 */
export class GuardianBucket extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { config, switches = names.evacuationKey(config, '*') }: GuardianBucketProps,
  ) {
    super(scope, id);
    const stack = Stack.of(this);
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: names.guardianBucket(config, deploymentOf(stack), stack.region),
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: false,
      serverAccessLogsBucket: new AccessLogBucket(this, 'AccessLogs', { config }).bucket,
      serverAccessLogsPrefix: 'guardian/',
      removalPolicy: RemovalPolicy.RETAIN,
    });
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'HealthCheckersReadSwitches',
        principals: [new AnyPrincipal()],
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects(switches)],
        conditions: { IpAddress: { 'aws:SourceIp': healthCheckers.ranges.map(({ prefix }) => prefix) } },
      }),
    );
  }
}
