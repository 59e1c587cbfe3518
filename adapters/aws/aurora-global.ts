import {
  DescribeGlobalClustersCommand,
  FailoverGlobalClusterCommand,
  type GlobalCluster,
  type RDSClient,
  SwitchoverGlobalClusterCommand,
} from '@aws-sdk/client-rds';
import { SwitchyardError } from '../../core/errors.ts';
import { READY_MADE_METRICS } from '../../core/health/ready-made-metrics.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { DataCopies, DataTier, DataTierStatus } from '../../core/ports.ts';
import { type LagReader, newestLag } from './newest-lag.ts';
import { errorName, isTransient, translated } from './translate-error.ts';

/** What the adapter is made of. The RDS API is asked in the Region of the operation, which is the target's. */
export interface AuroraCopiesSettings extends LagReader {
  readonly globalCluster: string;
  readonly rds: RDSClient;
}

/** What moving the writer takes besides. */
export interface AuroraGlobalSettings extends AuroraCopiesSettings {
  /** Asks once: a promotion that was accepted and whose answer was lost would refuse a second request. */
  readonly promotionRds: RDSClient;
}

/**
 * Amazon Aurora Global Database: asks for a switchover, or for a failover with the data loss allowed, and reads where the
 * writer is.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
 */
export function createAuroraGlobalCopies(settings: AuroraCopiesSettings): DataCopies {
  const describe = () => describeGlobalCluster(settings);
  return {
    status: async () => statusOf(await describe()),
    replicationLag: async (target) => {
      const arn = memberIn(await describe(), target);
      if (arn === undefined) return undefined;
      const { namespace, metric, perSecond } = READY_MADE_METRICS['aurora-lag'];
      const dimensions = { DBClusterIdentifier: arn.split(':').at(-1) ?? '' };
      // Published by the secondary, in its own Region.
      return newestLag(settings, { region: target, namespace, metric, perSecond, dimensions });
    },
    // A target without a member has no lag that could be measured, which is refused as it is.
    obstacles: async () => [],
  };
}

/** The same, and the move of the writer. */
export function createAuroraGlobal(settings: AuroraGlobalSettings): DataTier {
  return {
    ...createAuroraGlobalCopies(settings),
    promote: async ({ target, mode }) => {
      const TargetDbClusterIdentifier = memberIn(await describeGlobalCluster(settings), target);
      if (TargetDbClusterIdentifier === undefined) {
        throw new OperationError(
          'PromotionRefusedError',
          `global cluster ${settings.globalCluster} has no member in ${target}; add one there, or name a target that has one`,
        );
      }
      const which = { GlobalClusterIdentifier: settings.globalCluster, TargetDbClusterIdentifier };
      const { promotionRds } = settings;
      await requestMove(settings, target, () =>
        mode === 'switchover'
          ? promotionRds.send(new SwitchoverGlobalClusterCommand(which))
          : promotionRds.send(new FailoverGlobalClusterCommand({ ...which, AllowDataLoss: true })),
      );
    },
  };
}

function statusOf(cluster: GlobalCluster): DataTierStatus {
  const writer = cluster.GlobalClusterMembers?.find(({ IsWriter }) => IsWriter)?.DBClusterArn;
  const movingTo = cluster.FailoverState?.ToDbClusterArn;
  const settled = cluster.FailoverState === undefined && cluster.Status === 'available';
  return {
    writerRegion: settled && writer !== undefined ? regionOf(writer) : null,
    movingTo: movingTo === undefined ? null : regionOf(movingTo),
    ...connectedOf(cluster),
  };
}

/**
 * `SynchronizationStatus` is `connected` or `pending-resync`:
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_GlobalClusterMember.html
 */
function connectedOf({ GlobalClusterMembers = [] }: GlobalCluster): Pick<DataTierStatus, 'connected'> {
  if (!GlobalClusterMembers.some(({ SynchronizationStatus }) => SynchronizationStatus !== undefined)) return {};
  return {
    connected: GlobalClusterMembers.flatMap(({ DBClusterArn, SynchronizationStatus }) =>
      DBClusterArn !== undefined && SynchronizationStatus === 'connected' ? [regionOf(DBClusterArn)] : [],
    ),
  };
}

async function describeGlobalCluster({ rds, globalCluster }: AuroraCopiesSettings): Promise<GlobalCluster> {
  const { GlobalClusters = [] } = await translated('describe the global cluster', () =>
    rds.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: globalCluster })),
  ).catch((error: unknown) => {
    if (errorName(error) === 'GlobalClusterNotFoundFault') return { GlobalClusters: [] };
    throw error;
  });
  const [cluster] = GlobalClusters;
  if (cluster !== undefined) return cluster;
  throw new SwitchyardError(
    `there is no global cluster ${globalCluster}; correct data.globalCluster in the config, or restore the cluster`,
    { code: 'GLOBAL_CLUSTER_MISSING', source: 'operator', context: { globalCluster } },
  );
}

/** The API refuses a move where clusters are not at rest, also where they are moving as they were asked to. */
const NOT_AT_REST: readonly string[] = ['InvalidGlobalClusterStateFault', 'InvalidDBClusterStateFault'];
/** `Status` of a global cluster whose writer moves: API_GlobalCluster in the RDS reference. */
const MOVING: readonly string[] = ['failing-over', 'switching-over'];

/**
 * Asks for a move. Transient faults pass for a retry; every other answer is a refusal, after which nothing was promoted,
 * unless the cluster is seen on its way to the target, or there: then an earlier request was accepted and its answer lost.
 */
async function requestMove(
  settings: AuroraGlobalSettings,
  target: string,
  request: () => Promise<unknown>,
): Promise<void> {
  try {
    await translated('promote', request);
  } catch (error) {
    if (error instanceof OperationError || isTransient(error)) throw error;
    if (NOT_AT_REST.includes(errorName(error)) && (await isOnItsWay(settings, target))) return;
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperationError(
      'PromotionRefusedError',
      `${errorName(error)}: ${reason}; look at global cluster ${settings.globalCluster} in the RDS console`,
      { cause: error },
    );
  }
}

/** @throws {OperationError} `TransientPlatformError` while a move is under way and does not say yet where to. */
async function isOnItsWay(settings: AuroraGlobalSettings, target: string): Promise<boolean> {
  const cluster = await describeGlobalCluster(settings);
  const { writerRegion, movingTo } = statusOf(cluster);
  if (movingTo === null && MOVING.includes(cluster.Status ?? '')) {
    throw new OperationError(
      'TransientPlatformError',
      `global cluster ${settings.globalCluster} is ${cluster.Status}`,
      {
        retryable: true,
      },
    );
  }
  return writerRegion === target || movingTo === target;
}

function memberIn({ GlobalClusterMembers = [] }: GlobalCluster, region: string): string | undefined {
  return GlobalClusterMembers.map(({ DBClusterArn }) => DBClusterArn).find(
    (arn) => arn !== undefined && regionOf(arn) === region,
  );
}

/** `arn:aws:rds:<region>:<account>:cluster:<id>` */
function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}
