import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { BlobEntry } from '../../core/parity/manifest.ts';
import type { BlobListings } from '../../core/ports.ts';
import { translated } from './translate-error.ts';

/**
 * Listings of Amazon S3. A page begins after a key and not at a token, so that anybody can go on from it later. Keys come
 * encoded: one with a character that XML cannot hold would break the answer.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 * @param clientFor the client of a Region
 */
export function createS3Listings(clientFor: (region: string) => S3Client): BlobListings {
  return {
    list: async ({ region, bucket, prefix }, after) => {
      const s3 = clientFor(region);
      const question = {
        Bucket: bucket,
        EncodingType: 'url',
        ...(prefix === '' ? {} : { Prefix: prefix }),
      } as const;
      const ask = (from: { StartAfter?: string; ContinuationToken?: string }) =>
        translated(`list ${bucket}`, () => s3.send(new ListObjectsV2Command({ ...question, ...from })));
      let page = await ask(after === undefined ? {} : { StartAfter: after });
      // A page may hold nothing and not be the last.
      while ((page.Contents ?? []).length === 0 && page.NextContinuationToken !== undefined) {
        page = await ask({ ContinuationToken: page.NextContinuationToken });
      }
      const entries = (page.Contents ?? []).map(
        ({ Key = '', Size = 0, ETag = '', LastModified }): BlobEntry => ({
          // Some emulators give keys as they are, whatever was asked for.
          key: page.EncodingType === 'url' ? decoded(Key) : Key,
          sizeBytes: Size,
          etag: ETag.replaceAll('"', ''),
          modifiedAtEpochMs: LastModified?.getTime() ?? 0,
        }),
      );
      return { entries, isLast: page.IsTruncated !== true };
    },
  };
}

/**
 * As in the query of a URL: a space comes as a plus sign, and a plus sign as %2B.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html (EncodingType)
 */
function decoded(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}
