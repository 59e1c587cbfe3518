import { parentPort } from 'node:worker_threads';
import storefront from '../../../switchyard.config.ts';
import { measureOurs } from './our-failover.ts';
import { measurePlainRoute53 } from './plain-route53.ts';
import type { SeedFigures } from './seed-figures.ts';

/** A thread that measures the seeds it is sent, one after another; each gives its figures back. */
parentPort?.on('message', (seed: number) => {
  // What goes wrong ends the thread, and the campaign with it.
  void measure(seed).then((figures) => parentPort?.postMessage(figures));
});

async function measure(seed: number): Promise<SeedFigures> {
  const ours = await measureOurs(storefront, seed);
  return { seed, ours, plainRoute53: await measurePlainRoute53(storefront, seed) };
}
