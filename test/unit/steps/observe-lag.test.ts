import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { MetricQuestion } from '../../../core/health/metric-question.ts';
import { ROUND_SECONDS } from '../../../core/health/rounds.ts';
import type { Ports } from '../../../core/ports.ts';
import { observeLag } from '../../../lambdas/observe-regions/observe-lag.ts';
import { SEOUL, SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { stepWorld, UNPINNED } from '../../_helpers/steps/step-world.ts';

const TABLE = resolveConfig({ ...UNPINNED, data: { adapter: 'dynamodb-global', table: 'shop' } });
const MINUTE = 60 / ROUND_SECONDS;
type Answered = Awaited<ReturnType<Ports['metrics']['newestDatapoint']>>;

/** An observer that looks once, with what CloudWatch answers. */
async function looking(
  answer: Answered,
  { config = TABLE, region = TOKYO, round = MINUTE }: { config?: typeof TABLE; region?: string; round?: number } = {},
) {
  const world = stepWorld(config);
  const asked: MetricQuestion[] = [];
  const metrics: Ports['metrics'] = {
    newest: async () => ({ answered: false, reason: 'not asked here' }),
    newestDatapoint: async (question) => {
      asked.push(question);
      return answer;
    },
  };
  const { reports: before } = await world.ports.coordination.readSituation();
  await observeLag({ ...world.context(region), ports: { ...world.ports, metrics } }, { round, before });
  const { reports } = await world.ports.coordination.readSituation();
  return { asked, reports };
}

const point = (value: number, atEpochMs = 120_000): Answered => ({ answered: true, datapoint: { value, atEpochMs } });

describe('a lag that is published where it comes from', () => {
  it('is asked for there, once a minute, and kept by the observer beside the copy', async () => {
    const { asked, reports } = await looking(point(700));
    expect(asked).toEqual([
      {
        region: SINGAPORE,
        namespace: 'AWS/DynamoDB',
        metric: 'ReplicationLatency',
        dimensions: { TableName: 'shop', ReceivingRegion: TOKYO },
        statistic: 'Maximum',
        periodSeconds: 60,
      },
    ]);
    expect(reports).toMatchObject([
      {
        ...{ observer: TOKYO, subject: SINGAPORE },
        metrics: { 'replication-lag-seconds': [{ value: 0.7, atEpochMs: 120_000 }] },
      },
    ]);
  });

  it.each([
    { what: 'in the rounds between', answer: point(700), settings: { round: MINUTE + 1 } },
    { what: 'by an observer that has no copy beside it', answer: point(700), settings: { region: SEOUL } },
    { what: 'of copies that publish their own', answer: point(700), settings: { config: UNPINNED } },
  ])('is not asked for $what', async ({ answer, settings }) => {
    const { asked, reports } = await looking(answer, settings);
    expect(asked).toEqual([]);
    expect(reports).toEqual([]);
  });

  it.each([
    { what: 'Region that does not answer', answer: { answered: false, reason: 'dark' } },
    { what: 'table that nobody writes to', answer: { answered: true, datapoint: undefined } },
  ] as const)('is not told of a $what', async ({ answer }) => {
    expect((await looking(answer)).reports).toEqual([]);
  });
});
