import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { openDataStream } from '../../../twin/cloudwatch/alarms/data-stream.ts';
import { parseMetricAlarm } from '../../../twin/cloudwatch/alarms/parse-metric-alarm.ts';
import { createMetricStore } from '../../../twin/cloudwatch/metrics/metric-store.ts';
import { metricAlarmInput } from '../../_helpers/cloudwatch.ts';
import { T0, type WatchedTwin, watchedTwin } from '../../_helpers/cloudwatch-twin.ts';

function withAlarm(changes: Partial<PutMetricAlarmCommandInput> = {}): WatchedTwin {
  const watched = watchedTwin();
  watched.twin.putMetricAlarm(metricAlarmInput({ EvaluationPeriods: 1, ...changes }));
  return watched;
}

function read({ twin, clock }: WatchedTwin) {
  const stream = twin.openDataStream('errors');
  return stream.kind === 'open'
    ? stream.read(clock.now())
    : stream.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('the data stream of an alarm (Route 53 rule 22)', () => {
  it('says what the data says, also before the alarm was evaluated', () => {
    const watched = withAlarm();
    expect(read(watched)).toBe('INSUFFICIENT_DATA');
    watched.publish(0, 1);
    watched.runTo(60);
    watched.publish(60, 0);
    watched.runTo(119);
    expect(read(watched)).toBe('ALARM');
    watched.runTo(120);
    expect(read(watched)).toBe('OK');
  });

  it('does not show a state set by hand', () => {
    const watched = withAlarm();
    watched.publish(0, 0);
    watched.runTo(60);
    watched.twin.setAlarmState({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'drill' });
    expect(watched.stateOf('errors')).toBe('ALARM');
    expect(read(watched)).toBe('OK');
  });

  it('has no state to retain: where the alarm would, it has insufficient data', () => {
    const watched = withAlarm({ TreatMissingData: 'ignore' });
    watched.publish(0, 1);
    watched.runTo(600);
    expect(watched.stateOf('errors')).toBe('ALARM');
    expect(read(watched)).toBe('INSUFFICIENT_DATA');
  });

  it('goes on with the criteria it was opened with after the alarm has changed', () => {
    const watched = withAlarm();
    const stream = watched.twin.openDataStream('errors');
    watched.twin.putMetricAlarm(metricAlarmInput({ EvaluationPeriods: 1, Threshold: 10 }));
    watched.publish(0, 5);
    watched.runTo(60);
    expect(stream.kind === 'open' && stream.read(T0 + 60_000)).toBe('ALARM');
    expect(read(watched)).toBe('OK');
  });
});

describe('Route 53 refuses the data stream of', () => {
  it.each([
    [
      'an M-of-N alarm',
      { EvaluationPeriods: 3, DatapointsToAlarm: 2 },
      ['DatapointsToAlarm: Route 53 does not support "M out of N" alarms'],
    ],
    ['a high-resolution alarm', { Period: 30 }, ['Period: Route 53 does not support high-resolution alarms']],
    [
      'an extended statistic',
      { Statistic: undefined, ExtendedStatistic: 'p99' },
      ['ExtendedStatistic: Route 53 does not support extended statistics'],
    ],
    [
      'several of these',
      { Period: 30, EvaluationPeriods: 2, DatapointsToAlarm: 1 },
      [
        'DatapointsToAlarm: Route 53 does not support "M out of N" alarms',
        'Period: Route 53 does not support high-resolution alarms',
      ],
    ],
  ])('%s', (_, changes, expected) => {
    expect(read(withAlarm(changes))).toEqual(expected);
  });

  it('a high-resolution metric', () => {
    const watched = withAlarm();
    const MetricData = [{ MetricName: 'errors', Value: 1, StorageResolution: 1 }];
    watched.twin.putMetricData({ Namespace: 'Switchyard', MetricData });
    expect(read(watched)).toEqual(['MetricName: Route 53 does not support high-resolution metrics']);
  });

  it('metric math over several metrics, but not over one', () => {
    const watched = watchedTwin();
    const metric = (Id: string) => ({
      Id,
      ReturnData: false,
      MetricStat: { Metric: { Namespace: 'Switchyard', MetricName: Id }, Period: 60, Stat: 'Sum' },
    });
    const { AlarmName, Threshold, ComparisonOperator } = metricAlarmInput();
    const alarm = { AlarmName, Threshold, ComparisonOperator, EvaluationPeriods: 1 };
    watched.twin.putMetricAlarm({ ...alarm, Metrics: [metric('a'), metric('b'), { Id: 'c', Expression: 'a + b' }] });
    expect(read(watched)).toEqual(['Metrics: Route 53 does not support metric math over several metrics']);
    watched.twin.putMetricAlarm({ ...alarm, Metrics: [metric('a'), { Id: 'c', Expression: 'a * 2' }] });
    expect(read(watched)).toBe('INSUFFICIENT_DATA');
  });

  it('an alarm on a metric of another account, which the twin itself does not take', () => {
    const MetricStat = { Metric: { Namespace: 'Switchyard', MetricName: 'a' }, Period: 60, Stat: 'Sum' };
    const { AlarmName, Threshold, ComparisonOperator } = metricAlarmInput();
    const Metrics = [{ Id: 'a', AccountId: '999999999999', MetricStat }];
    const input = { AlarmName, Threshold, ComparisonOperator, EvaluationPeriods: 1, Metrics };
    const parsed = parseMetricAlarm(input);
    const stream = parsed.kind === 'parsed' && openDataStream(parsed.alarm, createMetricStore(), '123456789012');
    expect(stream).toMatchObject({ kind: 'refused', problems: [{ path: 'AccountId' }] });
    expect(() => watchedTwin().twin.putMetricAlarm(input)).toThrow(/metrics of other accounts are not modelled/);
  });

  it('an unknown alarm, and a composite one', () => {
    const watched = withAlarm();
    watched.twin.putCompositeAlarm({ AlarmName: 'c', AlarmRule: 'ALARM(errors)' });
    expect(watched.twin.openDataStream('nobody')).toMatchObject({ problems: [{ message: 'no alarm has this name' }] });
    expect(watched.twin.openDataStream('c')).toMatchObject({
      problems: [{ message: 'a composite alarm has no data stream' }],
    });
  });
});
