import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../core/ports.ts';
import { translated } from './translate-error.ts';

/** What Route 53's checkers have seen of a health check. */
export interface HealthCheckObservations {
  /** Minutes since `sinceEpochMs` for which checkers have reported. */
  minutes(healthCheckId: string, sinceEpochMs: number): Promise<number>;
}

/**
 * Observations as Route 53 publishes them to CloudWatch, which it does in us-east-1 alone; the client is one of there.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html
 */
export function createHealthCheckObservations(client: CloudWatchClient, clock: Clock): HealthCheckObservations {
  return {
    minutes: async (HealthCheckId, sinceEpochMs) => {
      const { MetricDataResults } = await translated('read the health check', () =>
        client.send(
          new GetMetricDataCommand({
            StartTime: new Date(sinceEpochMs),
            EndTime: new Date(clock.nowEpochMs()),
            MetricDataQueries: [
              {
                Id: 'checkers',
                MetricStat: {
                  Metric: {
                    Namespace: 'AWS/Route53',
                    MetricName: 'HealthCheckPercentageHealthy',
                    Dimensions: [{ Name: 'HealthCheckId', Value: HealthCheckId }],
                  },
                  Period: 60,
                  Stat: 'Average',
                },
              },
            ],
          }),
        ),
      );
      return MetricDataResults?.[0]?.Values?.length ?? 0;
    },
  };
}
