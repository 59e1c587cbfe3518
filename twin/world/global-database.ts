import { type Distribution, draw, type Random } from '../random.ts';
import type { WorldQueue } from '../world-queue.ts';
import { LATENCIES } from './latencies.ts';
import type { Network } from './network.ts';
import { createReplicationLag, type MeasuredLag } from './replication-lag.ts';

/** Commits remembered; far more than any lag reaches back over. */
const REMEMBERED_MS = 600_000;
/** Fewer commits than this are all remembered; more are looked through whenever they have doubled. */
const FORGET_FROM = 4096;
/** How often a former writer tries to become a copy again. */
const REJOIN_TRIED_EVERY_MS = 10_000;

/** A move of the writer that is under way. */
export interface WriterMove {
  readonly from: string;
  readonly to: string;
  readonly mode: 'switchover' | 'failover';
}

/** What a failover has cost. */
export interface DataLoss {
  readonly writes: number;
  /** Age of the oldest lost write at the moment the source was lost, or at its last write where it wrote on, seconds. */
  readonly seconds: number;
}

/** A database with one writer Region and asynchronous replicas in the others, as Aurora Global Database is one. */
export interface GlobalDatabase {
  readonly members: readonly string[];
  writer(): string;
  move(): WriterMove | undefined;
  /** The writer as a Region knows it: one that was cut off when the writer moved goes on taking itself for it. */
  writerKnownIn(region: string): string;
  /** Whether a Region's cluster takes commits now. */
  takesCommits(region: string): boolean;
  commit(atMs: number): void;
  /** Whether a Region holds what the writer has, but for a lag: the writer itself, or a copy that is not built anew now. */
  isConnected(region: string): boolean;
  /** Lag into a Region, ms; undefined where it does not replicate now. */
  lagInto(region: string): number | undefined;
  /** Dials the lag, seconds; undefined gives the drawn one back. */
  dialLag(seconds: number | undefined): void;
  /**
   * Begins a move; gives the reason where the API would refuse it. A switchover first waits until the secondary has
   * everything: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_SwitchoverGlobalCluster.html
   */
  beginMove(move: { readonly to: string; readonly mode: WriterMove['mode'] }): string | undefined;
  /** Losses of all failovers so far. */
  losses(): readonly DataLoss[];
  /** Whether a Region was the writer once and is nobody's copy since. */
  isDetached(region: string): boolean;
  /** The lag into a Region as it was last looked at. */
  measuredLag(region: string): MeasuredLag | undefined;
}

/** What the database is made of. `isUp` says whether a Region's cluster itself works. */
export interface GlobalDatabaseSettings {
  readonly members: readonly string[];
  readonly writer: string;
  readonly network: Network;
  readonly isUp: (region: string) => boolean;
  readonly queue: WorldQueue;
  readonly random: Random;
  readonly now: () => number;
  /** What a promotion takes. @default - that of Aurora */
  readonly promotion?: Distribution;
  /** Whether a former writer becomes a copy of the new one by itself; else it stays a database of its own. @default true */
  readonly rejoins?: boolean;
}

/** A global database in good order. */
export function createGlobalDatabase(settings: GlobalDatabaseSettings): GlobalDatabase {
  const { members, network, isUp, queue, random, now } = settings;
  const { promotion = LATENCIES.promotion.milliseconds, rejoins = true } = settings;
  const detached = new Set<string>();
  const lag = createReplicationLag(settings);
  const commits: number[] = [];
  const losses: DataLoss[] = [];
  const joinsAt = new Map<string, number>();
  let forgetAtLength = FORGET_FROM;
  let writer = settings.writer;
  let move: WriterMove | undefined;

  /** A former writer that could not be told that it is one; it learns of it as soon as it reaches the new one. */
  let stranded: WriterMove | undefined;
  const isStranded = (region: string): boolean =>
    stranded !== undefined && region === stranded.from && !network.connects(region, stranded.to);
  const works = (region: string): boolean => !network.isDark(region) && isUp(region);

  const finish = (finished: WriterMove): void => {
    writer = finished.to;
    move = undefined;
    if (!rejoins) {
      detached.add(finished.from);
      joinsAt.set(finished.from, Number.POSITIVE_INFINITY);
    } else if (finished.mode === 'failover') {
      joinsAt.set(finished.from, Number.POSITIVE_INFINITY);
      rejoinWhenAlive(finished.from, now());
    }
  };

  /**
   * After a failover the former writer is built anew as a replica once its Region is back. After a switchover it is one at
   * once, "maintaining the original replication topology":
   * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_SwitchoverGlobalCluster.html
   */
  const rejoinWhenAlive = (region: string, atMs: number): void => {
    if (works(region) && network.connects(region, writer)) {
      stranded = undefined;
      joinsAt.set(region, atMs + draw(LATENCIES.replicationRejoin.milliseconds, random));
      return;
    }
    queue.at(atMs + REJOIN_TRIED_EVERY_MS, (later) => rejoinWhenAlive(region, later));
  };

  const hasJoined = (region: string): boolean => region === writer || (joinsAt.get(region) ?? 0) <= now();

  return {
    members,
    writer: () => writer,
    move: () => move,
    isConnected: (region) => hasJoined(region) && (region === writer || network.connects(writer, region)),
    writerKnownIn: (region) => (isStranded(region) || detached.has(region) ? region : writer),
    takesCommits: (region) =>
      works(region) && (isStranded(region) || detached.has(region) || (region === writer && move === undefined)),
    commit: (atMs) => {
      commits.push(atMs);
      if (commits.length < forgetAtLength) return;
      commits.splice(
        0,
        commits.findIndex((commit) => commit > atMs - REMEMBERED_MS),
      );
      forgetAtLength = Math.max(FORGET_FROM, 2 * commits.length);
    },
    lagInto: (region) => {
      const replicates =
        region !== writer && hasJoined(region) && works(region) && works(writer) && network.connects(writer, region);
      return replicates ? lag.measure(region) : undefined;
    },
    dialLag: lag.dial,
    beginMove: ({ to, mode }) => {
      if (move !== undefined) return `a ${move.mode} to ${move.to} is under way`;
      if (!members.includes(to) || to === writer) return `${to} is not a secondary of the global cluster`;
      if (!works(to)) return `the cluster in ${to} is not available`;
      if (mode === 'switchover' && !(works(writer) && network.connects(writer, to)))
        return `the cluster in ${writer} is not available; a switchover needs both`;
      if (mode === 'failover') losses.push(lossOf({ commits, writer, network, lagMs: lag.milliseconds(), now: now() }));
      const begun: WriterMove = { from: writer, to, mode };
      move = begun;
      if (!network.connects(writer, to)) stranded = begun;
      const synchronizingMs = mode === 'switchover' ? lag.milliseconds() : 0;
      queue.at(now() + synchronizingMs + draw(promotion, random), () => finish(begun));
      return undefined;
    },
    losses: () => losses,
    isDetached: (region) => detached.has(region),
    measuredLag: lag.measured,
  };
}

/** What had not reached the replicas when the writer's Region was lost; nothing is lost while it can still be read. */
function lossOf({
  commits,
  writer,
  network,
  lagMs,
  now,
}: {
  commits: readonly number[];
  writer: string;
  network: Network;
  lagMs: number;
  now: number;
}): DataLoss {
  const lostAt = network.isolatedSince(writer) ?? now;
  const lost = commits.filter((commit) => commit + lagMs > lostAt);
  const oldest = lost[0];
  const newest = lost.at(-1);
  if (oldest === undefined || newest === undefined) return { writes: 0, seconds: 0 };
  return { writes: lost.length, seconds: (Math.max(lostAt, newest) - oldest) / 1000 };
}
