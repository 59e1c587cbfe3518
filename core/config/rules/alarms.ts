import { MOST_ALARMS_IN_RULE } from '../../alarms/limits.ts';
import { DATABASE_WRITER_CHECK, FRONT_DOOR_CHECK } from '../checks.ts';
import { type CrossFieldRule, rule } from '../cross-field-rule.ts';

/** Rules on what alarms can be made of. */
export const alarmRules: readonly CrossFieldRule[] = [
  rule({
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html',
    needs: ['checks'],
    check: ({ checks }) => {
      const watched = Object.entries(checks).filter(
        ([name, check]) =>
          check !== false &&
          (check.class === 'critical' || name === FRONT_DOOR_CHECK || name === DATABASE_WRITER_CHECK),
      ).length;
      if (watched <= MOST_ALARMS_IN_RULE) return [];
      return [
        {
          path: 'checks',
          message: 'holds more critical checks than the alarm on a whole Region can look at',
          value: watched,
          allowed: `at most ${MOST_ALARMS_IN_RULE}`,
          remedy: 'give some of them the class "important"',
        },
      ];
    },
  }),
];
