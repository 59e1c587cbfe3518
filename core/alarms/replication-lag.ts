import type { ResolvedConfig } from '../config/types.ts';
import { replicationMetric } from '../operation/replication-metric.ts';
import { type AlarmSite, above, type CompiledAlarm, dimensionsOf } from './definition.ts';
import { named } from './naming.ts';

const ID = 'replication-lag';
/** Published every minute by a secondary cluster, in its own Region. */
const PERIOD_SECONDS = 60;
/** Minutes for which it has to stand: one that a burst of writes causes is gone by then (assumed). */
const PATIENCE_MINUTES = 3;
/** Data tiers whose lag into a Region is published there; that of DynamoDB is published where it comes from. */
const PUBLISHED_BY_THE_COPY: ReadonlySet<string> = new Set(['aurora-global', 'rds-replica']);

/**
 * An alarm where the data of this Region are further behind than a failover may lose: until they have caught up, one to here
 * is refused. None for a data tier that publishes no lag, and none for a budget of 0, which no replication keeps.
 *
 * None for DynamoDB either: its lag is published in the Region that writes, which a check looks at
 * (`dynamodb-replication-latency`). A Region that holds the writer publishes nothing, so no data is no verdict.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html (AuroraGlobalDBReplicationLag)
 */
export function replicationLagAlarms(
  site: AlarmSite<Pick<ResolvedConfig, 'application' | 'data'>>,
): readonly CompiledAlarm[] {
  const { application, data } = site.config;
  const lag = replicationMetric(data, { source: site.region, target: site.region });
  if (lag === undefined || !PUBLISHED_BY_THE_COPY.has(data.adapter) || data.lossBudgetSeconds === 0) return [];
  const says = `The data of ${application} in ${site.region} are more than ${data.lossBudgetSeconds} s behind: a failover to it would lose more than the loss budget`;
  const definition = {
    ...named(site, { id: ID, says, runbook: ID }),
    Namespace: lag.namespace,
    MetricName: lag.metric,
    Dimensions: dimensionsOf(lag.dimensions),
    Statistic: 'Maximum' as const,
    Period: PERIOD_SECONDS,
    ...above(data.lossBudgetSeconds * lag.perSecond, { periods: PATIENCE_MINUTES, missing: 'missing' }),
  };
  return [{ kind: 'metric', id: ID, runbook: ID, tellsPeople: true, wakesObserver: false, definition }];
}
