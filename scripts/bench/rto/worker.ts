import { parentPort } from 'node:worker_threads';
import storefront from '../../../switchyard.config.ts';
import type { Answer, Job } from './campaign.ts';
import { fleet } from './fleet.ts';
import { measureOurs } from './our-failover.ts';
import { measurePlainRoute53 } from './plain-route53.ts';

/** A thread that does the jobs it is sent, one after another, and gives the figures of each back. */
parentPort?.on('message', (job: Job) => {
  // What goes wrong ends the thread, and the campaign with it.
  void measure(job).then((answer) => parentPort?.postMessage(answer));
});

async function measure(job: Job): Promise<Answer> {
  if (job.kind === 'fleet') {
    const { kind, applications, seed } = job;
    return { kind, applications, figures: await fleet(applications, seed, storefront) };
  }
  const { kind, seed } = job;
  const ours = await measureOurs(storefront, seed);
  return { kind, figures: { seed, ours, plainRoute53: await measurePlainRoute53(storefront, seed) } };
}
