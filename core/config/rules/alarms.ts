import type { CompiledCompositeAlarm } from '../../alarms/definition.ts';
import { healthAlarms } from '../../alarms/health.ts';
import { LONGEST_RULE, MOST_ALARMS_IN_RULE } from '../../alarms/limits.ts';
import type { Problem } from '../../errors.ts';
import { applicationRegions } from '../accessors.ts';
import { type CrossFieldRule, rule } from '../cross-field-rule.ts';
import type { ParsedConfig } from '../types.ts';

/** Rules on what alarms can be made of. */
export const alarmRules: readonly CrossFieldRule[] = [
  rule({
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html',
    needs: ['application', 'regions', 'checks'],
    check: (config) => {
      const alarms = regionAlarms(config);
      const manyChecks = tooManyChecks(alarms);
      return manyChecks.length > 0 ? manyChecks : tooLongNames(alarms);
    },
  }),
];

/** The alarms on whole Regions, of all Regions. */
function regionAlarms(
  config: Pick<ParsedConfig, 'application' | 'regions' | 'checks'>,
): readonly CompiledCompositeAlarm[] {
  return applicationRegions(config).flatMap((region) =>
    healthAlarms({ config, region }).filter((alarm) => alarm.kind === 'composite'),
  );
}

function tooManyChecks(alarms: readonly CompiledCompositeAlarm[]): readonly Problem[] {
  const watched = Math.max(0, ...alarms.map(({ children }) => children.length));
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
}

function tooLongNames(alarms: readonly CompiledCompositeAlarm[]): readonly Problem[] {
  const longest = Math.max(0, ...alarms.map(({ definition }) => definition.AlarmRule.length));
  if (longest <= LONGEST_RULE) return [];
  return [
    {
      path: 'checks',
      message: 'names more in its critical checks than the rule of the alarm on a whole Region can hold',
      value: longest,
      allowed: `a rule of at most ${LONGEST_RULE} characters`,
      remedy: 'shorten the names of critical checks, or give some of them the class "important"',
    },
  ];
}
