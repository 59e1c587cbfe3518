import { describe, expect, it } from 'vitest';
import { createBatchSize, inBatches } from '../../../core/reconcile/batch-size.ts';

const MB = 1_024 * 1_024;

async function sizesOf(count: number, bytesPerRow: number): Promise<readonly number[]> {
  const sizes: number[] = [];
  const rows = Array.from({ length: count }, (_, index) => index);
  await inBatches(rows, createBatchSize(), async (batch) => {
    sizes.push(batch.length);
    return batch.length * bytesPerRow;
  });
  return sizes;
}

describe('the size of a batch', () => {
  it.each([
    ['small rows', 1_000, 100, [4, 32, 200, 200, 200, 200, 164]],
    ['rows of 1 MB', 30, MB, [4, 8, 8, 8, 2]],
    ['rows larger than what a batch may have', 7, 20 * MB, [4, 1, 1, 1]],
    ['nothing', 0, 100, []],
  ])('fits %s', async (_, count, bytesPerRow, sizes) => {
    expect(await sizesOf(count, bytesPerRow)).toEqual(sizes);
  });

  it('shrinks where rows become large, and grows again', async () => {
    const size = createBatchSize();
    size.learn(4, 400);
    expect(size.rows).toBe(32);
    size.learn(32, 64 * MB);
    expect(size.rows).toBe(4);
    size.learn(4, 400);
    expect(size.rows).toBe(32);
  });
});
