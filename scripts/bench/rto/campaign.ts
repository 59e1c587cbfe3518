import { Worker } from 'node:worker_threads';
import type { FleetFigures } from './fleet.ts';
import type { SeedFigures } from './seed-figures.ts';

/** Something to measure: one outage of one application, or the evacuation of a fleet. */
export type Job =
  | { readonly kind: 'outage'; readonly seed: number }
  | { readonly kind: 'fleet'; readonly applications: number; readonly seed: number };

/** What was measured. */
export type Answer =
  | { readonly kind: 'outage'; readonly figures: SeedFigures }
  | { readonly kind: 'fleet'; readonly applications: number; readonly figures: FleetFigures };

/** How jobs are done. */
export interface CampaignSettings {
  /** The longest first, or all wait for it in the end. */
  readonly jobs: readonly Job[];
  /** Threads that measure at the same time. */
  readonly threads: number;
  readonly onProgress: (done: number) => void;
}

/**
 * Does every job, each thread taking the next one as soon as it is free. Threads share nothing, so a job gives the same
 * figures whoever does it. The answers come in the order in which they were ready.
 *
 * @throws what went wrong in a thread
 */
export async function measureAll({ jobs, threads, onProgress }: CampaignSettings): Promise<readonly Answer[]> {
  const waiting = [...jobs];
  const answers: Answer[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url));
      const next = (): void => {
        const job = waiting.shift();
        if (job === undefined) void worker.terminate().then(() => resolve(), reject);
        else worker.postMessage(job);
      };
      worker.on('error', reject);
      worker.on('message', (answer: Answer) => {
        answers.push(answer);
        onProgress(answers.length);
        next();
      });
      next();
    });
  await Promise.all(Array.from({ length: Math.min(threads, jobs.length) }, work));
  return answers;
}

/** The outages among the answers, by seed. */
export function outagesIn(answers: readonly Answer[]): readonly SeedFigures[] {
  return answers
    .flatMap((answer) => (answer.kind === 'outage' ? [answer.figures] : []))
    .toSorted((a, b) => a.seed - b.seed);
}

/** The fleet of so many applications among the answers. @throws {RangeError} where none was measured. */
export function fleetIn(answers: readonly Answer[], applications: number): FleetFigures {
  const found = answers.find((answer) => answer.kind === 'fleet' && answer.applications === applications);
  if (found?.kind !== 'fleet') throw new RangeError(`no fleet of ${applications} was measured`);
  return found.figures;
}
