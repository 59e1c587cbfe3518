import type { Clock } from '../../core/ports.ts';

/** Time that passes only when it is told to; what awaits it goes on at its moment. */
export interface VirtualTime {
  /** The true time, ms. */
  now(): number;
  /** A clock that is off by so much and otherwise runs true. */
  clock(skewMs?: number): Clock;
  after(milliseconds: number): Promise<void>;
  /** Goes from moment to moment until the true time; `look` is called after each, once all is quiet. */
  runUntil(timeMs: number, look?: () => void): Promise<void>;
}

interface Waiting {
  readonly atMs: number;
  readonly goOn: () => void;
}

export function createVirtualTime(startMs = 0): VirtualTime {
  let nowMs = startMs;
  let waiting: readonly Waiting[] = [];
  const after = (milliseconds: number): Promise<void> =>
    new Promise((goOn) => {
      const later = { atMs: nowMs + Math.max(0, milliseconds), goOn };
      waiting = [
        ...waiting.filter(({ atMs }) => atMs <= later.atMs),
        later,
        ...waiting.filter(({ atMs }) => atMs > later.atMs),
      ];
    });
  // A turn of the event loop lets every chain of promises settle.
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => nowMs,
    clock: (skewMs = 0) => ({ nowEpochMs: () => nowMs + skewMs, sleep: after }),
    after,
    runUntil: async (timeMs, look = () => undefined) => {
      await settle();
      for (let next = waiting[0]; next !== undefined && next.atMs <= timeMs; next = waiting[0]) {
        waiting = waiting.slice(1);
        nowMs = next.atMs;
        next.goOn();
        await settle();
        look();
      }
      nowMs = timeMs;
      look();
    },
  };
}
