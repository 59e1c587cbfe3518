import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { continuePass } from '../../core/parity/compare-manifests.ts';
import { type BlobEntry, type ManifestPass, newPass } from '../../core/parity/manifest.ts';
import { blob, fakeBlobs } from '../_helpers/steps/fake-blobs.ts';

/** Few keys, so that they meet, and some on either side of the halves of UTF-16. */
const key = fc.string({
  unit: fc.constantFrom('a', 'b', '/', ' ', 'é', '\u{e000}', '\u{1f600}'),
  minLength: 1,
  maxLength: 3,
});
const bucket = fc.uniqueArray(
  fc
    .record({ key, sizeBytes: fc.constantFrom(1, 2), etag: fc.constantFrom('x', 'y') })
    .map((fields) => blob(fields.key, fields)),
  { selector: (entry) => entry.key, maxLength: 30 },
);

/** The differences of two buckets by looking each key up in the other. */
function differencesOf(source: readonly BlobEntry[], target: readonly BlobEntry[]): number {
  const there = new Map(target.map((entry) => [entry.key, entry]));
  const here = new Set(source.map((entry) => entry.key));
  const changed = source.filter((entry) => {
    const other = there.get(entry.key);
    return other === undefined || other.sizeBytes !== entry.sizeBytes || other.etag !== entry.etag;
  });
  return changed.length + target.filter((entry) => !here.has(entry.key)).length;
}

describe('comparing two manifests', () => {
  it('finds what a look at every key finds, whatever the pages, and however often it is interrupted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          source: bucket,
          target: bucket,
          pages: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })),
          fillsPerRun: fc.integer({ min: 1, max: 4 }),
        }),
        async ({ source, target, pages, fillsPerRun }) => {
          const [left, right] = [fakeBlobs(), fakeBlobs()];
          left.pageSize = pages[0];
          right.pageSize = pages[1];
          left.buckets.set('bucket', source);
          right.buckets.set('bucket', target);
          const aloneBefore = target.map((entry) => ({ key: entry.key, sinceEpochMs: 0 }));
          const place = { region: 'anywhere', bucket: 'bucket', prefix: '' };
          const run = (pass: ManifestPass): Promise<ManifestPass> => {
            let fills = 0;
            return continuePass(pass, {
              source: (after) => left.list(place, after),
              target: (after) => right.list(place, after),
              rules: { etags: 'compare', onlyInTarget: 'refuse', settleMinutes: 15, aloneBefore },
              mayGoOn: () => fills++ < fillsPerRun,
            });
          };
          let pass = newPass(1e12);
          for (let runs = 0; !pass.isDone && runs < 100; runs++) pass = await run(structuredClone(pass));
          expect(pass).toMatchObject({ isDone: true, differing: differencesOf(source, target), settling: 0 });
          expect(pass.compared).toBe(new Set([...source, ...target].map((entry) => entry.key)).size);
        },
      ),
      { numRuns: 300 },
    );
  });
});
