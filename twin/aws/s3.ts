import type {
  DeleteObjectCommandInput,
  GetObjectCommandInput,
  ListObjectsV2CommandInput,
  PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import type { ServiceHandlers } from './aws-world.ts';
import { listObjects } from './object-listing.ts';
import { ServiceError } from './service-error.ts';

/** An object as it lies in a bucket. */
export interface StoredObject {
  readonly body: string;
  readonly etag: string;
  /** When it was last written. */
  readonly modifiedAtMs: number;
}

/** An object that came, was written anew, or went. */
export interface ObjectChange {
  readonly bucket: string;
  readonly key: string;
  readonly is: 'put' | 'deleted';
}

/** Buckets of the world. Which Region a bucket lies in, the network decides: its name is asked there. */
export interface ObjectStore {
  read(bucket: string, key: string): StoredObject | undefined;
  /** Puts an object where the application has it, or takes it away: nothing of ours sees it change. */
  place(bucket: string, key: string, object: StoredObject | undefined): void;
  readonly handlers: ServiceHandlers;
}

/** Conditional writes and deletes as Amazon S3 judges them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html */
export function createObjectStore(
  onChange: (change: ObjectChange) => void = () => undefined,
  nowMs: () => number = () => 0,
): ObjectStore {
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
    place: (bucket, key, object) =>
      void (object === undefined ? objects.delete(at(bucket, key)) : objects.set(at(bucket, key), object)),
    handlers: {
      PutObject: ({ Bucket, Key, Body, IfNoneMatch, IfMatch }: PutObjectCommandInput) => {
        const found = objects.get(at(Bucket, Key));
        if (IfNoneMatch === '*' && found !== undefined) throw preconditionFailed();
        requireMatch(found, IfMatch);
        const etag = `"${++written}"`;
        objects.set(at(Bucket, Key), { body: String(Body), etag, modifiedAtMs: nowMs() });
        onChange({ bucket: Bucket ?? '', key: Key ?? '', is: 'put' });
        return { ETag: etag };
      },
      GetObject: ({ Bucket, Key }: GetObjectCommandInput) => {
        const found = objects.get(at(Bucket, Key));
        if (found === undefined) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404);
        return { ETag: found.etag, Body: { transformToString: async () => found.body } };
      },
      ListObjectsV2: (input: ListObjectsV2CommandInput) => {
        const inside = `${input.Bucket}/`;
        const listed = [...objects]
          .filter(([place]) => place.startsWith(inside))
          .map(([place, { body, etag, modifiedAtMs }]) => ({
            key: place.slice(inside.length),
            sizeBytes: Buffer.byteLength(body),
            etag,
            modifiedAtMs,
          }));
        return listObjects(listed, input);
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
