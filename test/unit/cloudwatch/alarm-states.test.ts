import { describe, expect, it } from 'vitest';
import { RefusedInputError } from '../../../core/errors.ts';
import { metricAlarmInput } from '../../_helpers/cloudwatch.ts';
import { T0, type WatchedTwin, watchedTwin } from '../../_helpers/cloudwatch-twin.ts';

const TOPIC = 'arn:aws:sns:ap-southeast-1:123456789012:';

/** An alarm for each name, each on a metric of its own. */
function withAlarms(...names: readonly string[]): WatchedTwin {
  const watched = watchedTwin();
  for (const name of names) {
    watched.twin.putMetricAlarm(metricAlarmInput({ AlarmName: name, MetricName: name, EvaluationPeriods: 1 }));
  }
  return watched;
}

function refusalOf(work: () => unknown): RefusedInputError {
  try {
    work();
  } catch (error) {
    if (error instanceof RefusedInputError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a change of state', () => {
  it('is an event in the shape of EventBridge', () => {
    const { twin, publish, runTo, events } = watchedTwin();
    const Dimensions = [{ Name: 'Region', Value: 'ap-southeast-1' }];
    twin.putMetricAlarm(metricAlarmInput({ EvaluationPeriods: 1, AlarmDescription: 'too many errors' }));
    twin.putMetricAlarm(metricAlarmInput({ AlarmName: 'other', Dimensions, TreatMissingData: 'ignore' }));
    publish(0, 3);
    runTo(60);
    expect(events).toEqual([
      {
        version: '0',
        id: 'event-1',
        'detail-type': 'CloudWatch Alarm State Change',
        source: 'aws.cloudwatch',
        account: '123456789012',
        time: '2026-11-02T00:01:00Z',
        region: 'ap-southeast-1',
        resources: ['arn:aws:cloudwatch:ap-southeast-1:123456789012:alarm:errors'],
        detail: {
          alarmName: 'errors',
          state: {
            value: 'ALARM',
            reason:
              'Threshold Crossed: 1 out of the last 1 datapoint [3.0 (02/11/26 00:00:00)] was greater than the threshold (0.0) (minimum 1 datapoint for ALARM).',
            reasonData:
              '{"version":"1.0","queryDate":"2026-11-02T00:01:00.000+0000","startDate":"2026-11-02T00:00:00.000+0000","statistic":"Sum","period":60,"recentDatapoints":[3],"threshold":0}',
            timestamp: '2026-11-02T00:01:00.000+0000',
          },
          previousState: {
            value: 'INSUFFICIENT_DATA',
            reason: 'Unchecked: Initial alarm creation',
            timestamp: '2026-11-02T00:00:00.000+0000',
          },
          configuration: {
            description: 'too many errors',
            metrics: [
              {
                id: 'm1',
                returnData: true,
                metricStat: {
                  metric: { namespace: 'Switchyard', name: 'errors', dimensions: {} },
                  period: 60,
                  stat: 'Sum',
                },
              },
            ],
          },
        },
      },
    ]);
  });

  it('invokes the actions of the new state, once, and none while they are disabled', () => {
    const { twin, publish, runTo, actions } = watchedTwin();
    const lists = {
      AlarmActions: [`${TOPIC}page`, `${TOPIC}log`],
      OKActions: [`${TOPIC}calm`],
      InsufficientDataActions: [`${TOPIC}blind`],
    };
    twin.putMetricAlarm(metricAlarmInput({ ...lists, EvaluationPeriods: 1 }));
    twin.putMetricAlarm(metricAlarmInput({ ...lists, AlarmName: 'mute', EvaluationPeriods: 1, ActionsEnabled: false }));
    publish(0, 1);
    publish(60, 1);
    publish(120, 0);
    runTo(600);
    expect(actions.map(({ actionArn, atMs }) => [(atMs - T0) / 1000, actionArn.slice(TOPIC.length)])).toEqual([
      [60, 'page'],
      [60, 'log'],
      [180, 'calm'],
      [360, 'blind'],
    ]);
    expect(actions[0]?.event.detail.alarmName).toBe('errors');
  });

  it('does not come of putting an alarm again: it keeps its state under the new configuration', () => {
    const { twin, publish, runTo, changes, stateOf } = watchedTwin();
    twin.putMetricAlarm(metricAlarmInput({ EvaluationPeriods: 1 }));
    publish(0, 1);
    runTo(60);
    twin.putMetricAlarm(metricAlarmInput({ EvaluationPeriods: 1, Threshold: 10 }));
    expect(stateOf('errors')).toBe('ALARM');
    runTo(120);
    expect(changes()).toEqual(['60 errors INSUFFICIENT_DATA -> ALARM', '120 errors ALARM -> OK']);
  });
});

describe('SetAlarmState', () => {
  it('holds until the next evaluation, and its actions are performed', () => {
    const { twin, publish, runTo, changes, actions, stateOf } = watchedTwin();
    twin.putMetricAlarm(metricAlarmInput({ EvaluationPeriods: 1, AlarmActions: [`${TOPIC}page`] }));
    publish(0, 0);
    runTo(70);
    twin.setAlarmState({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'drill' });
    expect(stateOf('errors')).toBe('ALARM');
    expect(actions).toHaveLength(1);
    publish(60, 0);
    runTo(120);
    expect(changes()).toEqual(['60 errors INSUFFICIENT_DATA -> OK', '70 errors OK -> ALARM', '120 errors ALARM -> OK']);
  });

  it('to the same state changes the reason and nothing else', () => {
    const { twin, events } = withAlarms('a');
    twin.setAlarmState({
      AlarmName: 'a',
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'drill',
      StateReasonData: '{}',
    });
    expect(events).toEqual([]);
    expect(twin.describeAlarms({}).MetricAlarms?.[0]).toMatchObject({ StateReason: 'drill', StateReasonData: '{}' });
  });

  it.each([
    [{ AlarmName: 'nobody', StateValue: 'OK', StateReason: '' }, 'ResourceNotFound', 1],
    [{ AlarmName: 'a', StateValue: 'Ok', StateReason: 'x'.repeat(1024) }, 'ValidationError', 2],
    [{ AlarmName: 'a', StateValue: 'OK', StateReason: '', StateReasonData: '{' }, 'InvalidFormat', 1],
    [{}, 'ValidationError', 3],
  ] as const)('%o is refused as %s', (input, code, problems) => {
    const { twin } = withAlarms('a');
    const error = refusalOf(() => twin.setAlarmState(input as Parameters<typeof twin.setAlarmState>[0]));
    expect(error.code).toBe(code);
    expect(error.problems).toHaveLength(problems);
  });
});

describe('a composite alarm', () => {
  it('is evaluated after its children, and changes within the same tick', () => {
    const { twin, publish, runTo, changes, events } = withAlarms('a', 'b');
    twin.putCompositeAlarm({ AlarmName: 'both', AlarmRule: 'ALARM(a) AND ALARM("b")' });
    publish(0, 1, 'a');
    publish(0, 0, 'b');
    runTo(60);
    publish(60, 1, 'a');
    publish(60, 1, 'b');
    runTo(120);
    expect(changes()).toEqual([
      '60 a INSUFFICIENT_DATA -> ALARM',
      '60 b INSUFFICIENT_DATA -> OK',
      '60 both INSUFFICIENT_DATA -> OK',
      '120 b OK -> ALARM',
      '120 both OK -> ALARM',
    ]);
    expect(events.at(-1)?.detail).toMatchObject({
      configuration: { alarmRule: 'ALARM(a) AND ALARM("b")' },
      state: {
        reason:
          'arn:aws:cloudwatch:ap-southeast-1:123456789012:alarm:b transitioned to ALARM at 2026-11-02T00:02:00.000Z',
      },
    });
  });

  it('of composite alarms settles in one pass, children first, whatever their names', () => {
    const { twin, runTo, changes } = withAlarms('m');
    twin.putCompositeAlarm({ AlarmName: 'y', AlarmRule: 'ALARM(m)' });
    twin.putCompositeAlarm({ AlarmName: 'z', AlarmRule: 'ALARM(m)' });
    twin.putCompositeAlarm({ AlarmName: 'a', AlarmRule: 'ALARM(y) AND NOT ALARM(z)' });
    runTo(60);
    twin.setAlarmState({ AlarmName: 'm', StateValue: 'ALARM', StateReason: 'drill' });
    // y and z change together, so that a never sees one without the other.
    expect(changes().slice(3)).toEqual(['60 m INSUFFICIENT_DATA -> ALARM', '60 y OK -> ALARM', '60 z OK -> ALARM']);
  });

  it('keeps a state set by hand until one of its children changes', () => {
    const { twin, runTo, stateOf } = withAlarms('a');
    twin.putCompositeAlarm({ AlarmName: 'c', AlarmRule: 'ALARM(a)' });
    runTo(60);
    twin.setAlarmState({ AlarmName: 'c', StateValue: 'ALARM', StateReason: 'drill' });
    runTo(600);
    expect(stateOf('c')).toBe('ALARM');
    twin.setAlarmState({ AlarmName: 'a', StateValue: 'OK', StateReason: 'drill' });
    expect(stateOf('c')).toBe('OK');
  });

  it('follows a new rule', () => {
    const { twin, runTo, stateOf } = withAlarms('a');
    twin.putCompositeAlarm({ AlarmName: 'c', AlarmRule: 'ALARM(a)' });
    runTo(60);
    expect(stateOf('c')).toBe('OK');
    twin.putCompositeAlarm({ AlarmName: 'c', AlarmRule: 'NOT ALARM(a)' });
    expect(stateOf('c')).toBe('OK');
    runTo(120);
    expect(stateOf('c')).toBe('ALARM');
  });

  it('in a circle is not evaluated, nor is one above it, until the circle is broken', () => {
    const { twin, runTo, stateOf } = withAlarms('a');
    twin.putCompositeAlarm({ AlarmName: 'one', AlarmRule: 'ALARM(a)' });
    twin.putCompositeAlarm({ AlarmName: 'two', AlarmRule: 'ALARM(one)' });
    twin.putCompositeAlarm({ AlarmName: 'above', AlarmRule: 'NOT ALARM(two)' });
    twin.putCompositeAlarm({ AlarmName: 'one', AlarmRule: 'ALARM(two) OR ALARM(a)' });
    runTo(60);
    twin.setAlarmState({ AlarmName: 'a', StateValue: 'ALARM', StateReason: 'drill' });
    expect(['one', 'two', 'above'].map(stateOf)).toEqual(Array(3).fill('INSUFFICIENT_DATA'));
    expect(refusalOf(() => twin.deleteAlarms({ AlarmNames: ['one'] })).code).toBe('ResourceConflict');
    twin.putCompositeAlarm({ AlarmName: 'one', AlarmRule: 'FALSE' });
    runTo(120);
    expect(['one', 'two', 'above'].map(stateOf)).toEqual(['OK', 'OK', 'ALARM']);
  });

  it('above a circle is settled when the circle is broken, also where nothing in it changes', () => {
    const { twin, runTo, stateOf } = withAlarms('a');
    twin.putCompositeAlarm({ AlarmName: 'one', AlarmRule: 'FALSE' });
    runTo(60);
    twin.putCompositeAlarm({ AlarmName: 'two', AlarmRule: 'NOT ALARM(one)' });
    twin.putCompositeAlarm({ AlarmName: 'one', AlarmRule: 'ALARM(two)' });
    runTo(120);
    expect(['one', 'two'].map(stateOf)).toEqual(['OK', 'INSUFFICIENT_DATA']);
    twin.putCompositeAlarm({ AlarmName: 'one', AlarmRule: 'FALSE' });
    runTo(180);
    expect(['one', 'two'].map(stateOf)).toEqual(['OK', 'ALARM']);
  });

  it.each([
    [{ AlarmRule: 'ALARM(nobody)' }, 'AlarmRule: refers to an alarm that does not exist'],
    [{ AlarmRule: 'ALARM(a' }, 'AlarmRule: at position 8: expected ")", found the end of the rule'],
    [
      { AlarmRule: 'ALARM("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a")' },
      'AlarmRule: refers to an alarm of another Region or account',
    ],
    [
      { AlarmRule: 'ALARM(a)', AlarmActions: ['arn:aws:autoscaling:r:1:scalingPolicy:x'] },
      'AlarmActions[0]: a composite alarm cannot perform EC2 or Auto Scaling actions',
    ],
    [
      { AlarmRule: 'ALARM(a)', ActionsSuppressor: 'a' },
      'ActionsSuppressor: suppressor alarms are not modelled by the twin',
    ],
    [{ AlarmRule: undefined }, 'AlarmRule: is missing'],
    [{ AlarmName: 'a', AlarmRule: 'TRUE' }, 'AlarmName: is the name of a metric alarm'],
  ])('%o is refused: %s', (changes, expected) => {
    const { twin } = withAlarms('a');
    const input = { AlarmName: 'c', ...changes };
    const { problems } = refusalOf(() => twin.putCompositeAlarm(input as Parameters<typeof twin.putCompositeAlarm>[0]));
    expect(problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([expected]);
  });

  it('takes the ARN of an alarm of its own Region and account', () => {
    const { twin, runTo, stateOf } = withAlarms('a');
    const AlarmRule = 'INSUFFICIENT_DATA("arn:aws:cloudwatch:ap-southeast-1:123456789012:alarm:a")';
    twin.putCompositeAlarm({ AlarmName: 'c', AlarmRule });
    runTo(60);
    expect(stateOf('c')).toBe('ALARM');
  });
});

describe('DeleteAlarms', () => {
  it('refuses while a remaining composite alarm refers to one, and then deletes none', () => {
    const { twin, stateOf } = withAlarms('a', 'b');
    twin.putCompositeAlarm({ AlarmName: 'c', AlarmRule: 'ALARM(a)' });
    expect(refusalOf(() => twin.deleteAlarms({ AlarmNames: ['b', 'a'] })).code).toBe('ResourceConflict');
    expect(stateOf('b')).toBeDefined();
    twin.deleteAlarms({ AlarmNames: ['a', 'c'] });
    expect(['a', 'b', 'c'].map(stateOf)).toEqual([undefined, 'INSUFFICIENT_DATA', undefined]);
  });

  it('deletes the alarms there are before it complains of names that no alarm has', () => {
    const { twin, stateOf } = withAlarms('a');
    expect(refusalOf(() => twin.deleteAlarms({ AlarmNames: ['nobody', 'a'] })).code).toBe('ResourceNotFound');
    expect(stateOf('a')).toBeUndefined();
  });

  it('takes at most 100 alarms and one composite alarm', () => {
    const { twin } = withAlarms();
    twin.putCompositeAlarm({ AlarmName: 'c', AlarmRule: 'TRUE' });
    twin.putCompositeAlarm({ AlarmName: 'd', AlarmRule: 'TRUE' });
    expect(refusalOf(() => twin.deleteAlarms({ AlarmNames: ['c', 'd'] })).code).toBe('ValidationError');
    const AlarmNames = Array.from({ length: 101 }, (_, index) => `a${index}`);
    expect(refusalOf(() => twin.deleteAlarms({ AlarmNames })).code).toBe('ValidationError');
    expect(refusalOf(() => twin.deleteAlarms({ AlarmNames: undefined })).code).toBe('ValidationError');
  });
});

describe('DescribeAlarms', () => {
  function names(
    watched: WatchedTwin,
    input: Parameters<WatchedTwin['twin']['describeAlarms']>[0],
  ): readonly unknown[] {
    const { MetricAlarms = [], CompositeAlarms = [] } = watched.twin.describeAlarms(input);
    return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName);
  }

  function someAlarms(): WatchedTwin {
    const watched = withAlarms('web-b', 'web-a', 'db');
    watched.twin.putMetricAlarm(metricAlarmInput({ AlarmName: 'paged', OKActions: [`${TOPIC}page`] }));
    watched.twin.putCompositeAlarm({ AlarmName: 'web', AlarmRule: 'ALARM(web-a) OR ALARM(web-b)' });
    watched.twin.setAlarmState({ AlarmName: 'db', StateValue: 'ALARM', StateReason: '' });
    return watched;
  }

  it.each([
    [{}, ['db', 'paged', 'web-a', 'web-b']],
    [{ AlarmTypes: ['CompositeAlarm'] }, ['web']],
    [{ AlarmTypes: ['CompositeAlarm', 'MetricAlarm'] }, ['db', 'paged', 'web-a', 'web-b', 'web']],
    [{ AlarmTypes: ['LogAlarm'] }, []],
    [{ AlarmNames: ['web-a', 'nobody', 'web'] }, ['web-a']],
    [{ AlarmNamePrefix: 'web' }, ['web-a', 'web-b']],
    [{ StateValue: 'ALARM' }, ['db']],
    [{ ActionPrefix: TOPIC }, ['paged']],
    [{ ChildrenOfAlarmName: 'web' }, ['web-a', 'web-b']],
    [{ ParentsOfAlarmName: 'web-a' }, ['web']],
  ] as const)('%o: %o', (input, expected) => {
    expect(names(someAlarms(), input as Parameters<typeof names>[1])).toEqual(expected);
  });

  it('pages', () => {
    const watched = someAlarms();
    const first = watched.twin.describeAlarms({ MaxRecords: 3 });
    expect(first.MetricAlarms).toHaveLength(3);
    const second = watched.twin.describeAlarms({ MaxRecords: 3, NextToken: first.NextToken });
    expect(second.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['web-b']);
    expect(second.NextToken).toBeUndefined();
    expect(refusalOf(() => watched.twin.describeAlarms({ NextToken: 'gone' })).code).toBe('InvalidNextToken');
  });

  it('shows what was put, less the tags, and the state', () => {
    const { twin, publish, runTo } = watchedTwin();
    const input = metricAlarmInput({ EvaluationPeriods: 1, Tags: [{ Key: 'a', Value: 'b' }] });
    twin.putMetricAlarm(input);
    publish(0, 2);
    runTo(90);
    const { Tags: _, ...put } = input;
    expect(twin.describeAlarms({}).MetricAlarms).toEqual([
      {
        ...put,
        AlarmArn: 'arn:aws:cloudwatch:ap-southeast-1:123456789012:alarm:errors',
        AlarmConfigurationUpdatedTimestamp: new Date(T0),
        ActionsEnabled: true,
        OKActions: [],
        AlarmActions: [],
        InsufficientDataActions: [],
        StateValue: 'ALARM',
        StateReason: expect.stringContaining('Threshold Crossed'),
        StateReasonData: expect.stringContaining('recentDatapoints'),
        StateUpdatedTimestamp: new Date(T0 + 60_000),
        StateTransitionedTimestamp: new Date(T0 + 60_000),
      },
    ]);
  });

  it.each([
    { AlarmNames: ['a'], AlarmNamePrefix: 'a' },
    { ChildrenOfAlarmName: 'a', StateValue: 'OK' },
    { ParentsOfAlarmName: 'a', ChildrenOfAlarmName: 'a' },
    { MaxRecords: 101 },
    { AlarmTypes: ['Metric'] },
  ])('%o is refused', (input) => {
    const { twin } = withAlarms('a');
    const refused = refusalOf(() => twin.describeAlarms(input as Parameters<typeof twin.describeAlarms>[0]));
    expect(refused.code).toBe('ValidationError');
  });
});
