import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTimers, type Timers } from './real-time.ts';

/** One run of the test: what has to be ended, however far it has come. */
export interface Run {
  /** A folder of this run alone. */
  readonly folder: string;
  readonly timers: Timers;
  readonly troubles: Troubles;
  /** What has to be ended, in the order in which it was begun. */
  readonly stops: (() => unknown)[];
  /** Ends everything, the newest first. */
  stop(): Promise<void>;
  /** Removes the folder, once nobody needs to look at it. */
  forget(): void;
}

/** Failures that are no end: what went wrong was tried again. Any of them fails the test all the same. */
export interface Troubles {
  readonly add: (error: unknown) => void;
  list(): readonly string[];
}

/** Begins a run. */
export function createRun(say: (text: string) => void): Run {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-e2e-'));
  const timers = createTimers();
  const stops: (() => unknown)[] = [];
  return {
    folder,
    timers,
    troubles: createTroubles(say, () => timers.stopped),
    stops,
    stop: async () => {
      timers.stop();
      for (const each of stops.splice(0).toReversed()) await each();
    },
    forget: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What fails after the timers were stopped was under way while its surroundings were taken down. */
function createTroubles(say: (text: string) => void, isOver: () => boolean): Troubles {
  const counts = new Map<string, number>();
  return {
    add: (error) => {
      if (isOver()) return;
      const text = String(error);
      if (!counts.has(text)) say(`trouble: ${text}`);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    },
    list: () => [...counts].map(([text, count]) => `${count} × ${text}`),
  };
}
