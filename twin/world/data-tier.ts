import { applicationRegions, homeRegion } from '../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { ServiceHandlers } from '../aws/aws-world.ts';
import { createGlobalTable } from '../aws/global-table.ts';
import { createRds } from '../aws/rds.ts';
import { createRdsInstances } from '../aws/rds-instances.ts';
import type { RandomStreams } from '../random.ts';
import type { TwinClock } from '../virtual-clock.ts';
import type { RegionalApplication } from './application.ts';
import { createGlobalDatabase, type GlobalDatabase } from './global-database.ts';
import { LATENCIES } from './latencies.ts';
import type { Network } from './network.ts';
import { createReplicatedTable } from './replicated-table.ts';
import type { WorldEvents } from './world-events.ts';

/** What the data tier is made of. */
export interface DatabaseSettings {
  readonly events: WorldEvents;
  readonly config: ResolvedConfig;
  readonly clock: TwinClock;
  readonly random: RandomStreams;
  readonly network: Network;
  readonly applications: ReadonlyMap<string, RegionalApplication>;
}

/** The data tier that a config names; undefined where it names none. */
export function createDatabase({
  events,
  config,
  clock,
  random,
  network,
  applications,
}: DatabaseSettings): GlobalDatabase | undefined {
  const settings = {
    members: applicationRegions(config),
    writer: homeRegion(config).id,
    network,
    isUp: (region: string) => applications.get(region)?.isUp('database-writer') !== false,
    queue: clock.queue,
    random: random.stream('database'),
    now: clock.worldNow,
  };
  switch (config.data.adapter) {
    case 'none':
      return undefined;
    case 'dynamodb-global': {
      const table = createReplicatedTable(settings);
      events.listen((event) => {
        const granted = event.kind === 'item' ? event.item['writerRegion'] : undefined;
        if (typeof granted === 'string') table.grant(granted);
      });
      return table;
    }
    case 'rds-replica':
      return createGlobalDatabase({
        ...settings,
        promotion: LATENCIES.replicaPromotion.milliseconds,
        rejoins: false,
      });
    default:
      return createGlobalDatabase(settings);
  }
}

/** The API of the data tier, by service. */
export function dataServices(
  data: ResolvedConfig['data'],
  database: GlobalDatabase | undefined,
  account: string,
): Readonly<Partial<Record<'rds' | 'dynamodb', ServiceHandlers>>> {
  if (database === undefined) return {};
  switch (data.adapter) {
    case 'aurora-global':
      return { rds: createRds({ data, account, database }) };
    case 'rds-replica':
      return { rds: createRdsInstances({ data, account, database }) };
    case 'dynamodb-global':
      return { dynamodb: createGlobalTable({ data, database }) };
    default:
      return {};
  }
}
