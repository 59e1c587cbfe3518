import { describe, expect, it } from 'vitest';
import { metricAlarmInput } from '../../_helpers/cloudwatch.ts';
import { T0, watchedTwin } from '../../_helpers/cloudwatch-twin.ts';

describe('the alarm clock', () => {
  it('evaluates every minute on the data of the minutes before', () => {
    const { twin, publish, runTo, changes, stateOf } = watchedTwin();
    twin.putMetricAlarm(metricAlarmInput({ EvaluationPeriods: 2 }));
    expect(stateOf('errors')).toBe('INSUFFICIENT_DATA');
    for (const [minute, value] of [0, 0, 5, 5, 5, 0].entries()) {
      runTo(minute * 60);
      publish(minute * 60, value);
    }
    runTo(360);
    expect(changes()).toEqual([
      '60 errors INSUFFICIENT_DATA -> OK',
      '240 errors OK -> ALARM',
      '360 errors ALARM -> OK',
    ]);
  });

  it('slides: a period of five minutes is looked at anew every minute, from any minute on', () => {
    // "At the end of minute 5 the alarm evaluates based on data from minutes 1 to 5, at the end of minute 6 on 2 to 6."
    const { twin, publish, runTo, changes } = watchedTwin();
    twin.putMetricAlarm(metricAlarmInput({ Period: 300, EvaluationPeriods: 1, Threshold: 2 }));
    for (let minute = 0; minute < 12; minute += 1) {
      runTo(minute * 60);
      publish(minute * 60, minute === 3 || minute === 7 ? 2 : 0);
    }
    runTo(780);
    // Both values are within five minutes at the end of minute 8 only, which is 480 s.
    expect(changes()).toEqual([
      '60 errors INSUFFICIENT_DATA -> OK',
      '480 errors OK -> ALARM',
      '540 errors ALARM -> OK',
    ]);
  });

  it.each([10, 20, 30])('evaluates an alarm with a period of %i s every ten seconds', (Period) => {
    const { twin, runTo, changes } = watchedTwin();
    twin.putMetricAlarm(metricAlarmInput({ Period, EvaluationPeriods: 1 }));
    runTo(12);
    const datum = { MetricName: 'errors', Value: 1, StorageResolution: 1 };
    twin.putMetricData({ Namespace: 'Switchyard', MetricData: [datum] });
    runTo(60);
    expect(changes()[0]).toBe('20 errors INSUFFICIENT_DATA -> ALARM');
  });

  it('evaluates a multi-day alarm every hour, on data up to the hour', () => {
    const { twin, publish, runTo, changes } = watchedTwin();
    twin.putMetricAlarm(metricAlarmInput({ Period: 3600, EvaluationPeriods: 25, DatapointsToAlarm: 1 }));
    runTo(61 * 60);
    publish(61 * 60, 1);
    runTo(119 * 60);
    expect(changes()).toEqual([]);
    runTo(120 * 60);
    expect(changes()).toEqual(['7200 errors INSUFFICIENT_DATA -> ALARM']);
  });

  it('sees the data that was there before the alarm was created', () => {
    const { twin, publish, runTo, stateOf } = watchedTwin();
    for (const minute of [0, 1, 2]) publish(minute * 60, 1);
    runTo(181);
    twin.putMetricAlarm(metricAlarmInput());
    runTo(240);
    expect(stateOf('errors')).toBe('ALARM');
  });

  it('fills as seldom as possible when the metric stops, and only then ends in INSUFFICIENT_DATA', () => {
    const { twin, publish, runTo, changes } = watchedTwin();
    twin.putMetricAlarm(metricAlarmInput());
    publish(0, 0);
    runTo(600);
    // One of three datapoints is enough for OK, and stays in the range of five for five minutes.
    expect(changes()).toEqual(['60 errors INSUFFICIENT_DATA -> OK', '360 errors OK -> INSUFFICIENT_DATA']);
  });

  it('does not tick without alarms, wakes for the first, and stops', () => {
    const { twin, clock, publish, runTo, stateOf } = watchedTwin();
    runTo(90);
    twin.putMetricAlarm(metricAlarmInput({ EvaluationPeriods: 1 }));
    publish(60, 1);
    runTo(120);
    expect(stateOf('errors')).toBe('ALARM');
    twin.stop();
    runTo(3600);
    expect(stateOf('errors')).toBe('ALARM');
    expect(clock.now()).toBe(T0 + 3_600_000);
  });

  it('is overtaken by a high-resolution alarm that comes later', () => {
    const { twin, runTo, events } = watchedTwin();
    twin.putMetricAlarm(metricAlarmInput());
    runTo(5);
    twin.putMetricAlarm(metricAlarmInput({ AlarmName: 'fast', Period: 10, TreatMissingData: 'breaching' }));
    runTo(10);
    expect(events.map(({ detail }) => detail.alarmName)).toEqual(['fast']);
  });

  it('follows metric math over several metrics', () => {
    const { twin, publish, runTo, changes } = watchedTwin();
    const metric = (MetricName: string) => ({
      Id: MetricName,
      ReturnData: false,
      MetricStat: { Metric: { Namespace: 'Switchyard', MetricName }, Period: 60, Stat: 'Sum' },
    });
    twin.putMetricAlarm({
      AlarmName: 'error-rate',
      EvaluationPeriods: 1,
      Threshold: 0.1,
      ComparisonOperator: 'GreaterThanThreshold',
      Metrics: [metric('errors'), metric('requests'), { Id: 'rate', Expression: 'errors / requests' }],
    });
    for (const [minute, errors] of [0, 10, 11].entries()) {
      publish(minute * 60, 100, 'requests');
      if (errors > 0) publish(minute * 60, errors);
    }
    runTo(180);
    expect(changes()).toEqual(['60 error-rate INSUFFICIENT_DATA -> OK', '180 error-rate OK -> ALARM']);
  });
});

describe('EvaluateLowSampleCountPercentile', () => {
  it.each([
    [99, 'INSUFFICIENT_DATA'],
    [100, 'ALARM'],
    [101, 'ALARM'],
  ])('ignore keeps the state of a p90 alarm with %i samples: %s', (count, state) => {
    const { twin, runTo, stateOf } = watchedTwin();
    const percentile = { Statistic: undefined, ExtendedStatistic: 'p90', EvaluateLowSampleCountPercentile: 'ignore' };
    twin.putMetricAlarm(metricAlarmInput({ ...percentile, EvaluationPeriods: 1 }));
    twin.putMetricAlarm(
      metricAlarmInput({
        ...percentile,
        AlarmName: 'evaluated',
        EvaluateLowSampleCountPercentile: 'evaluate',
        EvaluationPeriods: 1,
      }),
    );
    const MetricData = [{ MetricName: 'errors', Values: [9], Counts: [count] }];
    twin.putMetricData({ Namespace: 'Switchyard', MetricData });
    runTo(60);
    expect(stateOf('errors')).toBe(state);
    expect(stateOf('evaluated')).toBe('ALARM');
  });

  it('leaves a period without any sample to the missing-data rules', () => {
    const { twin, runTo, stateOf } = watchedTwin();
    const percentile = { Statistic: undefined, ExtendedStatistic: 'p90', EvaluateLowSampleCountPercentile: 'ignore' };
    twin.putMetricAlarm(metricAlarmInput({ ...percentile, TreatMissingData: 'breaching' }));
    runTo(60);
    expect(stateOf('errors')).toBe('ALARM');
  });
});
