/** Time, for the clock of the alarms: milliseconds since the epoch. */
export interface ClockPorts {
  now(): number;
  /** Calls back once at the given time; a time that has passed means as soon as possible. */
  at(timeMs: number, run: (nowMs: number) => void): void;
}

/** Ticks at whole multiples of the intervals in use, and not at all while none is. */
export interface AlarmClock {
  /** To be called when the intervals in use may have changed. */
  wake(): void;
  /** No tick comes after this. */
  stop(): void;
}

/**
 * Calls `tick` at every time that is a multiple of one of the intervals, in milliseconds since the epoch. Which intervals
 * are in use is asked after each tick and on waking.
 */
export function createAlarmClock(
  ports: ClockPorts,
  intervalsMs: () => readonly number[],
  tick: (nowMs: number) => void,
): AlarmClock {
  let nextMs = Number.POSITIVE_INFINITY;
  let stopped = false;

  function schedule(afterMs: number): void {
    const dueMs = Math.min(...intervalsMs().map((interval) => (Math.floor(afterMs / interval) + 1) * interval));
    if (stopped || dueMs >= nextMs) return;
    nextMs = dueMs;
    ports.at(dueMs, () => run(dueMs));
  }

  function run(dueMs: number): void {
    // The port cannot cancel: a later tick may have been overtaken by an earlier one that took its place.
    if (stopped || dueMs !== nextMs) return;
    nextMs = Number.POSITIVE_INFINITY;
    tick(dueMs);
    schedule(dueMs);
  }

  return {
    wake: () => schedule(ports.now()),
    stop() {
      stopped = true;
    },
  };
}
