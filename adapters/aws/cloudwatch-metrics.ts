import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { MetricQuestion } from '../../core/health/metric-question.ts';
import type { Clock, MetricReader } from '../../core/ports.ts';
import { reasonOf, within } from '../within.ts';
import { newestDatapoint } from './newest-datapoint.ts';
import { errorName } from './translate-error.ts';

/** Full periods back from now among which the newest one with data is judged: a service may be minutes late (assumed). */
const PERIODS_LOOKED_AT = 5;

/** Any metric, from the CloudWatch of the Region that the question names. */
export function createCloudWatchMetrics(clientFor: (region: string) => CloudWatchClient, clock: Clock): MetricReader {
  const newestDatapointOf: MetricReader['newestDatapoint'] = async (question, timeoutMs) => {
    try {
      const { MetricDataResults } = await within(timeoutMs, (abortSignal) =>
        clientFor(question.region).send(commandFor(question, clock.nowEpochMs()), { abortSignal }),
      );
      const newest = newestDatapoint(MetricDataResults?.[0]);
      const datapoint = newest === undefined ? undefined : { value: newest.value, atEpochMs: newest.at.getTime() };
      return { answered: true, datapoint };
    } catch (error) {
      return { answered: false, reason: `CloudWatch in ${question.region}: ${errorName(error)}: ${reasonOf(error)}` };
    }
  };
  return {
    newestDatapoint: newestDatapointOf,
    newest: async (question, timeoutMs) => {
      const answer = await newestDatapointOf(question, timeoutMs);
      return answer.answered ? { answered: true, value: answer.datapoint?.value } : answer;
    },
  };
}

/** A period that still goes on is left out: a part of it may be on the other side of the limit than the whole. */
function commandFor(question: MetricQuestion, nowEpochMs: number): GetMetricDataCommand {
  const { namespace, metric, dimensions, statistic, periodSeconds } = question;
  const periodMs = periodSeconds * 1000;
  const end = Math.floor(nowEpochMs / periodMs) * periodMs;
  return new GetMetricDataCommand({
    StartTime: new Date(end - PERIODS_LOOKED_AT * periodMs),
    EndTime: new Date(end),
    ScanBy: 'TimestampDescending',
    MetricDataQueries: [
      {
        Id: 'value',
        MetricStat: {
          Metric: {
            Namespace: namespace,
            MetricName: metric,
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
          Period: periodSeconds,
          Stat: statistic,
        },
      },
    ],
  });
}
