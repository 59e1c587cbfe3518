import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { TrafficMetrics, TrafficReading } from '../../core/ports.ts';
import { newestDatapoint } from './newest-datapoint.ts';
import { translated } from './translate-error.ts';

const MINUTE_SECONDS = 60;

type Traffic = ResolvedConfig['traffic'];

/** Traffic as the application of each Region publishes it to the CloudWatch of that Region. */
export function createCloudWatchTraffic(
  { application, traffic }: Pick<ResolvedConfig, 'application' | 'traffic'>,
  clientFor: (region: string) => CloudWatchClient,
): TrafficMetrics {
  return {
    read: async (region, { fromEpochMs, toEpochMs }) => {
      const query = (Id: string, MetricName: string, Stat: string): MetricDataQuery => ({
        Id,
        MetricStat: {
          Metric: {
            Namespace: traffic.namespace,
            MetricName,
            Dimensions: [
              { Name: 'Application', Value: application },
              { Name: 'Region', Value: region },
            ],
          },
          Period: Id === 'p95' ? percentilePeriod(traffic, (toEpochMs - fromEpochMs) / 1000) : traffic.periodSeconds,
          Stat,
        },
      });
      const { MetricDataResults = [] } = await translated(`read the traffic of ${region}`, () =>
        clientFor(region).send(
          new GetMetricDataCommand({
            StartTime: new Date(fromEpochMs),
            EndTime: new Date(toEpochMs),
            ScanBy: 'TimestampDescending',
            MetricDataQueries: [
              query('requests', traffic.requests, 'Sum'),
              query('errors', traffic.errors, 'Sum'),
              query('connections', traffic.connections, 'Sum'),
              query('p95', traffic.latency, 'p95'),
            ],
          }),
        ),
      );
      return toReading(traffic, new Map(MetricDataResults.map((result) => [result.Id ?? '', result])));
    },
  };
}

/**
 * The whole span where CloudWatch can take it as one period, which then is a multiple of 60 s; else each period by itself,
 * of which the worst counts.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html (Period)
 */
function percentilePeriod({ periodSeconds }: Traffic, spanSeconds: number): number {
  return spanSeconds % MINUTE_SECONDS === 0 ? spanSeconds : periodSeconds;
}

/** A period without a request is a period with data; a span without data is not measured. */
function toReading({ periodSeconds }: Traffic, results: ReadonlyMap<string, MetricDataResult>): TrafficReading {
  const sumOf = (id: string) => sumPer(periodSeconds, results.get(id));
  const requests = sumOf('requests');
  const errors = sumOf('errors');
  const connections = sumOf('connections');
  const percentiles = results.get('p95')?.Values ?? [];
  const newest = newestDatapoint(results.get('requests'))?.at;
  if (requests === undefined || newest === undefined) return {};
  return {
    requestsPerSecond: requests.sum / requests.seconds,
    measuredFromEpochMs: newest.getTime() + (periodSeconds - requests.seconds) * 1000,
    measuredAtEpochMs: newest.getTime() + periodSeconds * 1000,
    ...(errors === undefined || requests.sum === 0 ? {} : { errorRate: errors.sum / requests.sum }),
    ...(connections === undefined ? {} : { connectionsPerSecond: connections.sum / connections.seconds }),
    ...(percentiles.length === 0 ? {} : { p95Milliseconds: Math.max(...percentiles) }),
  };
}

function sumPer(
  periodSeconds: number,
  result: MetricDataResult | undefined,
): { sum: number; seconds: number } | undefined {
  const values = result?.Values ?? [];
  if (values.length === 0) return undefined;
  return { sum: values.reduce((sum, value) => sum + value, 0), seconds: values.length * periodSeconds };
}
