import type { AlarmRule } from '../../twin/cloudwatch/alarm-rule/alarm-rule.ts';

/** Writes a rule as text, with parentheses around every AND and OR that is an operand. */
export function printAlarmRule(rule: AlarmRule): string {
  switch (rule.kind) {
    case 'constant':
      return rule.value ? 'TRUE' : 'FALSE';
    case 'state':
      return `${rule.state}(${quote(rule.alarm)})`;
    case 'at-least': {
      const { threshold, negated, state, alarms } = rule;
      const minimum = threshold.unit === 'percent' ? `${threshold.value}%` : `${threshold.value}`;
      return `AT_LEAST(${minimum}, ${negated ? 'NOT ' : ''}${state}, (${alarms.map(quote).join(', ')}))`;
    }
    case 'not':
      return `NOT ${printOperand(rule.operand)}`;
    default:
      return rule.operands.map(printOperand).join(` ${rule.kind.toUpperCase()} `);
  }
}

function printOperand(rule: AlarmRule): string {
  return rule.kind === 'and' || rule.kind === 'or' ? `(${printAlarmRule(rule)})` : printAlarmRule(rule);
}

function quote(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}
