import { applicationRegions } from '../../core/config/accessors.ts';
import { textFor } from '../../core/config/regional.ts';
import type { Grant } from './grant.ts';
import type { Site } from './site.ts';

/**
 * Listing the buckets that are compared, under the prefixes that are, and reading nothing in them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html (s3:prefix)
 */
export function listBlobs({ config, deployment }: Site): readonly Grant[] {
  return config.parity.blobs.map(({ name, bucket, prefix }) => ({
    purpose: `ListBlobs${name.replace(/(^|-)([a-z0-9])/g, (_, __, first: string) => first.toUpperCase())}`,
    actions: ['s3:ListBucket'],
    resources: applicationRegions(config).map(
      (region) => `arn:${deployment.partition}:s3:::${textFor(bucket, region)}`,
    ),
    ...(prefix === '' ? {} : { conditions: { StringEquals: { 's3:prefix': prefix } } }),
  }));
}
