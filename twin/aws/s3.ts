import type {
  DeleteObjectCommandInput,
  GetObjectCommandInput,
  ListObjectsV2CommandInput,
  PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import type { ServiceHandlers } from './aws-world.ts';
import { ServiceError } from './service-error.ts';

/** An object as it lies in a bucket. */
export interface StoredObject {
  readonly body: string;
  readonly etag: string;
}

/** An object that came, was written anew, or went. */
export interface ObjectChange {
  readonly bucket: string;
  readonly key: string;
  readonly is: 'put' | 'deleted';
}

/** A page of a list holds at most so many: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const MOST_KEYS = 1_000;

/** Buckets of the world. Which Region a bucket lies in, the network decides: its name is asked there. */
export interface ObjectStore {
  read(bucket: string, key: string): StoredObject | undefined;
  readonly handlers: ServiceHandlers;
}

/** Conditional writes and deletes as Amazon S3 judges them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html */
export function createObjectStore(onChange: (change: ObjectChange) => void = () => undefined): ObjectStore {
  const objects = new Map<string, StoredObject>();
  let written = 0;
  const at = (bucket: string | undefined, key: string | undefined): string => `${bucket}/${key}`;
  const requireMatch = (found: StoredObject | undefined, ifMatch: string | undefined): void => {
    if (ifMatch === undefined) return;
    if (found === undefined) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404);
    if (found.etag !== ifMatch) throw preconditionFailed();
  };
  return {
    read: (bucket, key) => objects.get(at(bucket, key)),
    handlers: {
      PutObject: ({ Bucket, Key, Body, IfNoneMatch, IfMatch }: PutObjectCommandInput) => {
        const found = objects.get(at(Bucket, Key));
        if (IfNoneMatch === '*' && found !== undefined) throw preconditionFailed();
        requireMatch(found, IfMatch);
        const etag = `"${++written}"`;
        objects.set(at(Bucket, Key), { body: String(Body), etag });
        onChange({ bucket: Bucket ?? '', key: Key ?? '', is: 'put' });
        return { ETag: etag };
      },
      GetObject: ({ Bucket, Key }: GetObjectCommandInput) => {
        const found = objects.get(at(Bucket, Key));
        if (found === undefined) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404);
        return { ETag: found.etag, Body: { transformToString: async () => found.body } };
      },
      ListObjectsV2: ({ Bucket, Prefix = '', ContinuationToken, MaxKeys = MOST_KEYS }: ListObjectsV2CommandInput) => {
        const keys = [...objects.keys()]
          .filter((name) => name.startsWith(at(Bucket, Prefix)))
          .map((name) => name.slice(at(Bucket, '').length))
          .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        const from = ContinuationToken === undefined ? 0 : keys.findIndex((key) => key > ContinuationToken);
        const page = from < 0 ? [] : keys.slice(from, from + MaxKeys);
        const last = from >= 0 && from + MaxKeys < keys.length ? page.at(-1) : undefined;
        return { Contents: page.map((Key) => ({ Key })), KeyCount: page.length, NextContinuationToken: last };
      },
      DeleteObject: ({ Bucket, Key, IfMatch }: DeleteObjectCommandInput) => {
        requireMatch(objects.get(at(Bucket, Key)), IfMatch);
        objects.delete(at(Bucket, Key));
        onChange({ bucket: Bucket ?? '', key: Key ?? '', is: 'deleted' });
        return {};
      },
    },
  };
}

function preconditionFailed(): ServiceError {
  return new ServiceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
}
