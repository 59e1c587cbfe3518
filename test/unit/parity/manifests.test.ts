import { describe, expect, it } from 'vitest';
import { continuePass } from '../../../core/parity/compare-manifests.ts';
import { compareKeys } from '../../../core/parity/key-order.ts';
import {
  type BlobEntry,
  type ManifestPass,
  type ManifestRules,
  MOST_ALONE,
  MOST_NAMED,
  newPass,
} from '../../../core/parity/manifest.ts';
import { blob, fakeBlobs } from '../../_helpers/steps/fake-blobs.ts';

const RULES: ManifestRules = { etags: 'compare', onlyInTarget: 'refuse', settleMinutes: 15 };
const NOW = 1_000_000_000;
const SETTLED = NOW - 15 * 60_000;

async function compare(
  source: readonly BlobEntry[],
  target: readonly BlobEntry[],
  rules: Partial<ManifestRules> = {},
): Promise<ManifestPass> {
  const blobs = fakeBlobs();
  blobs.pageSize = 2;
  blobs.buckets.set('source', source).set('target', target);
  const read = (bucket: string) => (after: string | undefined) =>
    blobs.list({ region: bucket, bucket, prefix: '' }, after);
  return continuePass(newPass(NOW), {
    source: read('source'),
    target: read('target'),
    rules: { ...RULES, ...rules },
    mayGoOn: () => true,
  });
}

describe('the order of keys', () => {
  it('is that of their UTF-8 bytes, also beyond U+FFFF', () => {
    const keys = ['', 'a', 'a/b', 'ab', 'b', 'é', '\u{d7ff}', '\u{e000}', '\u{ffff}', '\u{10000}', '\u{1f600}'];
    expect(keys.toReversed().toSorted(compareKeys)).toEqual(keys);
    expect(keys.toSorted(compareKeys)).toEqual(keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });
});

describe('two manifests', () => {
  it('are equal where every key has the same size and ETag', async () => {
    const both = ['a', 'b', 'c', 'd', 'e'].map((key) => blob(key));
    expect(await compare(both, both)).toMatchObject({ compared: 5, differing: 0, named: [], isDone: true });
    expect(await compare([], [])).toMatchObject({ compared: 0, differing: 0, isDone: true });
  });

  it.each([
    {
      what: 'a missing object',
      source: [blob('a'), blob('b')],
      target: [blob('a')],
      says: '"b" is missing in the target',
    },
    {
      what: 'one that has long been there alone',
      source: [],
      target: [blob('b')],
      rules: { aloneBefore: [{ key: 'b', sinceEpochMs: SETTLED }] },
      says: '"b" is in the target alone',
    },
    {
      what: 'another size',
      source: [blob('a', { sizeBytes: 1 })],
      target: [blob('a', { sizeBytes: 2 })],
      says: '"a" has 1 and 2 bytes',
    },
    {
      what: 'another ETag',
      source: [blob('a', { etag: 'x' })],
      target: [blob('a', { etag: 'y' })],
      says: '"a" has another ETag',
    },
    {
      what: 'no ETag on either side',
      source: [blob('a', { etag: '' })],
      target: [blob('a', { etag: '' })],
      says: '"a" has another ETag',
    },
    {
      what: 'other parts',
      source: [blob('a', { etag: 'x-3' })],
      target: [blob('a', { etag: 'y' })],
      says: '"a" has another ETag (multipart: other parts give another one for the same bytes)',
    },
  ])('differ by $what', async ({ source, target, rules = {}, says }) => {
    expect(await compare(source, target, rules)).toMatchObject({ differing: 1, named: [says] });
  });

  it('may have other ETags, or more in the target, where the config says so', async () => {
    const [source, target] = [[blob('a', { etag: 'x' })], [blob('a', { etag: 'y' }), blob('b')]];
    const aloneBefore = [{ key: 'b', sinceEpochMs: 0 }];
    expect(await compare(source, target, { aloneBefore })).toMatchObject({ differing: 2 });
    expect(await compare(source, target, { aloneBefore, etags: 'ignore' })).toMatchObject({ differing: 1 });
    const rules = { aloneBefore, etags: 'ignore', onlyInTarget: 'allow' } as const;
    expect(await compare(source, target, rules)).toMatchObject({ differing: 0, settling: 0, alone: [] });
  });

  it.each([
    { sinceEpochMs: undefined, differing: 0, settling: 1 },
    { sinceEpochMs: SETTLED + 1, differing: 0, settling: 1 },
    { sinceEpochMs: SETTLED, differing: 1, settling: 0 },
  ])(
    "wait for a deletion that may be on its way, alone since $sinceEpochMs, whatever the object's age",
    async ({ sinceEpochMs, ...counts }) => {
      const aloneBefore = sinceEpochMs === undefined ? [] : [{ key: 'b', sinceEpochMs }];
      expect(await compare([blob('a')], [blob('a'), blob('b')], { aloneBefore })).toMatchObject({
        ...counts,
        alone: [{ key: 'b', sinceEpochMs: sinceEpochMs ?? NOW }],
      });
    },
  );

  it('remember the first few that are in the target alone, and forget what no longer is', async () => {
    const many = Array.from({ length: MOST_ALONE + 3 }, (_, index) => blob(`k${index + 100}`));
    const { alone, settling } = await compare([], many, { aloneBefore: [{ key: 'gone', sinceEpochMs: 0 }] });
    expect(settling).toBe(MOST_ALONE + 3);
    expect(alone?.map(({ key }) => key)).toEqual(many.slice(0, MOST_ALONE).map(({ key }) => key));
  });

  it.each([
    { modifiedAtEpochMs: SETTLED, differing: 1, settling: 0 },
    { modifiedAtEpochMs: SETTLED + 1, differing: 0, settling: 1 },
    { modifiedAtEpochMs: NOW + 60_000, differing: 0, settling: 1 },
  ])('wait for an object of $modifiedAtEpochMs that may be on the way', async ({ modifiedAtEpochMs, ...counts }) => {
    expect(await compare([blob('a', { modifiedAtEpochMs })], [])).toMatchObject(counts);
    expect(await compare([blob('a', { etag: 'x' })], [blob('a', { modifiedAtEpochMs })])).toMatchObject(counts);
  });

  it('count every difference and name the first few, with keys cut short', async () => {
    const many = Array.from({ length: MOST_NAMED + 3 }, (_, index) => blob(`${index}${'x'.repeat(500)}`));
    const { differing, named } = await compare(many, []);
    expect(differing).toBe(MOST_NAMED + 3);
    expect(named).toHaveLength(MOST_NAMED);
    expect(named.every((text) => text.length < 160)).toBe(true);
  });

  it('refuse a listing that is not in order', async () => {
    const unordered = async () => ({ entries: [blob('b'), blob('a')], isLast: true });
    const empty = async () => ({ entries: [], isLast: true });
    await expect(
      continuePass(newPass(NOW), { source: empty, target: unordered, rules: RULES, mayGoOn: () => true }),
    ).rejects.toMatchObject({ code: 'LISTING_UNORDERED', message: expect.stringContaining('found "a" after "b"') });
  });
});
