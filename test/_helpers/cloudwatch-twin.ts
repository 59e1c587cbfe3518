import type { StateValue } from '@aws-sdk/client-cloudwatch';
import type { AlarmStateChangeEvent } from '../../twin/cloudwatch/alarms/state-change-event.ts';
import {
  type AlarmActionInvocation,
  type CloudWatchTwin,
  createCloudWatchTwin,
} from '../../twin/cloudwatch/cloudwatch-twin.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** A whole day, so that every interval starts here. */
export const T0 = Date.UTC(2026, 10, 2);

/** A CloudWatch twin on a clock by hand, and everything it said. */
export interface WatchedTwin {
  readonly twin: CloudWatchTwin;
  readonly clock: VirtualClock;
  readonly events: readonly AlarmStateChangeEvent[];
  readonly actions: readonly AlarmActionInvocation[];
  /** Publishes a value of Switchyard/<metric> at a time, in seconds after the start. */
  publish(seconds: number, value: number, metric?: string): void;
  /** Moves the clock to so many seconds after the start. */
  runTo(seconds: number): void;
  stateOf(name: string): StateValue | undefined;
  /** `errors OK -> ALARM` for every change so far, with its time in seconds after the start. */
  changes(): readonly string[];
}

export function watchedTwin(): WatchedTwin {
  const clock = createVirtualClock({ startMs: T0 });
  const events: AlarmStateChangeEvent[] = [];
  const actions: AlarmActionInvocation[] = [];
  let ids = 0;
  const twin = createCloudWatchTwin({
    region: 'ap-southeast-1',
    accountId: '123456789012',
    now: clock.now,
    at: clock.at,
    newId: () => `event-${++ids}`,
    onStateChange: (event) => void events.push(event),
    onAction: (invocation) => void actions.push(invocation),
  });
  return {
    twin,
    clock,
    events,
    actions,
    publish(seconds, value, metric = 'errors') {
      const Timestamp = new Date(T0 + seconds * 1000);
      twin.putMetricData({ Namespace: 'Switchyard', MetricData: [{ MetricName: metric, Value: value, Timestamp }] });
    },
    runTo: (seconds) => clock.runUntil(T0 + seconds * 1000),
    stateOf(name) {
      const found = twin.describeAlarms({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
      return (found.MetricAlarms?.[0] ?? found.CompositeAlarms?.[0])?.StateValue;
    },
    changes: () =>
      events.map(({ detail, time }) => {
        const seconds = (Date.parse(time) - T0) / 1000;
        return `${seconds} ${detail.alarmName} ${detail.previousState.value} -> ${detail.state.value}`;
      }),
  };
}
