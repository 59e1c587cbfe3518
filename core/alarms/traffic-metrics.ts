import type { ResolvedConfig } from '../config/types.ts';
import { type AlarmSite, dimensionsOf, type MetricQuery } from './definition.ts';

/** What an alarm on traffic needs to know of the config. */
export type TrafficSite = AlarmSite<Pick<ResolvedConfig, 'application' | 'traffic' | 'checks' | 'policy' | 'slo'>>;
/** A metric of the traffic, by the name that it has in an expression. */
export type TrafficMetric = 'requests' | 'errors' | 'p95';

/**
 * Metric math on the Region's own traffic: a value where there are enough requests for it to mean something, else 0.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function whereBusy(
  site: TrafficSite,
  { value, over, periodSeconds }: { value: string; over: readonly TrafficMetric[]; periodSeconds: number },
): readonly MetricQuery[] {
  const floor = site.config.policy.minimumRequestsPerSecond * periodSeconds;
  return [
    { Id: 'judged', Expression: `IF(requests >= ${floor}, ${value}, 0)`, ReturnData: true },
    ...over.map((metric) => trafficQuery(site, metric, periodSeconds)),
  ];
}

function trafficQuery({ config, region }: TrafficSite, metric: TrafficMetric, Period: number): MetricQuery {
  const { namespace, latency, ...counts } = config.traffic;
  return {
    Id: metric,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metric === 'p95' ? latency : counts[metric],
        Dimensions: dimensionsOf({ Application: config.application, Region: region }),
      },
      Period,
      Stat: metric === 'p95' ? 'p95' : 'Sum',
    },
    ReturnData: false,
  };
}
