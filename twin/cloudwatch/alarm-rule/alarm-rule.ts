import type { AlarmState } from '../alarm-state.ts';

/**
 * The rule expression of a composite alarm as a tree.
 *
 * Source: User Guide, page alarm-combining ("Rule expressions", "Syntax"); API reference, PutCompositeAlarm, `AlarmRule`.
 */
export type AlarmRule =
  | { readonly kind: 'constant'; readonly value: boolean }
  /** `ALARM("a")`; `alarm` is a name or an ARN, as written. */
  | { readonly kind: 'state'; readonly state: AlarmState; readonly alarm: string }
  | AtLeastRule
  | { readonly kind: 'not'; readonly operand: AlarmRule }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly AlarmRule[] };

/** `AT_LEAST(60%, NOT OK, ("a", "b"))`. */
export interface AtLeastRule {
  readonly kind: 'at-least';
  readonly threshold: { readonly unit: 'count' | 'percent'; readonly value: number };
  /** True for `NOT <state>`. */
  readonly negated: boolean;
  readonly state: AlarmState;
  readonly alarms: readonly string[];
}

/** The page that defines the grammar. */
export const ALARM_RULE_PAGE = 'User Guide, alarm-combining';

/** Every alarm that the rule refers to, as written, each once, in order of appearance. */
export function alarmsOf(rule: AlarmRule): readonly string[] {
  switch (rule.kind) {
    case 'constant':
      return [];
    case 'state':
      return [rule.alarm];
    case 'at-least':
      return [...new Set(rule.alarms)];
    case 'not':
      return alarmsOf(rule.operand);
    default:
      return [...new Set(rule.operands.flatMap(alarmsOf))];
  }
}

/** The alarm's name where the reference is an ARN (`arn:aws:cloudwatch:<region>:<account>:alarm:<name>`), else the reference. */
export function alarmNameOf(reference: string): string {
  return /^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:(?<name>.+)$/s.exec(reference)?.groups?.['name'] ?? reference;
}
