import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { TrafficMetrics, TrafficReading } from '../../core/ports.ts';
import { translated } from './translate-error.ts';

const PERIOD_SECONDS = 60;

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
          Period: Id === 'p95' ? (toEpochMs - fromEpochMs) / 1000 : PERIOD_SECONDS,
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
      return toReading(new Map(MetricDataResults.map((result) => [result.Id ?? '', result])));
    },
  };
}

/** A minute without a request is a minute with data; a span without data is not measured. */
function toReading(results: ReadonlyMap<string, MetricDataResult>): TrafficReading {
  const requests = sumOf(results.get('requests'));
  const errors = sumOf(results.get('errors'));
  const connections = sumOf(results.get('connections'));
  const p95 = results.get('p95')?.Values?.[0];
  const newest = results.get('requests')?.Timestamps?.[0];
  if (requests === undefined || newest === undefined) return {};
  return {
    requestsPerSecond: requests.sum / requests.seconds,
    measuredAtEpochMs: newest.getTime() + PERIOD_SECONDS * 1000,
    ...(errors === undefined || requests.sum === 0 ? {} : { errorRate: errors.sum / requests.sum }),
    ...(connections === undefined ? {} : { connectionsPerSecond: connections.sum / connections.seconds }),
    ...(p95 === undefined ? {} : { p95Milliseconds: p95 }),
  };
}

function sumOf(result: MetricDataResult | undefined): { sum: number; seconds: number } | undefined {
  const values = result?.Values ?? [];
  if (values.length === 0) return undefined;
  return { sum: values.reduce((sum, value) => sum + value, 0), seconds: values.length * PERIOD_SECONDS };
}
