/** How many rows are read at once with their content, learnt from how large they are. */
export interface BatchSize {
  readonly rows: number;
  /** Tells how many bytes a batch of that many rows had, both sides together. */
  learn(rows: number, bytes: number): void;
}

/** Few enough that rows of some MB do no harm before anything is known of them. */
const FIRST = 4;
/** Most rows at once: a statement of some hundred keys. */
const MOST = 200;
/** Bytes that a batch may have: a small part of the memory of a worker, 8 MB. */
const BUDGET_BYTES = 8 * 1_024 * 1_024;
/** How much larger a batch may be than the one before: a few small rows say little of the next ones. */
const GROWTH = 8;

/** Nothing learnt yet. */
export function createBatchSize(): BatchSize {
  let size = FIRST;
  return {
    get rows() {
      return size;
    },
    learn: (rows, bytes) => {
      const fitting = Math.floor((BUDGET_BYTES * rows) / Math.max(1, bytes));
      size = Math.max(1, Math.min(MOST, fitting, Math.max(size, rows * GROWTH)));
    },
  };
}

/** Works through items in batches of that size; `work` tells the bytes that a batch had. */
export async function inBatches<Item>(
  items: readonly Item[],
  size: BatchSize,
  work: (batch: readonly Item[]) => Promise<number>,
): Promise<void> {
  for (let first = 0; first < items.length; ) {
    const batch = items.slice(first, first + size.rows);
    size.learn(batch.length, await work(batch));
    first += batch.length;
  }
}
