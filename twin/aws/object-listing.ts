import type { ListObjectsV2CommandInput } from '@aws-sdk/client-s3';

/** What a listing tells of an object. */
export interface ListedObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly modifiedAtMs: number;
}

/** Keys of a page, at most: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const MOST_KEYS = 1000;

/**
 * A page of a bucket as Amazon S3 gives it: by the bytes of the keys, after a key or a token, and with encoded keys where
 * that is asked for.
 */
export function listObjects(objects: readonly ListedObject[], input: ListObjectsV2CommandInput): object {
  const { Prefix = '', StartAfter, ContinuationToken, MaxKeys = MOST_KEYS, EncodingType } = input;
  const after = ContinuationToken === undefined ? StartAfter : Buffer.from(ContinuationToken, 'base64').toString();
  const found = objects
    .filter(({ key }) => key.startsWith(Prefix) && (after === undefined || byBytes(key, after) > 0))
    .toSorted((a, b) => byBytes(a.key, b.key));
  const page = found.slice(0, Math.min(MaxKeys, MOST_KEYS));
  const isTruncated = page.length < found.length;
  const last = page.at(-1)?.key ?? '';
  return {
    KeyCount: page.length,
    IsTruncated: isTruncated,
    ...(EncodingType === undefined ? {} : { EncodingType }),
    ...(isTruncated ? { NextContinuationToken: Buffer.from(last).toString('base64') } : {}),
    Contents: page.map(({ key, sizeBytes, etag, modifiedAtMs }) => ({
      Key: EncodingType === 'url' ? encoded(key) : key,
      Size: sizeBytes,
      ETag: etag,
      LastModified: new Date(modifiedAtMs),
    })),
  };
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** A space as a plus sign, a plus sign as %2B, and slashes as they are. */
function encoded(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}
