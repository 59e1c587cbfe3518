import { compareKeys } from '../../../core/parity/key-order.ts';
import type { BlobEntry } from '../../../core/parity/manifest.ts';
import type { BlobListings } from '../../../core/ports.ts';

/** Buckets and what lies in them, in pages of any size. */
export interface FakeBlobs extends BlobListings {
  readonly buckets: Map<string, readonly BlobEntry[]>;
  /** Most entries of a page. */
  pageSize: number;
  /** Called at every page that is read, such as to let time pass. */
  onPage: () => void;
}

/** A bucket that nobody has made does not exist. */
export function fakeBlobs(): FakeBlobs {
  const fake: FakeBlobs = {
    buckets: new Map(),
    pageSize: 1000,
    onPage: () => undefined,
    list: async ({ bucket, prefix }, after) => {
      fake.onPage();
      const found = fake.buckets.get(bucket);
      if (found === undefined) throw new Error(`NoSuchBucket: ${bucket}`);
      const rest = found
        .filter(({ key }) => key.startsWith(prefix) && (after === undefined || compareKeys(key, after) > 0))
        .toSorted((a, b) => compareKeys(a.key, b.key));
      return { entries: rest.slice(0, fake.pageSize), isLast: rest.length <= fake.pageSize };
    },
  };
  return fake;
}

/** An object as a listing tells it, old enough to be judged. */
export function blob(key: string, fields: Partial<BlobEntry> = {}): BlobEntry {
  return { key, sizeBytes: 10, etag: 'd41d8cd98f00b204e9800998ecf8427e', modifiedAtEpochMs: 0, ...fields };
}
