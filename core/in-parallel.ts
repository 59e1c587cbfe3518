/** Does something for each item, at most `concurrency` at a time; gives the results in the order of the items. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index] as Item);
    }
  };
  const workers = Array.from({ length: Math.min(concurrency, items.length) }, worker);
  const ended = await Promise.allSettled(workers.map((running) => running.catch((error) => stop(error))));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  return results;

  /** What one of them throws keeps the others from beginning more. */
  function stop(error: unknown): never {
    next = items.length;
    throw error;
  }
}
