import type { ClockPorts } from '../../twin/route53/ports.ts';
import { createSeededRandom } from '../../twin/route53/seeded-random.ts';

/** A clock that stands still until it is told to run. */
export interface VirtualClock extends ClockPorts {
  /** Runs everything that is due up to the time, in order, and stands there. */
  runUntil(timeMs: number): void;
}

export function createVirtualClock({ seed = 1, startMs = 0 } = {}): VirtualClock {
  let nowMs = startMs;
  let due: readonly { readonly timeMs: number; readonly run: (nowMs: number) => void }[] = [];
  return {
    now: () => nowMs,
    random: createSeededRandom(seed),
    at: (timeMs, run) => {
      due = [...due, { timeMs, run }].toSorted((a, b) => a.timeMs - b.timeMs);
    },
    runUntil: (timeMs) => {
      for (let next = due[0]; next !== undefined && next.timeMs <= timeMs; next = due[0]) {
        due = due.slice(1);
        nowMs = Math.max(nowMs, next.timeMs);
        next.run(nowMs);
      }
      nowMs = timeMs;
    },
  };
}
