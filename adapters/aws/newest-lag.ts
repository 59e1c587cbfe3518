import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { LAG_LOOKBACK_HOURS } from '../../core/operation/measure.ts';
import type { ReplicationMetric } from '../../core/operation/replication-metric.ts';
import type { Clock, LagReading } from '../../core/ports.ts';
import { newestDatapoint } from './newest-datapoint.ts';
import { translated } from './translate-error.ts';

/** Where lags are read. */
export interface LagReader {
  readonly cloudWatchFor: (region: string) => CloudWatchClient;
  readonly clock: Clock;
}

const HOUR_MS = 3_600_000;

/**
 * The newest minute of a replication metric, the worst value of it; undefined where there is none, or where it is below
 * zero, as RDS publishes it while replication does not run.
 *
 * A day of minutes is 1,440 datapoints; one call gives up to 100,800:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export async function newestLag(
  { cloudWatchFor, clock }: LagReader,
  { region, namespace, metric, dimensions, perSecond }: ReplicationMetric,
): Promise<LagReading | undefined> {
  const now = clock.nowEpochMs();
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const { MetricDataResults } = await translated('read the replication lag', () =>
    cloudWatchFor(region).send(
      new GetMetricDataCommand({
        StartTime: new Date(now - LAG_LOOKBACK_HOURS * HOUR_MS),
        EndTime: new Date(now),
        ScanBy: 'TimestampDescending',
        MetricDataQueries: [
          {
            Id: 'lag',
            MetricStat: {
              Metric: { Namespace: namespace, MetricName: metric, Dimensions },
              Period: 60,
              Stat: 'Maximum',
            },
          },
        ],
      }),
    ),
  );
  const newest = newestDatapoint(MetricDataResults?.[0]);
  if (newest === undefined || newest.value < 0) return undefined;
  return { seconds: newest.value / perSecond, measuredAtEpochMs: newest.at.getTime() };
}
