/** Alarms that the rule of a composite alarm may name: API_PutCompositeAlarm in the CloudWatch API reference. */
export const MOST_ALARMS_IN_RULE = 100;
/** Characters in the rule of a composite alarm: `AlarmRule` on the same page. */
export const LONGEST_RULE = 10_240;
