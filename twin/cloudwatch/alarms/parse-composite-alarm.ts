import * as z from 'zod';
import type { Problem } from '../../../core/errors.ts';
import { type AlarmRule, alarmNameOf, alarmsOf } from '../alarm-rule/alarm-rule.ts';
import { parseAlarmRule } from '../alarm-rule/parse-alarm-rule.ts';
import { type Fields, isObject, parseFields } from '../parse-fields.ts';
import { AUTO_SCALING_ACTION, actionsMatching, COMMON_ALARM_FIELDS, EC2_ACTION } from './alarm-fields.ts';
import { refuseUnmodelled } from './unsupported-features.ts';

/** The fields of `PutCompositeAlarm` that the twin models. */
const COMPOSITE_ALARM_FIELDS = { ...COMMON_ALARM_FIELDS, AlarmRule: z.string() } as const;
const SOURCE = 'API reference, PutCompositeAlarm';

/** A composite alarm, read and checked. */
export interface CompositeAlarm {
  readonly name: string;
  readonly rule: AlarmRule;
  /** The rule as the user wrote it. */
  readonly ruleText: string;
  /** Names of the alarms that the rule refers to. */
  readonly children: readonly string[];
}

/** What a rule may refer to. */
export interface AlarmSurroundings {
  readonly region: string;
  readonly accountId: string;
  hasAlarm(name: string): boolean;
}

/** A composite alarm, or everything for which it is refused. */
export type ParsedCompositeAlarm =
  | { readonly kind: 'parsed'; readonly alarm: CompositeAlarm }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** Reads an input in the shape of `PutCompositeAlarm`; refuses with every problem at once. */
export function parseCompositeAlarm(input: unknown, surroundings: AlarmSurroundings): ParsedCompositeAlarm {
  const place = { path: '', source: SOURCE };
  if (!isObject(input)) return { kind: 'refused', problems: [{ ...place, message: 'must be an object' }] };
  const { modelled, problems: refusedFeatures } = refuseUnmodelled(input, place.path);
  const { fields, problems: wrongFields } = parseFields(COMPOSITE_ALARM_FIELDS, modelled, place);
  const { AlarmName = '', AlarmRule: ruleText = '' } = fields;
  const parsed = fields.AlarmRule === undefined ? undefined : parseAlarmRule(ruleText, 'AlarmRule');
  const problems = [
    ...refusedFeatures,
    ...wrongFields,
    ...actionProblems(fields),
    ...(parsed?.kind === 'refused' ? parsed.problems : []),
    ...(parsed?.kind === 'parsed' ? childProblems(parsed.rule, surroundings) : []),
  ];
  if (problems.length > 0 || parsed?.kind !== 'parsed') return { kind: 'refused', problems };
  const children = [...new Set(alarmsOf(parsed.rule).map(alarmNameOf))];
  return { kind: 'parsed', alarm: { name: AlarmName, rule: parsed.rule, ruleText, children } };
}

/** Source: User Guide, alarm-combining, "Composite alarms can take only the following actions". */
function actionProblems(fields: Fields<typeof COMPOSITE_ALARM_FIELDS>): readonly Problem[] {
  return [...actionsMatching(fields, EC2_ACTION), ...actionsMatching(fields, AUTO_SCALING_ACTION)].map(
    ({ path, arn }) => ({
      path,
      message: 'a composite alarm cannot perform EC2 or Auto Scaling actions',
      value: arn,
      source: 'User Guide, alarm-combining',
    }),
  );
}

function childProblems(rule: AlarmRule, { region, accountId, hasAlarm }: AlarmSurroundings): readonly Problem[] {
  return alarmsOf(rule).flatMap((reference): readonly Problem[] => {
    const problem = { path: 'AlarmRule', value: reference, source: 'User Guide, alarm-combining' };
    const [, , , itsRegion, itsAccount] = reference.split(':');
    if (reference !== alarmNameOf(reference) && (itsRegion !== region || itsAccount !== accountId)) {
      return [{ ...problem, message: 'refers to an alarm of another Region or account' }];
    }
    if (hasAlarm(alarmNameOf(reference))) return [];
    return [{ ...problem, message: 'refers to an alarm that does not exist', remedy: 'create that alarm first' }];
  });
}
