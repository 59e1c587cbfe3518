import type { PutCompositeAlarmCommandInput, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { AlarmState } from '../alarm-state.ts';
import type { MetricAlarm } from './metric-alarm.ts';
import type { CompositeAlarm } from './parse-composite-alarm.ts';

/** An alarm as the twin keeps it. A record never changes; a change of state or configuration makes a new one. */
export type AlarmRecord = MetricAlarmRecord | CompositeAlarmRecord;

interface AlarmRecordBase {
  readonly name: string;
  readonly arn: string;
  readonly configuredAtMs: number;
  readonly state: StateRecord;
}

/** A metric alarm with its state. */
export interface MetricAlarmRecord extends AlarmRecordBase {
  readonly kind: 'metric';
  readonly alarm: MetricAlarm;
  /** As it was put. */
  readonly input: PutMetricAlarmCommandInput;
}

/** A composite alarm with its state. */
export interface CompositeAlarmRecord extends AlarmRecordBase {
  readonly kind: 'composite';
  readonly alarm: CompositeAlarm;
  /** As it was put. */
  readonly input: PutCompositeAlarmCommandInput;
}

/** The state of an alarm and why. */
export interface StateRecord {
  readonly value: AlarmState;
  readonly reason: string;
  /** JSON. */
  readonly reasonData?: string;
  /** Last time that the value or its reason was set. */
  readonly updatedAtMs: number;
  /** Last time that the value changed. */
  readonly transitionedAtMs: number;
}

/** A state that an alarm is to take. */
export type NewState = Pick<StateRecord, 'value' | 'reason' | 'reasonData'>;

/** A new alarm has no data yet. Source: API reference, PutMetricAlarm. */
export function initialState(nowMs: number): StateRecord {
  return {
    value: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
    updatedAtMs: nowMs,
    transitionedAtMs: nowMs,
  };
}

/** The actions to perform on entering a state; none while actions are disabled. */
export function actionsFor({ input, state }: AlarmRecord): readonly string[] {
  if (input.ActionsEnabled === false) return [];
  switch (state.value) {
    case 'ALARM':
      return input.AlarmActions ?? [];
    case 'OK':
      return input.OKActions ?? [];
    case 'INSUFFICIENT_DATA':
      return input.InsufficientDataActions ?? [];
  }
}
