import { alarmNameOf } from '../alarm-rule/alarm-rule.ts';
import { evaluateAlarmRule } from '../alarm-rule/evaluate-alarm-rule.ts';
import type { AlarmRecord, CompositeAlarmRecord, NewState } from './alarm-record.ts';
import { childrenFirst } from './composite-order.ts';
import { eventTimestamp } from './state-change-event.ts';

/** What has happened since the composite alarms were last settled, and how to go on from there. */
export interface Settling {
  /** Alarms that changed; composite alarms that do are added. */
  readonly changed: Set<string>;
  /** Composite alarms to evaluate whatever their children do; those that were are taken out. */
  readonly pending: Set<string>;
  readonly nowMs: number;
  recordOf(name: string): AlarmRecord | undefined;
  /** True if the value changed. */
  takeState(name: string, next: NewState): boolean;
}

/**
 * Evaluates every composite alarm that has a changed child or is pending, children first. On changes only: a composite
 * alarm that SetAlarmState has set keeps that state until a child changes. One in a circle, or above one, stays pending.
 */
export function settleComposites(composites: readonly CompositeAlarmRecord[], settling: Settling): void {
  const { changed, pending } = settling;
  const order = childrenFirst(composites);
  for (const record of order) {
    const cause = record.alarm.children.find((child) => changed.has(child));
    const isPending = pending.delete(record.name);
    if (cause === undefined && !isPending) continue;
    const next = compositeState(record, cause, settling);
    if (next.value !== record.state.value && settling.takeState(record.name, next)) changed.add(record.name);
  }
  const settled = new Set(order.map(({ name }) => name));
  for (const { name } of composites) if (!settled.has(name)) pending.add(name);
}

function compositeState(record: CompositeAlarmRecord, cause: string | undefined, settling: Settling): NewState {
  const { recordOf, nowMs } = settling;
  const holds = evaluateAlarmRule(
    record.alarm.rule,
    (alarm) => recordOf(alarmNameOf(alarm))?.state.value ?? 'INSUFFICIENT_DATA',
  );
  const value = holds ? 'ALARM' : 'OK';
  const trigger = cause === undefined ? undefined : recordOf(cause);
  return {
    value,
    reason:
      trigger === undefined
        ? `${record.arn} was created or updated and its alarm rule evaluates to ${value}`
        : `${trigger.arn} transitioned to ${trigger.state.value} at ${new Date(nowMs).toISOString()}`,
    reasonData: JSON.stringify({ triggeringAlarms: trigger === undefined ? [] : [triggeringAlarm(trigger)] }),
  };
}

function triggeringAlarm({ arn, state }: AlarmRecord) {
  return { arn, state: { value: state.value, timestamp: eventTimestamp(state.transitionedAtMs) } };
}
