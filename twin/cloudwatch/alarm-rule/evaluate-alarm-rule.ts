import type { AlarmState } from '../alarm-state.ts';
import type { AlarmRule, AtLeastRule } from './alarm-rule.ts';

/**
 * Whether the rule holds, which puts its composite alarm into ALARM; otherwise it is OK. `stateOf` answers for every
 * alarm of the rule, by the name or ARN that the rule uses.
 */
export function evaluateAlarmRule(rule: AlarmRule, stateOf: (alarm: string) => AlarmState): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'state':
      return stateOf(rule.alarm) === rule.state;
    case 'at-least':
      return reaches(rule, rule.alarms.filter((alarm) => (stateOf(alarm) === rule.state) !== rule.negated).length);
    case 'not':
      return !evaluateAlarmRule(rule.operand, stateOf);
    case 'and':
      return rule.operands.every((operand) => evaluateAlarmRule(operand, stateOf));
    case 'or':
      return rule.operands.some((operand) => evaluateAlarmRule(operand, stateOf));
  }
}

function reaches({ threshold, alarms }: AtLeastRule, matching: number): boolean {
  return threshold.unit === 'count' ? matching >= threshold.value : matching * 100 >= threshold.value * alarms.length;
}
