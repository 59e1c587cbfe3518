import { describe, expect, it } from 'vitest';
import { metricsPort } from '../../adapters/aws/create-ports.ts';
import type { MetricQuestion } from '../../core/health/metric-question.ts';
import type { MetricReader } from '../../core/ports.ts';
import exampleConfig from '../../switchyard.config.ts';
import type { TwinClock } from '../../twin/virtual-clock.ts';
import { createWorld, TWIN_DEPLOYMENT, type World } from '../../twin/world/world.ts';
import { SINGAPORE, TOKYO } from '../_helpers/config.ts';
import { inVirtualTime, timed } from '../_helpers/in-virtual-time.ts';

const MINUTE_MS = 60_000;
const QUESTION: MetricQuestion = {
  region: SINGAPORE,
  namespace: 'AWS/SQS',
  metric: 'ApproximateAgeOfOldestMessage',
  dimensions: { QueueName: 'orders' },
  statistic: 'Maximum',
  periodSeconds: 60,
};

interface Metrics {
  readonly world: World;
  readonly reader: MetricReader;
  /** Puts values into the period that began so many of them before the current one. */
  publish(periodsAgo: number, ...values: readonly number[]): void;
}

/** CloudWatch of Singapore as Tokyo's functions see it, half a minute into a minute. */
function withMetrics<T>(run: (metrics: Metrics, clock: TwinClock) => Promise<T>): Promise<T> {
  return inVirtualTime(async (clock) => {
    const world = createWorld({ config: exampleConfig, clock, seed: 1 });
    const clients = world.aws.clientsIn(TOKYO);
    const environment = { config: exampleConfig, deployment: TWIN_DEPLOYMENT, region: TOKYO, clients };
    await clock.sleep(10 * MINUTE_MS + MINUTE_MS / 2);
    const publish = (periodsAgo: number, ...values: readonly number[]): void => {
      const begin = Math.floor(clock.nowEpochMs() / MINUTE_MS - periodsAgo) * MINUTE_MS;
      for (const Value of values) {
        world.cloudWatchIn(SINGAPORE).putMetricData({
          Namespace: QUESTION.namespace,
          MetricData: [
            {
              MetricName: QUESTION.metric,
              Value,
              Timestamp: new Date(begin),
              Dimensions: [{ Name: 'QueueName', Value: 'orders' }],
            },
          ],
        });
      }
    };
    return run({ world, reader: metricsPort(environment, clock), publish }, clock);
  });
}

describe('a metric of CloudWatch', () => {
  it.each([
    {
      what: 'the newest full period',
      points: [
        [1, 7, 9],
        [2, 100],
      ],
      value: 9,
    },
    {
      what: 'a full period and not the one that goes on',
      points: [
        [0, 100],
        [1, 5],
      ],
      value: 5,
    },
    { what: 'the newest one that has data', points: [[5, 3]], value: 3 },
    { what: 'nothing that is older than five periods', points: [[6, 3]], value: undefined },
    { what: 'nothing where nothing is published', points: [], value: undefined },
  ])('is $what', ({ points, value }) =>
    withMetrics(async ({ reader, publish }) => {
      for (const [periodsAgo = 0, ...values] of points) publish(periodsAgo, ...values);
      expect(await reader.newest(QUESTION, 5_000)).toEqual({ answered: true, value });
    }),
  );

  it.each([
    { statistic: 'Sum', value: 9 },
    { statistic: 'Average', value: 3 },
    { statistic: 'SampleCount', value: 3 },
    { statistic: 'p50', value: 2 },
  ])('is taken by its statistic: $statistic', ({ statistic, value }) =>
    withMetrics(async ({ reader, publish }) => {
      publish(1, 1, 2, 6);
      expect(await reader.newest({ ...QUESTION, statistic }, 5_000)).toEqual({ answered: true, value });
    }),
  );

  it('of other dimensions is another one', () =>
    withMetrics(async ({ reader, publish }) => {
      publish(1, 7);
      const answer = await reader.newest({ ...QUESTION, dimensions: { QueueName: 'others' } }, 5_000);
      expect(answer).toEqual({ answered: true, value: undefined });
    }));

  it.each([1_000, 1_500, 60_000])('is not waited for longer than %i ms where its Region is dark', (timeoutMs) =>
    withMetrics(async ({ world, reader }, clock) => {
      world.network.setDark(SINGAPORE, true);
      const { result, tookMs } = await timed(clock, () => reader.newest(QUESTION, timeoutMs));
      expect(result).toMatchObject({
        value: { answered: false, reason: expect.stringContaining(`CloudWatch in ${SINGAPORE}`) },
      });
      expect(tookMs).toBeLessThanOrEqual(timeoutMs);
    }),
  );

  it('that may not be read says so', () =>
    withMetrics(async ({ world, reader }) => {
      const answer = { error: 'AccessDenied', message: 'not authorized to perform cloudwatch:GetMetricData' };
      world.aws.setFault({ service: 'cloudwatch', operation: 'GetMetricData', answer }, true);
      expect(await reader.newest(QUESTION, 5_000)).toEqual({
        answered: false,
        reason: `CloudWatch in ${SINGAPORE}: AccessDenied: not authorized to perform cloudwatch:GetMetricData`,
      });
    }));
});
