import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ReconcileError } from '../../core/reconcile/errors.ts';
import type { ReconcileStore } from '../../core/reconcile/store.ts';
import { errorName, isTransient } from './translate-error.ts';

/** Another writer of the same object was faster: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html */
const ALREADY_THERE = 'PreconditionFailed';
const NOT_THERE = 'NoSuchKey';

/** Keeps plans in a bucket. Amazon S3 lists names in the order of their UTF-8 bytes, and a write is read by whoever asks next. */
export function createS3ReconcileStore(client: S3Client, bucket: string): ReconcileStore {
  const at = (name: string) => ({ Bucket: bucket, Key: name });
  const put = (name: string, text: string, onlyIfNew: boolean) =>
    client.send(
      new PutObjectCommand({
        ...at(name),
        Body: text,
        ContentType: 'application/json',
        ...(onlyIfNew ? { IfNoneMatch: '*' } : {}),
      }),
    );
  return {
    put: async (name, text) => {
      await asked(`keep ${name}`, () => put(name, text, false));
    },
    create: (name, text) =>
      unless(ALREADY_THERE, false, () =>
        asked(`create ${name}`, async () => {
          await put(name, text, true);
          return true;
        }),
      ),
    get: (name) =>
      unless(NOT_THERE, undefined, () =>
        asked(`read ${name}`, async () =>
          (await client.send(new GetObjectCommand(at(name)))).Body?.transformToString(),
        ),
      ),
    names: (prefix) => listNames(client, { bucket, prefix }),
  };
}

async function* listNames(
  client: S3Client,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
): AsyncGenerator<string> {
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token });
    const page = await asked(`list ${prefix}`, () => client.send(command));
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

/** What a call is worth that ends with that error. */
async function unless<T>(name: string, otherwise: T, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { cause } = error as Error;
    if (errorName(cause) === name) return otherwise;
    throw error;
  }
}

async function asked<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const name = isTransient(error) ? 'TransientStoreError' : 'StoreRefusedError';
    throw new ReconcileError(name, `${what} in the bucket of plans: ${errorName(error)}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
