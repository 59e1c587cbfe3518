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

/**
 * Virtual time: every timer of the process (the AWS SDK's, the state machine interpreter's, the step code's) fires in
 * order without waiting, and what is due in the world happens before each of them. `Math.random` draws from a seeded
 * stream meanwhile, since the SDK's back-off uses it.
 */
export function installVirtualClock({ startEpochMs, random }: { startEpochMs: number; random: Random }): TwinClock {
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
        fake.next();
        await settle();
      }
    },
    dispose: () => {
      Math.random = realRandom;
      fake.uninstall();
    },
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
