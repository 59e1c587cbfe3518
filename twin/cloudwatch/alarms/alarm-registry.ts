import type { AlarmRecord, CompositeAlarmRecord, NewState, StateRecord } from './alarm-record.ts';
import { settleComposites } from './settle-composites.ts';

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

/** A registry without alarms. */
export function createAlarmRegistry(stateChanged: StateChanged): AlarmRegistry {
  const alarms = new Map<string, AlarmRecord>();
  const pending = new Set<string>();

  /** True if the value changed. */
  function takeState(name: string, next: NewState, nowMs: number): boolean {
    const record = alarms.get(name);
    if (record === undefined) return false;
    const updated = { ...record, state: nextState(record.state, next, nowMs) };
    alarms.set(name, updated);
    const changed = next.value !== record.state.value;
    if (changed) stateChanged(updated, record.state, nowMs);
    return changed;
  }

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
    parentsOf: (name) => compositesIn(alarms).flatMap((parent) => (refersTo(parent, name) ? [parent.name] : [])),
    applyStates(states, nowMs) {
      const changed = [...states].filter(([name, next]) => takeState(name, next, nowMs)).map(([name]) => name);
      if (changed.length === 0 && pending.size === 0) return;
      settleComposites(compositesIn(alarms), {
        changed: new Set(changed),
        pending,
        nowMs,
        recordOf: (name) => alarms.get(name),
        takeState: (name, next) => takeState(name, next, nowMs),
      });
    },
    hasPending: () => pending.size > 0,
  };
}

function compositesIn(alarms: ReadonlyMap<string, AlarmRecord>): readonly CompositeAlarmRecord[] {
  return [...alarms.values()].filter((record) => record.kind === 'composite');
}

function refersTo({ alarm }: CompositeAlarmRecord, name: string): boolean {
  return alarm.children.includes(name);
}

function nextState(previous: StateRecord, next: NewState, nowMs: number): StateRecord {
  const changed = next.value !== previous.value;
  return { ...next, updatedAtMs: nowMs, transitionedAtMs: changed ? nowMs : previous.transitionedAtMs };
}
