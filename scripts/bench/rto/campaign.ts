import { Worker } from 'node:worker_threads';
import type { SeedFigures } from './seed-figures.ts';

/** How seeds are measured. */
export interface CampaignSettings {
  readonly seeds: readonly number[];
  /** Threads that measure at the same time. */
  readonly threads: number;
  readonly onProgress: (done: number) => void;
}

/**
 * Measures every seed, each thread taking the next one as soon as it is free. Threads share nothing, so a seed gives the
 * same figures whoever measures it.
 *
 * @throws what went wrong in a thread
 */
export async function measureSeeds({ seeds, threads, onProgress }: CampaignSettings): Promise<readonly SeedFigures[]> {
  const waiting = [...seeds];
  const measured: SeedFigures[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url));
      const next = (): void => {
        const seed = waiting.shift();
        if (seed === undefined) void worker.terminate().then(() => resolve(), reject);
        else worker.postMessage(seed);
      };
      worker.on('error', reject);
      worker.on('message', (figures: SeedFigures) => {
        measured.push(figures);
        onProgress(measured.length);
        next();
      });
      next();
    });
  await Promise.all(Array.from({ length: Math.min(threads, seeds.length) }, work));
  return measured.toSorted((a, b) => a.seed - b.seed);
}
