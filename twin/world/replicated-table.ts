import type { GlobalDatabase, GlobalDatabaseSettings } from './global-database.ts';
import { createReplicationLag } from './replication-lag.ts';

/** A table whose every replica takes writes, as a DynamoDB global table is one. */
export interface ReplicatedTable extends GlobalDatabase {
  /** The Region whose application has the right to commit from now on: nothing of the table itself changes. */
  grant(region: string): void;
}

/** What the table is made of. `isUp` says whether a Region's replica itself works. */
export type ReplicatedTableSettings = Omit<GlobalDatabaseSettings, 'promotion' | 'rejoins'>;

/** A table in good order. What a dark Region had not sent on is missing elsewhere until it is back, and then comes. */
export function createReplicatedTable(settings: ReplicatedTableSettings): ReplicatedTable {
  const { members, network, isUp } = settings;
  const lag = createReplicationLag(settings);
  let writer = settings.writer;
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
    isConnected: (region) => region === writer || network.connects(writer, region),
    lagInto: (region) => {
      if (region === writer || !works(region) || !works(writer) || !network.connects(writer, region)) return undefined;
      return lag.measure(region);
    },
    dialLag: lag.dial,
    beginMove: () => 'no replica of a global table is promoted',
    losses: () => [],
    isDetached: () => false,
    measuredLag: lag.measured,
  };
}
