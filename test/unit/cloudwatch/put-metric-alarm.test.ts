import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { parseMetricAlarm } from '../../../twin/cloudwatch/alarms/parse-metric-alarm.ts';
import { metricAlarmInput } from '../../_helpers/cloudwatch.ts';

/** `path: message` of every problem; empty if the alarm was accepted. */
function problemsOf(input: unknown): readonly string[] {
  const parsed = parseMetricAlarm(input);
  return parsed.kind === 'refused' ? parsed.problems.map(({ path, message }) => `${path}: ${message}`) : [];
}

function changed(changes: Readonly<Record<string, unknown>>): readonly string[] {
  return problemsOf({ ...metricAlarmInput(), ...changes });
}

const metric = (id: string, changes: object = {}) => ({
  Id: id,
  ReturnData: false,
  MetricStat: { Metric: { Namespace: 'Switchyard', MetricName: id }, Period: 60, Stat: 'Sum' },
  ...changes,
});
const { AlarmName, EvaluationPeriods, Threshold, ComparisonOperator } = metricAlarmInput();
const mathAlarm = (...Metrics: readonly unknown[]) => ({
  AlarmName,
  EvaluationPeriods,
  Threshold,
  ComparisonOperator,
  Metrics,
});

describe('PutMetricAlarm', () => {
  it('resolves the defaults', () => {
    const parsed = parseMetricAlarm(metricAlarmInput());
    expect(parsed).toMatchObject({
      kind: 'parsed',
      alarm: { datapointsToAlarm: 3, treatMissingData: 'missing', ignoresLowSampleCounts: false, watchedId: 'm1' },
    });
  });

  it.each([
    [undefined, 'ignore'],
    ['breaching', 'breaching'],
  ])(
    'of a DynamoDB metric with TreatMissingData %s treats missing data as %s',
    (TreatMissingData, treatMissingData) => {
      const parsed = parseMetricAlarm(metricAlarmInput({ Namespace: 'AWS/DynamoDB', TreatMissingData }));
      expect(parsed).toMatchObject({ alarm: { treatMissingData } });
    },
  );

  it('reports every problem at once', () => {
    const input = metricAlarmInput({ Period: 45, EvaluationPeriods: 2, DatapointsToAlarm: 3, Statistic: undefined });
    expect(problemsOf({ ...input, AlarmName: undefined, Treshold: 1, TreatMissingData: 'Missing' })).toEqual([
      'Treshold: is not a known key',
      'AlarmName: is missing',
      'TreatMissingData: is not an allowed value',
      'Statistic: must have either Statistic or ExtendedStatistic, not both and not none',
      'Period: is not an allowed period',
      'DatapointsToAlarm: can never be reached',
    ]);
  });

  it('says what is missing', () => {
    expect(problemsOf({})).toEqual([
      'AlarmName: is missing',
      'EvaluationPeriods: is missing',
      'Threshold: is missing',
      'ComparisonOperator: is missing',
      ': the alarm names no metric',
    ]);
    expect(changed({ Namespace: undefined, Period: undefined })).toEqual([
      'Namespace: is missing beside MetricName',
      'Period: is missing beside MetricName',
    ]);
    expect(problemsOf(null)).toEqual([': must be an object']);
    expect(problemsOf([])).toEqual([': must be an object']);
  });

  it.each([
    [1, false],
    [9, false],
    [10, true],
    [20, true],
    [30, true],
    [40, false],
    [59, false],
    [60, true],
    [61, false],
    [90, false],
    [120, true],
    [86_400, true],
    [0, false],
    [-60, false],
    [60.5, false],
  ])('a period of %d s: accepted %s', (Period, accepted) => {
    expect(changed({ Period, EvaluationPeriods: 1 }).length === 0).toBe(accepted);
  });

  it.each([
    // Below an hour's period a day, from an hour on seven days.
    [60, 1439, true],
    [60, 1440, true],
    [60, 1441, false],
    [3540, 24, true],
    [3540, 25, false],
    [3600, 167, true],
    [3600, 168, true],
    [3600, 169, false],
    [86_400, 7, true],
    [86_400, 8, false],
  ])('%d s times %d evaluation periods: accepted %s', (Period, EvaluationPeriods, accepted) => {
    expect(changed({ Period, EvaluationPeriods }).length === 0).toBe(accepted);
  });

  it.each([
    [0, false],
    [1, true],
    [2, true],
    [3, true],
    [4, false],
    [1.5, false],
  ])('%d datapoints to alarm of 3: accepted %s', (DatapointsToAlarm, accepted) => {
    expect(changed({ DatapointsToAlarm }).length === 0).toBe(accepted);
  });

  it.each([
    [{ Statistic: 'Sum', ExtendedStatistic: 'p99' }, 'Statistic: must have either'],
    [{ Statistic: 'Avg' }, 'Statistic: is not an allowed value'],
    [{ Statistic: undefined, ExtendedStatistic: 'Sum' }, 'ExtendedStatistic: is not an extended statistic'],
    [{ Statistic: undefined, ExtendedStatistic: 'p101' }, 'ExtendedStatistic: is not a known statistic'],
    [{ Unit: 'Second' }, 'Unit: is not an allowed value'],
    [{ Threshold: '1' }, 'Threshold: has the wrong type'],
    [{ Threshold: Number.NaN }, 'Threshold: has the wrong type'],
    [{ EvaluationPeriods: 0 }, 'EvaluationPeriods: is out of range'],
    [{ AlarmName: '' }, 'AlarmName: is out of range'],
    [{ AlarmName: 'a\u0007' }, 'AlarmName: must not contain ASCII control characters'],
    [{ AlarmActions: ['a', 'b', 'c', 'd', 'e', 'f'] }, 'AlarmActions: is out of range'],
    [{ ActionsEnabled: 'yes' }, 'ActionsEnabled: has the wrong type'],
    [{ Dimensions: [{ Name: 'Region' }] }, 'Dimensions[0].Value: is missing'],
    [
      {
        Dimensions: [
          { Name: 'R', Value: '1' },
          { Name: 'R', Value: '2' },
        ],
      },
      'Dimensions: must not name a dimension twice',
    ],
    [{ EvaluateLowSampleCountPercentile: 'skip' }, 'EvaluateLowSampleCountPercentile: is not an allowed value'],
  ])('refuses %o', (changes, expected) => {
    expect(changed(changes)).toEqual([expect.stringContaining(expected)]);
  });

  it.each(['p99', 'p99.9', 'tm90', 'IQM', 'TM(10%:90%)', 'TC(100:200)', 'PR(:300)'])(
    'takes %s',
    (ExtendedStatistic) => {
      expect(changed({ Statistic: undefined, ExtendedStatistic })).toEqual([]);
    },
  );
});

describe('what the twin does not know', () => {
  it.each([
    ['PromQL alarms', { EvaluationCriteria: { PromQLCriteria: { Query: 'up' } }, EvaluationInterval: 60 }],
    ['wall-clock windows', { EvaluationWindow: { WallClockWindow: { Timezone: 'Asia/Taipei' } } }],
    ['anomaly detection bands', { ComparisonOperator: 'GreaterThanUpperThreshold', ThresholdMetricId: 'ad1' }],
    ['anomaly detection bands', { ComparisonOperator: 'LessThanLowerThreshold' }],
    ['anomaly detection bands', { ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold' }],
    ['alarm warm-up periods', { WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 10 } }],
    ['log alarms', { ScheduledQueryConfiguration: {}, QueryResultsToEvaluate: 3, QueryResultsToAlarm: 2 }],
    ['tags in notifications', { ActionConfiguration: { AlarmTagsPropagation: {} } }],
  ] as const)('%s are refused by name, and nothing else is said of their fields', (feature, changes) => {
    const problems = changed(changes);
    expect(problems).toEqual(Object.keys(changes).map((field) => `${field}: ${feature} are not modelled by the twin`));
  });

  it('a PromQL alarm is not asked for the fields that it must not have', () => {
    const input = { AlarmName: 'a', EvaluationInterval: 60, EvaluationCriteria: { PromQLCriteria: { Query: 'up' } } };
    expect(problemsOf(input)).toHaveLength(2);
  });

  it('an explicit sliding window is the default', () => {
    expect(changed({ EvaluationWindow: { SlidingWindow: {} } })).toEqual([]);
    expect(changed({ EvaluationWindow: { SlidingWindow: {}, WallClockWindow: {} } })).toHaveLength(1);
  });
});

describe('PutMetricAlarm with Metrics', () => {
  const rate = { Id: 'rate', Expression: 'IF(requests > 0, errors / requests, 0)' };

  it('watches the query that returns data', () => {
    const parsed = parseMetricAlarm(mathAlarm(metric('errors'), metric('requests'), rate));
    expect(parsed).toMatchObject({ kind: 'parsed', alarm: { watchedId: 'rate', periodSeconds: 60 } });
    expect(problemsOf(mathAlarm(metric('errors', { ReturnData: true })))).toEqual([]);
  });

  it.each([
    ['no query', [], ['Metrics: must return the data of exactly one query, the one the alarm watches']],
    [
      'none returns data',
      [metric('a')],
      ['Metrics: must return the data of exactly one query, the one the alarm watches'],
    ],
    [
      'two return data',
      [metric('a', { ReturnData: true }), { Id: 'b', Expression: 'a' }],
      ['Metrics: must return the data of exactly one query, the one the alarm watches'],
    ],
    ['an id is used twice', [metric('a'), metric('a', { ReturnData: true })], ['Metrics[1].Id: is used twice']],
    [
      'an id starts in upper case',
      [metric('Rate', { ReturnData: true })],
      ['Metrics[0].Id: must start with a lower-case letter and go on with letters, digits and underscores'],
    ],
    [
      'neither metric nor expression',
      [metric('a', { ReturnData: true }), { Id: 'b', ReturnData: false }],
      ['Metrics[1]: must have either MetricStat or Expression, not both'],
    ],
    [
      'metric and expression',
      [metric('a', { ReturnData: true, Expression: '1' })],
      ['Metrics[0]: must have either MetricStat or Expression, not both'],
    ],
    [
      'different periods',
      [
        metric('a', { MetricStat: { ...metric('a').MetricStat, Period: 300 } }),
        metric('b'),
        { Id: 'c', Expression: 'a + b' },
      ],
      ['Metrics: mixes metrics of different periods', expect.stringMatching(/^Metrics\[2\].Expression: mixes metrics/)],
    ],
    [
      'an unknown reference',
      [metric('a'), { Id: 'c', Expression: 'a + nope' }],
      ['Metrics[1].Expression: at position 5: unknown id "nope"'],
    ],
    [
      'a circle',
      [metric('a'), { Id: 'b', Expression: 'c', ReturnData: false }, { Id: 'c', Expression: 'a + b' }],
      ['Metrics[1].Expression: refers to itself', 'Metrics[2].Expression: refers to itself'],
    ],
    [
      'a scalar result',
      [metric('a'), { Id: 'b', Expression: 'MAX(a)' }],
      [expect.stringMatching(/^Metrics\[1\].Expression: gives a number where a time series is needed/)],
    ],
    [
      'several series as the result',
      [metric('a'), { Id: 'b', Expression: 'METRICS()' }],
      [expect.stringMatching(/^Metrics\[1\].Expression: gives several time series/)],
    ],
    ['no metric at all', [{ Id: 'b', Expression: 'TIME_SERIES(1)' }], ['Metrics[0].Expression: refers to no metric']],
    [
      'an unknown field deep inside',
      [metric('a', { ReturnData: true, MetricStat: { ...metric('a').MetricStat, Stats: 'Sum' } })],
      ['Metrics[0].MetricStat.Stats: is not a known key'],
    ],
    [
      'a wrong statistic',
      [metric('a', { ReturnData: true, MetricStat: { ...metric('a').MetricStat, Stat: 'Avg' } })],
      ['Metrics[0].MetricStat.Stat: is not a known statistic'],
    ],
  ])('refused: %s', (_, queries, expected) => {
    expect(problemsOf(mathAlarm(...queries))).toEqual(expected);
  });

  it.each([
    [9, 0],
    [10, 0],
    [11, 1],
  ])('%i metrics: %i problems', (count, problems) => {
    const queries = Array.from({ length: count }, (_, index) => metric(`m${index}`));
    expect(problemsOf(mathAlarm(...queries, { Id: 'all', Expression: 'SUM(METRICS())' }))).toHaveLength(problems);
  });

  it('cannot have the fields of a simple alarm besides', () => {
    const input = { ...mathAlarm(metric('a', { ReturnData: true })), Namespace: 'Switchyard', Period: 60 };
    expect(problemsOf(input)).toEqual([
      'Namespace: cannot stand beside Metrics',
      'Period: cannot stand beside Metrics',
    ]);
  });

  it('cannot perform EC2 actions on an expression', () => {
    const stop: PutMetricAlarmCommandInput['AlarmActions'] = ['arn:aws:automate:us-east-1:ec2:stop'];
    expect(problemsOf({ ...mathAlarm(metric('errors'), metric('requests'), rate), AlarmActions: stop })).toEqual([
      'AlarmActions[0]: an alarm on a math expression cannot perform EC2 actions',
    ]);
    expect(changed({ AlarmActions: stop })).toEqual([]);
  });
});
