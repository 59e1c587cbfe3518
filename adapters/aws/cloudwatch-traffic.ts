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
              ...(traffic.retries === undefined ? [] : [query('retries', traffic.retries, 'Sum')]),
              ...(traffic.cacheHits === undefined ? [] : [query('cacheHits', traffic.cacheHits, 'Average')]),
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

/**
 * A period without a request is a period with data; a span without data is not measured, and neither is one with a number
 * that cannot be: below zero, no number, or more errors than requests. Whoever publishes that knows nothing.
 */
function toReading({ periodSeconds }: Traffic, results: ReadonlyMap<string, MetricDataResult>): TrafficReading {
  const sumOf = (id: string) => sumPer(periodSeconds, results.get(id));
  const requests = sumOf('requests');
  const connections = sumOf('connections');
  const newest = newestDatapoint(results.get('requests'))?.at;
  // A cache is warmed before anybody asks, so that it is known without requests.
  const cache = defined(
    'cacheHitPercent',
    possible(results.get('cacheHits')?.Values)?.reduce((a, b) => Math.min(a, b)),
  );
  if (requests === undefined || newest === undefined) return cache;
  return {
    requestsPerSecond: requests.sum / requests.seconds,
    measuredFromEpochMs: newest.getTime() + (periodSeconds - requests.seconds) * 1000,
    measuredAtEpochMs: newest.getTime() + periodSeconds * 1000,
    ...defined('errorRate', errorRateOf(requests, sumOf('errors'))),
    ...cache,
    ...defined('retriesPerSecond', retriesOf(requests, sumOf('retries'))),
    ...defined('connectionsPerSecond', connections === undefined ? undefined : connections.sum / connections.seconds),
    ...defined(
      'p95Milliseconds',
      possible(results.get('p95')?.Values)?.reduce((a, b) => Math.max(a, b)),
    ),
  };
}

function defined<Name extends keyof TrafficReading>(name: Name, value: number | undefined): { [Key in Name]?: number } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]: number });
}

interface Sum {
  readonly sum: number;
  /** Length of the periods that it is taken over. */
  readonly seconds: number;
}

function errorRateOf(requests: Sum, errors: Sum | undefined): number | undefined {
  if (errors === undefined || requests.sum === 0 || errors.sum > requests.sum) return undefined;
  return errors.sum / requests.sum;
}

/** More repetitions than requests cannot be. */
function retriesOf(requests: Sum, retries: Sum | undefined): number | undefined {
  if (retries === undefined || retries.sum > requests.sum) return undefined;
  return retries.sum / retries.seconds;
}

function sumPer(periodSeconds: number, result: MetricDataResult | undefined): Sum | undefined {
  const values = possible(result?.Values);
  if (values === undefined) return undefined;
  return { sum: values.reduce((sum, value) => sum + value), seconds: values.length * periodSeconds };
}

/** Values of counts and durations, all of them; undefined where there is none, or one that cannot be. */
function possible(values: readonly number[] = []): readonly number[] | undefined {
  return values.length > 0 && values.every((value) => Number.isFinite(value) && value >= 0) ? values : undefined;
}
