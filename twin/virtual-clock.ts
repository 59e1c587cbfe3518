import FakeTimers, { type Clock as FakeClock } from '@sinonjs/fake-timers';
import type { Clock } from '../core/ports.ts';
import type { Random } from './random.ts';
import { createWorldQueue, type WorldQueue } from './world-queue.ts';

/** Time of a twin: a clock for the code under rehearsal, and the queue of what happens in the world by itself. */
export interface TwinClock extends Clock {
  readonly queue: WorldQueue;
  /** The moment in the world: that of the event that happens, which the queue may have kept until something looked. */
  worldNow(): number;
  /** Runs until the moment, or until `stop` says so. */
  runUntil(epochMs: number, stop?: () => boolean): Promise<void>;
  /** Gives the process its own time back. */
  dispose(): void;
}

/** Where the process keeps how its virtual time is ended: a registered symbol, since tests load this module more than once. */
const RUNNING = Symbol.for('switchyard.virtual-clock');
type Process = typeof globalThis & { [RUNNING]?: (() => void) | undefined };

/**
 * Virtual time: every timer of the process (the AWS SDK's, the state machine interpreter's, the step code's) fires in
 * order without waiting, and what is due in the world happens before each of them. `Math.random` draws from a seeded
 * stream meanwhile, since the SDK's back-off uses it. A process has one: a run that nobody waits for any more, such as a test that
 * took too long, is ended by the next one, and its `runUntil` throws.
 */
export function installVirtualClock({ startEpochMs, random }: { startEpochMs: number; random: Random }): TwinClock {
  const process: Process = globalThis;
  process[RUNNING]?.();
  const realImmediate = globalThis.setImmediate;
  const realRandom = Math.random;
  const fake = FakeTimers.install({
    now: startEpochMs,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });
  const queue = createWorldQueue();
  letTheWorldPass(fake, queue);
  Math.random = random;
  // Everything that a timer set going is a chain of promises; one turn of the event loop lets all of it settle.
  const settle = (): Promise<void> => new Promise((resolve) => realImmediate(resolve));
  const dispose = (): void => {
    if (process[RUNNING] !== dispose) return;
    process[RUNNING] = undefined;
    Math.random = realRandom;
    fake.uninstall();
  };
  process[RUNNING] = dispose;
  return {
    queue,
    worldNow: () => queue.happeningAt() ?? fake.now,
    nowEpochMs: () => fake.now,
    sleep: (milliseconds) => new Promise((resolve) => void setTimeout(resolve, Math.max(0, milliseconds))),
    runUntil: async (epochMs, stop = () => false) => {
      let reached = false;
      setTimeout(
        () => {
          reached = true;
        },
        Math.max(0, epochMs - fake.now),
      );
      await settle();
      while (!reached && !stop()) {
        if (process[RUNNING] !== dispose)
          throw new Error('another run has taken virtual time over; this one is given up');
        fake.next();
        await settle();
      }
    },
    dispose,
  };
}

/** Before a timer fires, the world is brought to its moment. */
function letTheWorldPass(fake: FakeClock, queue: WorldQueue): void {
  const schedule = globalThis.setTimeout;
  const wrapped = (callback: (...args: unknown[]) => void, delay?: number, ...args: unknown[]) =>
    schedule(() => {
      queue.advanceTo(fake.now);
      callback(...args);
    }, delay);
  globalThis.setTimeout = Object.assign(wrapped, schedule) as typeof globalThis.setTimeout;
}
