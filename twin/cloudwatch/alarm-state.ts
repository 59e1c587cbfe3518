/**
 * The states of an alarm.
 *
 * Source: CloudWatch API model, `StateValue`; User Guide, page alarm-evaluation.
 */
export const ALARM_STATES = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const;
/** One of the three states. */
export type AlarmState = (typeof ALARM_STATES)[number];

/** True for the exact spelling of one of the three states. */
export function isAlarmState(text: string): text is AlarmState {
  return (ALARM_STATES as readonly string[]).includes(text);
}
