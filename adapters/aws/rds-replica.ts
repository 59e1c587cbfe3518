import {
  type DBInstance,
  DescribeDBInstancesCommand,
  PromoteReadReplicaCommand,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { replicaInstance } from '../../core/config/data-tier.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { SwitchyardError } from '../../core/errors.ts';
import { OperationError } from '../../core/operation/errors.ts';
import { replicationMetric } from '../../core/operation/replication-metric.ts';
import type { DataCopies, DataTier, DataTierStatus, LagReading, PromotionRequest } from '../../core/ports.ts';
import { type LagReader, newestLag } from './newest-lag.ts';
import { errorName, translated } from './translate-error.ts';

/** What the adapter is made of. The RDS API is asked in the Region of the operation, which is the target's. */
export interface RdsCopiesSettings extends LagReader {
  readonly data: Extract<ResolvedConfig['data'], { readonly adapter: 'rds-replica' }>;
  /** The Region of the operation. */
  readonly region: string;
  readonly rds: RDSClient;
}

/** What a promotion takes besides. */
export interface RdsReplicaSettings extends RdsCopiesSettings {
  /** Asks once: a promotion that was accepted and whose answer was lost would refuse a second request. */
  readonly promotionRds: RDSClient;
}

/**
 * A DB instance of Amazon RDS with a read replica in the other Region. A promotion makes the replica a DB instance of its
 * own; the former primary stays one too and is nobody's replica: before anything goes back, a person creates it anew.
 *
 * There is no switchover. A promotion loses nothing only where the source has been fenced and a whole minute since then
 * shows no lag: the first step that AWS names is to stop all writes and wait for the replica.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html
 */
export function createRdsReplicaCopies(settings: RdsCopiesSettings): DataCopies {
  const { region } = settings;
  return {
    status: async () => statusIn(region, await describe(settings)),
    replicationLag: (target) => lagInto(settings, target),
    obstacles: async (target) => (target === region ? obstaclesOf(await describe(settings)) : []),
  };
}

/** The same, and the promotion. */
export function createRdsReplica(settings: RdsReplicaSettings): DataTier {
  const { data, region } = settings;
  return {
    ...createRdsReplicaCopies(settings),
    promote: async (request) => {
      const before = await describe(settings);
      const [obstacle] = obstaclesOf(before);
      if (obstacle !== undefined) throw refused(obstacle, { status: before.DBInstanceStatus });
      if (request.mode === 'switchover') await assertCaughtUp(settings, request);
      await requestPromotion(settings, replicaInstance(data, region));
    },
  };
}

/** Statuses in which an instance also is while it is promoted; a replica that shows one does not say who writes. */
const MAY_BE_PROMOTED: ReadonlySet<string> = new Set(['modifying', 'rebooting']);
/** The only status in which a replica is promoted: PromoteReadReplica, InvalidDBInstanceStateFault. */
const AVAILABLE = 'available';

function statusIn(region: string, instance: DBInstance): DataTierStatus {
  const source = instance.ReadReplicaSourceDBInstanceIdentifier;
  const status = instance.DBInstanceStatus ?? '';
  if (source === undefined) {
    // It is a replica no longer, and not ready before it is available.
    return status === AVAILABLE ? { writerRegion: region, movingTo: null } : { writerRegion: null, movingTo: region };
  }
  if (MAY_BE_PROMOTED.has(status)) return { writerRegion: null, movingTo: null };
  return { writerRegion: sourceRegion(source, region), movingTo: null };
}

function obstaclesOf({
  DBInstanceIdentifier = '',
  DBInstanceStatus = '',
  ReadReplicaSourceDBInstanceIdentifier,
}: DBInstance): readonly string[] {
  if (ReadReplicaSourceDBInstanceIdentifier === undefined) {
    return [
      `DB instance ${DBInstanceIdentifier} is no read replica; after a promotion the former primary is created anew as one (docs/data-tiers.md)`,
    ];
  }
  if (DBInstanceStatus === AVAILABLE) return [];
  return [
    `DB instance ${DBInstanceIdentifier} is "${DBInstanceStatus}"; a read replica is promoted where it is "${AVAILABLE}"`,
  ];
}

async function describe({ rds, data, region }: RdsCopiesSettings): Promise<DBInstance> {
  const DBInstanceIdentifier = replicaInstance(data, region);
  const { DBInstances = [] } = await translated('describe the DB instance', () =>
    rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier })),
  ).catch((error: unknown) => {
    if (NOT_FOUND.has(errorName(error))) return { DBInstances: [] };
    throw error;
  });
  const [instance] = DBInstances;
  if (instance !== undefined) return instance;
  throw new SwitchyardError(
    `there is no DB instance ${DBInstanceIdentifier} in ${region}; correct data.instance or data.instances in the config, or restore it`,
    { code: 'DB_INSTANCE_MISSING', source: 'operator', context: { DBInstanceIdentifier, region } },
  );
}

/** The fault by its class, and by the code that the API sends. */
const NOT_FOUND: ReadonlySet<string> = new Set(['DBInstanceNotFoundFault', 'DBInstanceNotFound']);

function lagInto(settings: RdsCopiesSettings, target: string): Promise<LagReading | undefined> {
  const metric = replicationMetric(settings.data, { source: '', target });
  return metric === undefined ? Promise.resolve(undefined) : newestLag(settings, metric);
}

/**
 * @throws {OperationError} `PromotionRefusedError` where nobody has fenced the source; `DataNotCaughtUpError` until a minute
 * that began after the fence shows no lag.
 */
async function assertCaughtUp(
  settings: RdsReplicaSettings,
  { target, fencedAtEpochMs }: PromotionRequest,
): Promise<void> {
  if (fencedAtEpochMs === undefined)
    throw refused('a read replica is promoted without loss only after its source is fenced');
  const lag = await lagInto(settings, target);
  if (lag !== undefined && lag.measuredAtEpochMs >= fencedAtEpochMs && lag.seconds === 0) return;
  const seen =
    lag === undefined || lag.measuredAtEpochMs < fencedAtEpochMs
      ? 'no minute since the fence is measured'
      : `the lag is ${lag.seconds} s`;
  throw new OperationError(
    'DataNotCaughtUpError',
    `the replica in ${target} is not known to hold everything (${seen}); it is looked at again, or fail over with an accepted loss`,
    { retryable: true },
  );
}

/**
 * Transient faults pass for a retry, unless the replica has begun to change since: then the request was accepted and its
 * answer lost.
 */
async function requestPromotion(settings: RdsReplicaSettings, DBInstanceIdentifier: string): Promise<void> {
  try {
    await translated('promote', () =>
      settings.promotionRds.send(new PromoteReadReplicaCommand({ DBInstanceIdentifier })),
    );
  } catch (error) {
    if (!(error instanceof OperationError)) {
      throw refused(`${errorName(error)}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    // It was available before, so nobody but this request has changed it.
    const { writerRegion } = statusIn(settings.region, await describe(settings));
    if (writerRegion !== null && writerRegion !== settings.region) throw error;
  }
}

function refused(reason: string, facts: Readonly<Record<string, unknown>> = {}): OperationError {
  const { cause, ...context } = facts;
  return new OperationError('PromotionRefusedError', `${reason}; look at it in the RDS console`, {
    context,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Of a replica from another Region the source is an ARN, else an identifier of the same Region. */
function sourceRegion(source: string, region: string): string {
  return source.startsWith('arn:') ? (source.split(':')[3] ?? region) : region;
}
