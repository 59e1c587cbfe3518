import type {
  DeleteAlarmsCommandInput,
  DescribeAlarmsCommandInput,
  DescribeAlarmsOutput,
  GetMetricDataCommandInput,
  GetMetricDataOutput,
  GetMetricStatisticsCommandInput,
  GetMetricStatisticsOutput,
  PutCompositeAlarmCommandInput,
  PutMetricAlarmCommandInput,
  PutMetricDataCommandInput,
  SetAlarmStateCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { type ClockPorts, createAlarmClock } from './alarms/alarm-clock.ts';
import { type AlarmRecord, actionsFor, type NewState, type StateRecord } from './alarms/alarm-record.ts';
import { type AlarmRegistry, createAlarmRegistry } from './alarms/alarm-registry.ts';
import { type AlarmDataStream, openDataStreamOf } from './alarms/data-stream.ts';
import { deleteAlarms } from './alarms/delete-alarms.ts';
import { describeAlarms } from './alarms/describe-alarms.ts';
import { evaluateAt } from './alarms/evaluate-at.ts';
import { evaluationIntervalSeconds } from './alarms/metric-alarm.ts';
import { putCompositeAlarm, putMetricAlarm } from './alarms/put-alarm.ts';
import { setAlarmState } from './alarms/set-alarm-state.ts';
import { type AlarmStateChangeEvent, stateChangeEvent } from './alarms/state-change-event.ts';
import { getMetricData } from './metrics/get-metric-data.ts';
import { getMetricStatistics } from './metrics/get-metric-statistics.ts';
import { createMetricStore, type MetricStore } from './metrics/metric-store.ts';
import { putMetricData } from './metrics/put-metric-data.ts';

/** An action that an alarm performs on entering a state. */
export interface AlarmActionInvocation {
  readonly actionArn: string;
  readonly alarmArn: string;
  /** The change that caused it. */
  readonly event: AlarmStateChangeEvent;
  readonly atMs: number;
}

/** Where the CloudWatch is, its time, and who hears of it. */
export interface CloudWatchTwinOptions extends ClockPorts {
  readonly region: string;
  readonly accountId: string;
  /** A new id for each event. */
  newId(): string;
  onStateChange?(event: AlarmStateChangeEvent): void;
  onAction?(invocation: AlarmActionInvocation): void;
}

/**
 * CloudWatch of one account in one Region. Each operation takes the input of the AWS SDK's command of its name and
 * returns its output less the metadata; an input that the service would refuse, or that asks for what the twin does not
 * model, throws a RefusedInputError whose `code` is the service's error code.
 */
export interface CloudWatchTwin {
  putMetricData(input: PutMetricDataCommandInput, nowMs?: number): object;
  getMetricData(input: GetMetricDataCommandInput, nowMs?: number): GetMetricDataOutput;
  getMetricStatistics(input: GetMetricStatisticsCommandInput, nowMs?: number): GetMetricStatisticsOutput;
  putMetricAlarm(input: PutMetricAlarmCommandInput, nowMs?: number): object;
  putCompositeAlarm(input: PutCompositeAlarmCommandInput, nowMs?: number): object;
  describeAlarms(input: DescribeAlarmsCommandInput): DescribeAlarmsOutput;
  /** Lasts until the alarm is evaluated next, for a composite alarm until one of its children changes. */
  setAlarmState(input: SetAlarmStateCommandInput, nowMs?: number): object;
  deleteAlarms(input: DeleteAlarmsCommandInput): object;
  /** What a Route 53 health check on the alarm reads. */
  openDataStream(alarmName: string): AlarmDataStream;
  /** No alarm is evaluated after this. */
  stop(): void;
}

/** A CloudWatch without metrics and alarms. */
export function createCloudWatchTwin(options: CloudWatchTwinOptions): CloudWatchTwin {
  const { region, accountId, now } = options;
  const store = createMetricStore();
  const registry = createAlarmRegistry((record, previous, nowMs) => announce(options, { record, previous, nowMs }));
  const home = { region, accountId, registry };
  const clock = createAlarmClock(
    options,
    () => intervalsInUse(registry),
    (nowMs) => evaluateDueAlarms(registry, store, nowMs),
  );

  return {
    putMetricData(input, nowMs = now()) {
      putMetricData(store, input, nowMs);
      return {};
    },
    getMetricData: (input, nowMs = now()) => getMetricData(store, input, nowMs),
    getMetricStatistics: (input, nowMs = now()) => getMetricStatistics(store, input, nowMs),
    putMetricAlarm(input, nowMs = now()) {
      putMetricAlarm(home, input, nowMs);
      clock.wake();
      return {};
    },
    putCompositeAlarm(input, nowMs = now()) {
      putCompositeAlarm(home, input, nowMs);
      clock.wake();
      return {};
    },
    describeAlarms: (input) => describeAlarms(registry, input),
    setAlarmState(input, nowMs = now()) {
      setAlarmState(registry, input, nowMs);
      return {};
    },
    deleteAlarms(input) {
      deleteAlarms(registry, input);
      return {};
    },
    openDataStream: (alarmName) => openDataStreamOf(registry.get(alarmName), store, accountId),
    stop: clock.stop,
  };
}

interface StateChange {
  readonly record: AlarmRecord;
  readonly previous: StateRecord;
  readonly nowMs: number;
}

function announce(options: CloudWatchTwinOptions, { record, previous, nowMs }: StateChange): void {
  const { region, accountId: account } = options;
  const event = stateChangeEvent(record, previous, { account, region, id: options.newId() });
  options.onStateChange?.(event);
  for (const actionArn of actionsFor(record)) {
    options.onAction?.({ actionArn, alarmArn: record.arn, event, atMs: nowMs });
  }
}

/** Milliseconds; a composite alarm that waits for its first evaluation is settled on the minute. */
function intervalsInUse(registry: AlarmRegistry): readonly number[] {
  const seconds = registry
    .all()
    .flatMap((record) => (record.kind === 'metric' ? [evaluationIntervalSeconds(record.alarm)] : []));
  return [...new Set([...seconds, ...(registry.hasPending() ? [60] : [])])].map((interval) => interval * 1000);
}

/** Metric alarms first, composite alarms after them. */
function evaluateDueAlarms(registry: AlarmRegistry, store: MetricStore, nowMs: number): void {
  const states = new Map<string, NewState>();
  for (const record of registry.all()) {
    if (record.kind !== 'metric' || nowMs % (evaluationIntervalSeconds(record.alarm) * 1000) !== 0) continue;
    const evaluation = evaluateAt(record.alarm, store, { nowMs, previous: record.state.value });
    if (evaluation.state !== record.state.value) states.set(record.name, evaluation.explained());
  }
  registry.applyStates(states, nowMs);
}
