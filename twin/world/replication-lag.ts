import { draw, type Random } from '../random.ts';
import type { WorldQueue } from '../world-queue.ts';
import { LATENCIES } from './latencies.ts';

/** A lag, and when it was looked at. */
export interface MeasuredLag {
  readonly milliseconds: number;
  readonly atMs: number;
}

/** How far copies are behind. */
export interface ReplicationLag {
  milliseconds(): number;
  /** Keeps what the lag into a Region is now, and gives it. */
  measure(region: string): number;
  /** The lag into a Region as it was last measured; undefined where it never was. */
  measured(region: string): MeasuredLag | undefined;
  /** Sets the lag; undefined lets it be drawn again. */
  dial(seconds: number | undefined): void;
}

const REDRAWN_EVERY_MS = 10_000;

/** A lag that is drawn anew every ten seconds, unless a scenario sets it. */
export function createReplicationLag({
  queue,
  random,
  now,
}: {
  readonly queue: WorldQueue;
  readonly random: Random;
  readonly now: () => number;
}): ReplicationLag {
  const measured = new Map<string, MeasuredLag>();
  let drawnMs = draw(LATENCIES.replicationLag.milliseconds, random);
  let dialledMs: number | undefined;
  const redraw = (atMs: number): void => {
    drawnMs = draw(LATENCIES.replicationLag.milliseconds, random);
    queue.at(atMs + REDRAWN_EVERY_MS, redraw);
  };
  queue.at(now() + REDRAWN_EVERY_MS, redraw);
  const milliseconds = (): number => dialledMs ?? drawnMs;
  return {
    milliseconds,
    measure: (region) => {
      measured.set(region, { milliseconds: milliseconds(), atMs: now() });
      return milliseconds();
    },
    measured: (region) => measured.get(region),
    dial: (seconds) => {
      dialledMs = seconds === undefined ? undefined : seconds * 1000;
    },
  };
}
