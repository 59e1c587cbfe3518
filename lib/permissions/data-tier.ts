import { applicationRegions } from '../../core/config/accessors.ts';
import { isPromoted, replicaInstance } from '../../core/config/data-tier.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { callsOf } from './calls-of.ts';
import type { Grant } from './grant.ts';
import { READ_METRICS } from './read-metrics.ts';
import type { Site } from './site.ts';

type Data = ResolvedConfig['data'];

/** Whether CloudWatch has the replication lag; a function of the user's says it itself. */
export function publishesLag({ adapter }: Data): boolean {
  return adapter !== 'none' && adapter !== 'custom';
}

/** Seeing who writes, for data tiers of which something is promoted. */
export function readWriter(site: Site): readonly Grant[] {
  return isPromoted(site.config.data) ? readCopy(site) : [];
}

/**
 * Seeing how the copies stand.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function readCopy(site: Site): readonly Grant[] {
  const {
    config: { data },
    deployment: { account, partition },
    region,
  } = site;
  switch (data.adapter) {
    case 'none':
      return [];
    case 'aurora-global': {
      const resources = [`arn:${partition}:rds::${account}:global-cluster:${data.globalCluster}`];
      return [{ purpose: 'ReadWriter', actions: ['rds:DescribeGlobalClusters'], resources }];
    }
    case 'rds-replica':
      return [{ purpose: 'ReadWriter', actions: ['rds:DescribeDBInstances'], resources: [instanceArn(site, data)] }];
    case 'dynamodb-global': {
      const resources = [`arn:${partition}:dynamodb:${region}:${account}:table/${data.table}`];
      return [{ purpose: 'ReadTable', actions: ['dynamodb:DescribeTable'], resources }];
    }
    case 'custom':
      return callsOf(site, 'CallDataTier', [data.function]);
  }
}

/**
 * Promotion of an Aurora global database asks for the global cluster and for its clusters, whose names the config does
 * not know. That of a read replica touches the replica alone.
 *
 * @see https://docs.aws.amazon.com/r53recovery/latest/dg/security_iam_region_switch_aurora.html
 */
export function promotion(site: Site): readonly Grant[] {
  const {
    config,
    deployment: { account, partition },
  } = site;
  const { data } = config;
  if (data.adapter === 'rds-replica') {
    return [
      { purpose: 'Promote', actions: ['rds:PromoteReadReplica'], resources: [instanceArn(site, data)] },
      // A promotion that is to lose nothing waits for the lag to end.
      READ_METRICS,
    ];
  }
  if (data.adapter !== 'aurora-global') return [];
  const clusters = applicationRegions(config).map((region) => `arn:${partition}:rds:${region}:${account}:cluster:*`);
  return [
    {
      purpose: 'Promote',
      actions: ['rds:FailoverGlobalCluster', 'rds:SwitchoverGlobalCluster'],
      resources: [`arn:${partition}:rds::${account}:global-cluster:${data.globalCluster}`, ...clusters],
      patternBecause: 'the config names the global cluster; which clusters belong to it is known to Amazon RDS alone',
    },
  ];
}

function instanceArn(
  { deployment: { account, partition }, region }: Site,
  data: Extract<Data, { readonly adapter: 'rds-replica' }>,
): string {
  return `arn:${partition}:rds:${region}:${account}:db:${replicaInstance(data, region)}`;
}
