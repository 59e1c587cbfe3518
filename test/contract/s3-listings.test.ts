import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { blobsPort } from '../../adapters/aws/create-ports.ts';
import { createS3Listings } from '../../adapters/aws/s3-listings.ts';
import { compareKeys } from '../../core/parity/key-order.ts';
import type { BlobListings } from '../../core/ports.ts';
import { createWorld, TWIN_DEPLOYMENT, type World } from '../../twin/world/world.ts';
import { SINGAPORE, TOKYO, testConfig } from '../_helpers/config.ts';
import { inVirtualTime } from '../_helpers/in-virtual-time.ts';
import { withLoopbackHttp } from '../_helpers/loopback-http.ts';

const KEYS = ['a b', 'a%2Bb', 'a+b', 'a/b', '\u{1}', '\u{ff21}', '\u{1f600}', 'img/1', 'img/2'];
const place = { region: SINGAPORE, bucket: 'media', prefix: '' };

function withListings<T>(run: (listings: BlobListings, world: World) => Promise<T>): Promise<T> {
  const config = testConfig();
  return inVirtualTime((clock) => {
    const world = createWorld({ config, clock, seed: 1 });
    for (const key of KEYS) world.objects.place('media', key, { body: key, etag: '"e1"', modifiedAtMs: 5_000 });
    world.objects.place('media-of-another', 'zebra', { body: '', etag: '"e2"', modifiedAtMs: 0 });
    const clients = world.aws.clientsIn(TOKYO);
    return run(blobsPort({ config, deployment: TWIN_DEPLOYMENT, region: TOKYO, clients }), world);
  });
}

describe('a listing of Amazon S3', () => {
  it('tells every object in the order of its bytes, with the names that they have', () =>
    withListings(async (listings) => {
      const { entries, isLast } = await listings.list(place, undefined);
      expect(entries.map(({ key }) => key)).toEqual(KEYS.toSorted(compareKeys));
      expect(isLast).toBe(true);
      expect(entries.find(({ key }) => key === 'img/1')).toEqual({
        key: 'img/1',
        sizeBytes: 5,
        etag: 'e1',
        modifiedAtEpochMs: 5_000,
      });
    }));

  it('goes on right after any key, and keeps to its prefix', () =>
    withListings(async (listings) => {
      const rest = await listings.list(place, 'a+b');
      expect(rest.entries.map(({ key }) => key)).toEqual(KEYS.toSorted(compareKeys).slice(4));
      const some = await listings.list({ ...place, prefix: 'img/' }, 'img/1');
      expect(some.entries.map(({ key }) => key)).toEqual(['img/2']);
      expect(await listings.list({ ...place, bucket: 'empty' }, undefined)).toEqual({ entries: [], isLast: true });
    }));

  it('gives a thousand objects at a time, and says that there are more', () =>
    withListings(async (listings, world) => {
      const many = Array.from({ length: 1_500 }, (_, index) => `many/${String(index).padStart(5, '0')}`);
      for (const key of many) world.objects.place('media', key, { body: '', etag: '"e"', modifiedAtMs: 0 });
      const first = await listings.list({ ...place, prefix: 'many/' }, undefined);
      expect(first).toMatchObject({ isLast: false });
      const second = await listings.list({ ...place, prefix: 'many/' }, first.entries.at(-1)?.key);
      expect([...first.entries, ...second.entries].map(({ key }) => key)).toEqual(many);
      expect(second.isLast).toBe(true);
      expect(world.aws.counts()).toMatchObject({ 's3:ListObjectsV2': 2 });
    }));

  it('says by its name what the bucket refuses', () =>
    withListings(async (listings, world) => {
      const answer = { error: 'AccessDenied', message: 'as documented' };
      world.aws.setFault({ service: 's3', operation: 'ListObjectsV2', answer }, true);
      await expect(listings.list(place, undefined)).rejects.toMatchObject({ name: 'AccessDenied' });
    }));

  it('may pass by itself where the Region does not answer', () =>
    withListings(async (listings, world) => {
      world.network.setDark(SINGAPORE, true);
      await expect(listings.list(place, undefined)).rejects.toMatchObject({
        name: 'TransientPlatformError',
        message: expect.stringMatching(/^list media: /),
      });
    }));
});

/** As Amazon S3 writes it: names from https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const pageOf = (keys: readonly string[], more: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>media</Name>${more}${keys
  .map(
    (key) =>
      `<Contents><Key>${key}</Key><LastModified>2026-11-01T00:00:05.000Z</LastModified><ETag>&quot;e-2&quot;</ETag><Size>7</Size></Contents>`,
  )
  .join('')}</ListBucketResult>`;

function listOverHttp(answers: readonly string[], after?: string) {
  let asked = 0;
  return withLoopbackHttp(
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/xml' }).end(answers[asked]);
      asked += 1;
    },
    async ({ url, requests }) => {
      const credentials = { accessKeyId: 'nobody', secretAccessKey: 'nothing' };
      const client = new S3Client({ region: SINGAPORE, endpoint: url, forcePathStyle: true, credentials });
      const page = await createS3Listings(() => client).list({ ...place, prefix: 'a' }, after);
      client.destroy();
      return { page, queries: requests.map((request) => new URL(request.split(' ')[1] ?? '', url).searchParams) };
    },
  );
}

describe('a listing as it comes over the wire', () => {
  it('is asked for encoded, after a key, and read', async () => {
    const keys = ['a+b', 'a%2Bb', 'a%25', 'a%01', 'a%F0%9F%98%80'];
    const answer = pageOf(keys, '<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>');
    const { page, queries } = await listOverHttp([answer], 'a a');
    expect(Object.fromEntries(queries[0] ?? [])).toMatchObject({
      'list-type': '2',
      'encoding-type': 'url',
      prefix: 'a',
      'start-after': 'a a',
    });
    expect(page.entries.map(({ key }) => key)).toEqual(['a b', 'a+b', 'a%', 'a\u{1}', 'a\u{1f600}']);
    expect(page.entries[0]).toMatchObject({
      etag: 'e-2',
      sizeBytes: 7,
      modifiedAtEpochMs: Date.UTC(2026, 10, 1, 0, 0, 5),
    });
    expect(page.isLast).toBe(false);
  });

  it('takes keys as they are where nobody has encoded them', async () => {
    const { page } = await listOverHttp([pageOf(['a+b'], '<IsTruncated>false</IsTruncated>')]);
    expect(page).toMatchObject({ entries: [{ key: 'a+b' }], isLast: true });
  });

  it('goes on by the token where a page is empty and not the last', async () => {
    const empty = pageOf([], '<IsTruncated>true</IsTruncated><NextContinuationToken>next</NextContinuationToken>');
    const { page, queries } = await listOverHttp([empty, pageOf(['a1'], '<IsTruncated>false</IsTruncated>')]);
    expect(queries[1]?.get('continuation-token')).toBe('next');
    expect(page.entries.map(({ key }) => key)).toEqual(['a1']);
  });
});
