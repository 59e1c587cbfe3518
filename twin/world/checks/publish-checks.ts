import { checksOf, memberCluster } from '../../../core/config/accessors.ts';
import { textFor } from '../../../core/config/regional.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { isMetricCheck, type MetricCheck, metricTestOf } from '../../../core/health/metric-question.ts';
import type { CloudWatchTwin } from '../../cloudwatch/cloudwatch-twin.ts';
import type { WorldQueue } from '../../world-queue.ts';
import type { Network } from '../network.ts';
import { valueWithin } from './value-within.ts';

/** Who publishes what checks look at. */
export interface CheckPublishingSettings {
  readonly config: ResolvedConfig;
  readonly queue: WorldQueue;
  readonly startMs: number;
  readonly network: Network;
  readonly cloudWatchIn: (region: string) => CloudWatchTwin;
}

/** Publishes, at the end of each period, a good value of every metric of a check that nothing else in the world has. */
export function startPublishingChecks(settings: CheckPublishingSettings): void {
  for (const { check } of checksOf(settings.config)) {
    if (!isMetricCheck(check)) continue;
    for (const { id } of settings.config.regions) {
      if (!isPublishedByTheWorld(settings.config, check, id)) publish(settings, check, id);
    }
  }
}

function publish({ queue, startMs, network, cloudWatchIn }: CheckPublishingSettings, check: MetricCheck, id: string) {
  const { question, limit, perUnit } = metricTestOf(check, id);
  const { region, namespace, metric, dimensions, periodSeconds } = question;
  const periodMs = periodSeconds * 1000;
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const period = (atMs: number): void => {
    queue.at(atMs + periodMs, period);
    if (network.isDark(region) || network.isDark(id)) return;
    const datum = {
      MetricName: metric,
      Value: valueWithin(limit) * perUnit,
      Timestamp: new Date(atMs - periodMs),
      Dimensions,
    };
    cloudWatchIn(region).putMetricData({ Namespace: namespace, MetricData: [datum] });
  };
  queue.at(Math.ceil(startMs / periodMs) * periodMs + periodMs, period);
}

/** The lag of the twin's own database is real. */
function isPublishedByTheWorld({ data }: ResolvedConfig, check: MetricCheck, region: string): boolean {
  if (check.kind !== 'aurora-lag' || data.adapter !== 'aurora-global') return false;
  return textFor(check.cluster, region) === memberCluster(data, region);
}
