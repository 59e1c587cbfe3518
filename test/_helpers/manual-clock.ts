/** A clock that moves only when told to, and runs what is due on the way, in order. */
export interface ManualClock {
  now(): number;
  at(timeMs: number, run: (nowMs: number) => void): void;
  advanceTo(timeMs: number): void;
}

export function manualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  let due: { readonly timeMs: number; readonly run: (nowMs: number) => void }[] = [];
  return {
    now: () => nowMs,
    at(timeMs, run) {
      due = [...due, { timeMs, run }].sort((a, b) => a.timeMs - b.timeMs);
    },
    advanceTo(timeMs) {
      for (let next = due[0]; next !== undefined && next.timeMs <= timeMs; next = due[0]) {
        due = due.slice(1);
        nowMs = Math.max(nowMs, next.timeMs);
        next.run(nowMs);
      }
      nowMs = timeMs;
    },
  };
}
