import { setTimeout as sleep } from 'node:timers/promises';

/** Timers of a part that runs beside the emulator, all of which end with it. */
export interface Timers {
  /** Runs the function at a moment, or as soon as it is over. */
  at(timeMs: number, run: (nowMs: number) => void): void;
  /** Runs the function over and over, each time a while after it ended; a failure is told and is no end. */
  every(milliseconds: number, run: () => Promise<void>, onFailure: (error: unknown) => void): void;
  stop(): void;
  readonly stopped: boolean;
}

/** Timers on the real clock. */
export function createTimers(): Timers {
  const running = new Set<NodeJS.Timeout>();
  let stopped = false;
  const later = (delayMs: number, run: () => void): void => {
    if (stopped) return;
    const timer = setTimeout(() => {
      running.delete(timer);
      run();
    }, delayMs);
    running.add(timer);
  };
  return {
    at: (timeMs, run) => later(Math.max(0, timeMs - Date.now()), () => run(Date.now())),
    every: (milliseconds, run, onFailure) => {
      const again = (): void => {
        run()
          .catch(onFailure)
          .finally(() => later(milliseconds, again));
      };
      again();
    },
    get stopped() {
      return stopped;
    },
    stop: () => {
      stopped = true;
      for (const timer of running) clearTimeout(timer);
    },
  };
}

/** Waits for a condition. @throws naming what was waited for, once the deadline is over. */
export async function until<Value>(
  what: string,
  deadlineSeconds: number,
  look: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value> {
  const deadline = Date.now() + deadlineSeconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${deadlineSeconds} s`);
    await sleep(200);
  }
}
