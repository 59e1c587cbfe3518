import { createHash } from 'node:crypto';
import { applicationRegions } from '../../core/config/accessors.ts';
import { textFor } from '../../core/config/regional.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { ObjectStore } from '../aws/s3.ts';

/** How a Region's objects come to differ from those of the others. */
export const BLOB_FAULTS = ['missing', 'changed', 'extra'] as const;
export type BlobFault = (typeof BLOB_FAULTS)[number];

/** Objects of the application, which replication of its own keeps the same in every Region. */
export interface Blobs {
  /** Brings a difference about in a Region's bucket, or mends it. */
  setFault(place: { readonly region: string; readonly manifest: string }, fault: BlobFault | undefined): void;
}

/** Names that a comparison has to get right: a plus sign, a space, and characters on either side of U+FFFF. */
const NAMES = ['a+b.jpg', 'c d.jpg', 'plain.jpg', '\u{ff21}.jpg', '\u{1f600}.jpg'] as const;
const [DAMAGED] = NAMES;
const DAY_MS = 86_400_000;

/** Fills the buckets that the config compares. @param nowMs when the world begins; the objects are a day old */
export function createBlobs(config: ResolvedConfig, objects: ObjectStore, nowMs: number): Blobs {
  const bucketOf = (manifest: string, region: string) => {
    const found = config.parity.blobs.find(({ name }) => name === manifest);
    return { bucket: textFor(found?.bucket ?? '', region), prefix: found?.prefix ?? '' };
  };
  const put = (place: { bucket: string; prefix: string }, name: string, body: string): void =>
    objects.place(place.bucket, `${place.prefix}${name}`, {
      body,
      etag: `"${createHash('md5').update(body).digest('hex')}"`,
      modifiedAtMs: nowMs - DAY_MS,
    });
  const fill = (manifest: string, region: string): void => {
    for (const name of NAMES) put(bucketOf(manifest, region), name, `the bytes of ${name}`);
  };
  for (const { name } of config.parity.blobs) {
    for (const region of applicationRegions(config)) fill(name, region);
  }
  return {
    setFault: ({ manifest, region }, fault) => {
      const place = bucketOf(manifest, region);
      if (fault === undefined) {
        objects.place(place.bucket, `${place.prefix}stray.jpg`, undefined);
        fill(manifest, region);
      }
      if (fault === 'missing') objects.place(place.bucket, `${place.prefix}${DAMAGED}`, undefined);
      if (fault === 'changed') put(place, DAMAGED, `other bytes of ${DAMAGED}`);
      if (fault === 'extra') put(place, 'stray.jpg', 'stray');
    },
  };
}
