import type { ClockPorts } from '../../twin/route53/ports.ts';
import { createSeededRandom } from '../../twin/route53/seeded-random.ts';

interface Event {
  readonly timeMs: number;
  readonly order: number;
  readonly run: (nowMs: number) => void;
}

/** A clock that stands still until it is told to run. */
export interface VirtualClock extends ClockPorts {
  /** Runs everything that is due up to the time, in order, and stands there. */
  runUntil(timeMs: number): void;
}

export function createVirtualClock(seed = 1): VirtualClock {
  const events: Event[] = [];
  let nowMs = 0;
  let order = 0;
  return {
    now: () => nowMs,
    random: createSeededRandom(seed),
    at: (timeMs, run) => {
      events.push({ timeMs, order, run });
      order += 1;
    },
    runUntil: (timeMs) => {
      for (let next = takeDue(events, timeMs); next !== undefined; next = takeDue(events, timeMs)) {
        nowMs = Math.max(nowMs, next.timeMs);
        next.run(nowMs);
      }
      nowMs = timeMs;
    },
  };
}

function takeDue(events: Event[], timeMs: number): Event | undefined {
  let first = -1;
  for (const [index, event] of events.entries()) {
    const earliest = events[first];
    if (event.timeMs > timeMs) continue;
    if (earliest === undefined || event.timeMs < earliest.timeMs) first = index;
  }
  return first === -1 ? undefined : events.splice(first, 1)[0];
}
