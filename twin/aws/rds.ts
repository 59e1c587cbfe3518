import type { FailoverGlobalClusterMessage, GlobalCluster, SwitchoverGlobalClusterMessage } from '@aws-sdk/client-rds';
import { memberCluster } from '../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { GlobalDatabase, WriterMove } from '../world/global-database.ts';
import type { AwsCall, ServiceHandlers } from './aws-world.ts';
import { ServiceError } from './service-error.ts';

type AuroraData = Extract<ResolvedConfig['data'], { adapter: 'aurora-global' }>;

/** What the API speaks about. */
export interface RdsSettings {
  readonly data: AuroraData;
  readonly account: string;
  readonly database: GlobalDatabase;
}

/** The RDS API of an Aurora global database. */
export function createRds({ data, account, database }: RdsSettings): ServiceHandlers {
  const { globalCluster } = data;
  const describe = (): GlobalCluster => {
    const move = database.move();
    return {
      GlobalClusterIdentifier: globalCluster,
      Status: move === undefined ? 'available' : `${move.mode === 'failover' ? 'failing' : 'switching'}-over`,
      GlobalClusterMembers: database.members.map((region) => ({
        DBClusterArn: clusterArn({ account, data, region }),
        IsWriter: region === database.writer(),
        SynchronizationStatus: database.isConnected(region) ? ('connected' as const) : ('pending-resync' as const),
      })),
      ...(move === undefined ? {} : { FailoverState: failoverState(move, { account, data }) }),
    };
  };
  const begin = (id: string | undefined, target: string | undefined, mode: WriterMove['mode']) => {
    requireCluster(globalCluster, id);
    const to = target?.split(':')[3] ?? '';
    const refusal = database.beginMove({ to, mode });
    if (refusal !== undefined) throw new ServiceError('InvalidGlobalClusterStateFault', refusal);
    return { GlobalCluster: describe() };
  };
  return {
    DescribeGlobalClusters: ({ GlobalClusterIdentifier }: { GlobalClusterIdentifier?: string }) => {
      requireCluster(globalCluster, GlobalClusterIdentifier);
      return { GlobalClusters: [describe()] };
    },
    FailoverGlobalCluster: (input: FailoverGlobalClusterMessage) =>
      begin(
        input.GlobalClusterIdentifier,
        input.TargetDbClusterIdentifier,
        input.AllowDataLoss === true ? 'failover' : 'switchover',
      ),
    SwitchoverGlobalCluster: (input: SwitchoverGlobalClusterMessage) =>
      begin(input.GlobalClusterIdentifier, input.TargetDbClusterIdentifier, 'switchover'),
  };
}

/** The same API over several global clusters, each by its name. */
export function createRdsOfMany(clusters: ReadonlyMap<string, ServiceHandlers>): ServiceHandlers {
  type Handler = (input: { GlobalClusterIdentifier?: string }, call: AwsCall) => unknown;
  const operations = ['DescribeGlobalClusters', 'FailoverGlobalCluster', 'SwitchoverGlobalCluster'];
  return Object.fromEntries(
    operations.map((operation): [string, Handler] => [
      operation,
      (input, call) => {
        const found = clusters.get(input.GlobalClusterIdentifier ?? '')?.[operation];
        if (found === undefined) requireCluster('', input.GlobalClusterIdentifier ?? 'of no name');
        return found?.(input as never, call);
      },
    ]),
  );
}

function clusterArn({ account, data, region }: { account: string; data: AuroraData; region: string }): string {
  return `arn:aws:rds:${region}:${account}:cluster:${memberCluster(data, region)}`;
}

function failoverState({ from, to, mode }: WriterMove, of: { account: string; data: AuroraData }) {
  return {
    Status: 'failing-over' as const,
    FromDbClusterArn: clusterArn({ ...of, region: from }),
    ToDbClusterArn: clusterArn({ ...of, region: to }),
    IsDataLossAllowed: mode === 'failover',
  };
}

function requireCluster(known: string, asked: string | undefined): void {
  if (asked === known) return;
  throw new ServiceError('GlobalClusterNotFoundFault', `Global cluster ${asked ?? ''} not found`, 404);
}
