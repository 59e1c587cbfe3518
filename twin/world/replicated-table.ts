import { draw, type Random } from '../random.ts';
import type { WorldQueue } from '../world-queue.ts';
import type { GlobalDatabase, MeasuredLag } from './global-database.ts';
import { LATENCIES } from './latencies.ts';
import type { Network } from './network.ts';

const LAG_REDRAWN_EVERY_MS = 10_000;

/** A table whose every replica takes writes, as a DynamoDB global table is one. */
export interface ReplicatedTable extends GlobalDatabase {
  /** The Region whose application has the right to commit from now on: nothing of the table itself changes. */
  grant(region: string): void;
}

/** What the table is made of. `isUp` says whether a Region's replica itself works. */
export interface ReplicatedTableSettings {
  readonly members: readonly string[];
  readonly writer: string;
  readonly network: Network;
  readonly isUp: (region: string) => boolean;
  readonly queue: WorldQueue;
  readonly random: Random;
  readonly now: () => number;
}

/** A table in good order. What a dark Region had not sent on is missing elsewhere until it is back, and then comes. */
export function createReplicatedTable(settings: ReplicatedTableSettings): ReplicatedTable {
  const { members, network, isUp, queue, random, now } = settings;
  const measured = new Map<string, MeasuredLag>();
  let writer = settings.writer;
  let drawnLagMs = draw(LATENCIES.replicationLag.milliseconds, random);
  let dialledMs: number | undefined;
  const redraw = (atMs: number): void => {
    drawnLagMs = draw(LATENCIES.replicationLag.milliseconds, random);
    queue.at(atMs + LAG_REDRAWN_EVERY_MS, redraw);
  };
  queue.at(now() + LAG_REDRAWN_EVERY_MS, redraw);
  const works = (region: string): boolean => !network.isDark(region) && isUp(region);
  return {
    members,
    writer: () => writer,
    grant: (region) => {
      writer = region;
    },
    move: () => undefined,
    writerKnownIn: () => writer,
    takesCommits: works,
    commit: () => undefined,
    lagInto: (region) => {
      if (region === writer || !works(region) || !works(writer) || !network.connects(writer, region)) return undefined;
      const milliseconds = dialledMs ?? drawnLagMs;
      measured.set(region, { milliseconds, atMs: now() });
      return milliseconds;
    },
    dialLag: (seconds) => {
      dialledMs = seconds === undefined ? undefined : seconds * 1000;
    },
    beginMove: () => 'no replica of a global table is promoted',
    losses: () => [],
    isDetached: () => false,
    measuredLag: (region) => measured.get(region),
  };
}
