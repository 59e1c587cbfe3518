import { alarmNameOf } from '../alarm-rule/alarm-rule.ts';
import { evaluateAlarmRule } from '../alarm-rule/evaluate-alarm-rule.ts';
import type { AlarmRecord, CompositeAlarmRecord, NewState, StateRecord } from './alarm-record.ts';
import { childrenFirst } from './composite-order.ts';
import { eventTimestamp } from './state-change-event.ts';

/** Called after an alarm took another state; `record` has the new one. */
export type StateChanged = (record: AlarmRecord, previous: StateRecord, nowMs: number) => void;

/** The alarms and their states; composite alarms follow the states of their children. */
export interface AlarmRegistry {
  get(name: string): AlarmRecord | undefined;
  /** In the order of their names. */
  all(): readonly AlarmRecord[];
  /** Adds an alarm or replaces its configuration. */
  put(record: AlarmRecord): void;
  remove(name: string): void;
  /** The names of the composite alarms whose rule refers to the alarm. */
  parentsOf(name: string): readonly string[];
  /** Takes the states over, then settles the composite alarms above them, and those that are pending. */
  applyStates(states: ReadonlyMap<string, NewState>, nowMs: number): void;
  /** True while a composite alarm is new or has a new rule, and was not settled since. */
  hasPending(): boolean;
}

export function createAlarmRegistry(stateChanged: StateChanged): AlarmRegistry {
  const alarms = new Map<string, AlarmRecord>();
  const pending = new Set<string>();

  const composites = (): readonly CompositeAlarmRecord[] =>
    [...alarms.values()].filter((record) => record.kind === 'composite');

  /** True if the value changed. */
  function takeState(name: string, next: NewState, nowMs: number): boolean {
    const record = alarms.get(name);
    if (record === undefined) return false;
    const previous = record.state;
    const changed = next.value !== previous.value;
    const state = { ...next, updatedAtMs: nowMs, transitionedAtMs: changed ? nowMs : previous.transitionedAtMs };
    const updated = { ...record, state };
    alarms.set(name, updated);
    if (changed) stateChanged(updated, previous, nowMs);
    return changed;
  }

  /**
   * Evaluates every composite alarm that has a changed child or is pending, children first. Composite alarms are
   * evaluated on changes only: one that SetAlarmState has set keeps that state until a child changes.
   */
  function settleComposites(changed: Set<string>, nowMs: number): void {
    if (changed.size === 0 && pending.size === 0) return;
    for (const { name, alarm } of childrenFirst(composites())) {
      const cause = alarm.children.find((child) => changed.has(child));
      if (cause === undefined && !pending.has(name)) continue;
      const next = compositeState(name, cause, nowMs);
      if (next.value !== alarms.get(name)?.state.value && takeState(name, next, nowMs)) changed.add(name);
    }
    pending.clear();
  }

  function compositeState(name: string, cause: string | undefined, nowMs: number): NewState {
    const record = alarms.get(name);
    const rule = record?.kind === 'composite' ? record.alarm.rule : undefined;
    const holds = rule !== undefined && evaluateAlarmRule(rule, (alarm) => stateOf(alarmNameOf(alarm)));
    const value = holds ? 'ALARM' : 'OK';
    const trigger = cause === undefined ? undefined : alarms.get(cause);
    return {
      value,
      reason:
        trigger === undefined
          ? `${record?.arn} was created or updated and its alarm rule evaluates to ${value}`
          : `${trigger.arn} transitioned to ${trigger.state.value} at ${new Date(nowMs).toISOString()}`,
      reasonData: JSON.stringify({
        triggeringAlarms: trigger === undefined ? [] : [triggeringAlarm(trigger)],
      }),
    };
  }

  const stateOf = (name: string) => alarms.get(name)?.state.value ?? 'INSUFFICIENT_DATA';

  return {
    get: (name) => alarms.get(name),
    all: () => [...alarms.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    put(record) {
      alarms.set(record.name, record);
      if (record.kind === 'composite') pending.add(record.name);
    },
    remove(name) {
      alarms.delete(name);
      pending.delete(name);
    },
    parentsOf: (name) =>
      composites()
        .filter(({ alarm }) => alarm.children.includes(name))
        .map((record) => record.name),
    applyStates(states, nowMs) {
      const changed = new Set([...states].filter(([name, next]) => takeState(name, next, nowMs)).map(([name]) => name));
      settleComposites(changed, nowMs);
    },
    hasPending: () => pending.size > 0,
  };
}

function triggeringAlarm({ arn, state }: AlarmRecord) {
  return { arn, state: { value: state.value, timestamp: eventTimestamp(state.transitionedAtMs) } };
}
