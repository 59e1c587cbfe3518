import type { GetMetricDataCommandInput, GetMetricStatisticsCommandInput } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { RefusedInputError } from '../../../core/errors.ts';
import { T0, type WatchedTwin, watchedTwin } from '../../_helpers/cloudwatch-twin.ts';

const at = (seconds: number) => new Date(T0 + seconds * 1000);

function metric(id: string, changes: object = {}) {
  return {
    Id: id,
    MetricStat: { Metric: { Namespace: 'Switchyard', MetricName: id }, Period: 60, Stat: 'Sum' },
    ...changes,
  };
}

/** Minutes 0 to 3 of errors (1, none, 3, 4) and of requests (10, 20, none, 40), asked for at 300 s. */
function withData(): WatchedTwin {
  const watched = watchedTwin();
  for (const [minute, value] of [1, undefined, 3, 4].entries()) {
    if (value !== undefined) watched.publish(minute * 60, value);
  }
  for (const [minute, value] of [10, 20, undefined, 40].entries()) {
    if (value !== undefined) watched.publish(minute * 60, value, 'requests');
  }
  watched.runTo(300);
  return watched;
}

function data(watched: WatchedTwin, changes: Partial<GetMetricDataCommandInput>) {
  const range = { StartTime: at(0), EndTime: at(300), ScanBy: 'TimestampAscending' as const };
  return watched.twin.getMetricData({ MetricDataQueries: [], ...range, ...changes }).MetricDataResults ?? [];
}

function problemsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof RefusedInputError) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe('GetMetricData', () => {
  it('gives the newest datapoint first, only where there is one, with the start of its period', () => {
    expect(data(withData(), { MetricDataQueries: [metric('errors')], ScanBy: undefined })).toEqual([
      {
        Id: 'errors',
        Label: 'errors',
        Timestamps: [at(180), at(120), at(0)],
        Values: [4, 3, 1],
        StatusCode: 'Complete',
      },
    ]);
  });

  it('computes expressions, and returns only what is asked for', () => {
    const rate = { Id: 'rate', Expression: '100 * errors / requests', Label: 'error rate' };
    const queries = [metric('errors', { ReturnData: false }), metric('requests', { ReturnData: false }), rate];
    expect(data(withData(), { MetricDataQueries: queries })).toEqual([
      {
        Id: 'rate',
        Label: 'error rate',
        Timestamps: [at(0), at(60), at(180)],
        Values: [10, 0, 10],
        StatusCode: 'Complete',
      },
    ]);
  });

  it('takes StartTime with, EndTime without', () => {
    const asked = (from: number, to: number) =>
      data(withData(), { MetricDataQueries: [metric('errors')], StartTime: at(from), EndTime: at(to) })[0]?.Values;
    expect(asked(0, 180)).toEqual([1, 3]);
    expect(asked(0, 181)).toEqual([1, 3, 4]);
    expect(asked(120, 300)).toEqual([3, 4]);
    expect(asked(121, 300)).toEqual([3, 4]);
    expect(asked(180, 300)).toEqual([4]);
  });

  it('cuts periods from the start, rounded down to the minute', () => {
    const query = metric('errors', { MetricStat: { ...metric('errors').MetricStat, Period: 120 } });
    const results = data(withData(), { MetricDataQueries: [query], StartTime: at(65) });
    expect(results[0]).toMatchObject({ Timestamps: [at(60), at(180)], Values: [3, 4] });
  });

  it('rounds the start to 5 minutes beyond 15 days and to an hour beyond 63', () => {
    const watched = withData();
    const start = (daysBack: number) => {
      const StartTime = new Date(T0 + 300_000 - daysBack * 86_400_000 + 17 * 60_000);
      const query = metric('errors', { MetricStat: { ...metric('errors').MetricStat, Period: 3600, Stat: 'Maximum' } });
      return data(watched, { MetricDataQueries: [query], StartTime })[0]?.Timestamps?.[0];
    };
    expect(start(10)?.getUTCMinutes()).toBe(22);
    expect(start(20)?.getUTCMinutes()).toBe(20);
    expect(start(70)?.getUTCMinutes()).toBe(0);
  });

  it('asked for all time answers what there is, in no time', () => {
    const everything = { StartTime: new Date(0), EndTime: new Date(T0 * 2), MetricDataQueries: [metric('errors')] };
    expect(data(withData(), everything)[0]?.Values).toEqual([1, 3, 4]);
    const seconds = metric('errors', { MetricStat: { ...metric('errors').MetricStat, Period: 1 } });
    expect(data(withData(), { ...everything, MetricDataQueries: [seconds] })[0]?.Values).toEqual([]);
  });

  it('reads seconds of a high-resolution metric', () => {
    const watched = watchedTwin();
    for (const [second, Value] of [2, 5, 12, 21].entries()) {
      const datum = { MetricName: 'errors', Value, Timestamp: at(second * 5), StorageResolution: 1 };
      watched.twin.putMetricData({ Namespace: 'Switchyard', MetricData: [datum] });
    }
    watched.runTo(60);
    const query = metric('errors', { MetricStat: { ...metric('errors').MetricStat, Period: 10 } });
    const results = data(watched, { MetricDataQueries: [query], StartTime: at(3), EndTime: at(60) });
    expect(results[0]).toMatchObject({ Timestamps: [at(0), at(10)], Values: [7, 33] });
  });

  it('answers nothing for a metric that it does not know', () => {
    expect(data(withData(), { MetricDataQueries: [metric('nothing')] })[0]).toMatchObject({
      Timestamps: [],
      Values: [],
    });
  });

  it('lets expressions of one request have periods of their own', () => {
    const slow = { ...metric('errors').MetricStat, Period: 300 };
    const queries = [
      metric('errors'),
      { Id: 'slow', MetricStat: slow },
      { Id: 'double', Expression: '2 * errors' },
      { Id: 'half', Expression: 'slow / 2' },
    ];
    const results = data(withData(), { MetricDataQueries: queries });
    expect(results.map(({ Id, Values }) => [Id, Values])).toEqual([
      ['errors', [1, 3, 4]],
      ['slow', [8]],
      ['double', [2, 6, 8]],
      ['half', [4]],
    ]);
  });

  it.each([
    [{ EndTime: at(0) }, ['StartTime: must be before EndTime']],
    [{ StartTime: undefined }, ['StartTime: is missing']],
    [{ NextToken: 'x' }, ['NextToken: pages are not modelled by the twin']],
    [{ LabelOptions: { Timezone: '+0800' } }, ['LabelOptions: dynamic labels are not modelled by the twin']],
    [
      { MetricDataQueries: [metric('errors', { Label: '\u0024{MAX}' })] },
      ['MetricDataQueries errors.Label: dynamic labels are not modelled by the twin'],
    ],
    [
      { MaxDatapoints: 2, MetricDataQueries: [metric('errors')] },
      ['MaxDatapoints: the answer has more datapoints than one page holds'],
    ],
    [
      { MetricDataQueries: [metric('errors', { MetricStat: { ...metric('errors').MetricStat, Period: 7 } })] },
      ['MetricDataQueries[0].MetricStat.Period: is not an allowed period'],
    ],
    [
      { MetricDataQueries: [{ Id: 'q', Expression: 'SELECT MAX(errors) FROM Switchyard' }] },
      [
        expect.stringContaining(
          'MetricDataQueries[0].Expression: at position 1: Metrics Insights queries are not modelled',
        ),
      ],
    ],
    [
      { MetricDataQueries: [metric('errors'), { Id: 'q', Expression: 'MAX(errors)' }] },
      [expect.stringContaining('MetricDataQueries[1].Expression: gives a number')],
    ],
    [
      { MetricDataQueries: Array.from({ length: 501 }, (_, n) => metric(`m${n}`)) },
      ['MetricDataQueries: is out of range'],
    ],
  ])('refuses %o', (changes, expected) => {
    expect(problemsOf(() => data(withData(), changes))).toEqual(expected);
  });
});

describe('GetMetricStatistics', () => {
  function statistics(watched: WatchedTwin, changes: Partial<GetMetricStatisticsCommandInput>) {
    return watched.twin.getMetricStatistics({
      Namespace: 'Switchyard',
      MetricName: 'errors',
      StartTime: at(0),
      EndTime: at(300),
      Period: 60,
      Statistics: ['Sum'],
      ...changes,
    });
  }

  it('gives a datapoint per period that has data, with the statistics asked for', () => {
    expect(statistics(withData(), { Period: 120, Statistics: ['Sum', 'SampleCount', 'Average'] })).toEqual({
      Label: 'errors',
      Datapoints: [
        { Timestamp: at(0), Unit: 'None', Sum: 1, SampleCount: 1, Average: 1 },
        { Timestamp: at(120), Unit: 'None', Sum: 7, SampleCount: 2, Average: 3.5 },
      ],
    });
  });

  it('gives extended statistics by name', () => {
    const found = statistics(withData(), { Statistics: undefined, ExtendedStatistics: ['p50', 'tm100'], Period: 300 });
    expect(found.Datapoints).toEqual([
      { Timestamp: at(0), Unit: 'None', ExtendedStatistics: { p50: 3, tm100: 8 / 3 } },
    ]);
  });

  it('keeps units apart unless one is asked for', () => {
    const watched = withData();
    const MetricData = [{ MetricName: 'errors', Value: 7, Unit: 'Count' as const, Timestamp: at(0) }];
    watched.twin.putMetricData({ Namespace: 'Switchyard', MetricData });
    const units = (changes: Partial<GetMetricStatisticsCommandInput>) =>
      statistics(watched, { EndTime: at(60), ...changes }).Datapoints?.map(({ Unit, Sum }) => [Unit, Sum]);
    expect(units({})).toEqual([
      ['None', 1],
      ['Count', 7],
    ]);
    expect(units({ Unit: 'Count' })).toEqual([['Count', 7]]);
    expect(units({ Unit: 'Seconds' })).toEqual([]);
  });

  it.each([
    [1439, []],
    [1440, []],
    [1441, ['Period: would give too many datapoints']],
  ])('of %i periods: %o', (periods, expected) => {
    const watched = withData();
    expect(problemsOf(() => statistics(watched, { StartTime: at(300 - periods * 60) }))).toEqual(expected);
  });

  it('refuses every problem at once', () => {
    const wrong = { Period: 7, Statistics: undefined, ExtendedStatistics: ['p101', 'Sum'], EndTime: at(0) };
    expect(problemsOf(() => statistics(withData(), wrong))).toEqual([
      'ExtendedStatistics[0]: is not a known statistic',
      'ExtendedStatistics[1]: is not a known statistic',
      'Period: is not a period',
      'StartTime: must be before EndTime',
    ]);
    expect(problemsOf(() => statistics(withData(), { ExtendedStatistics: ['p50'] }))).toEqual([
      'Statistics: must have either Statistics or ExtendedStatistics, not both and not none',
    ]);
  });
});
