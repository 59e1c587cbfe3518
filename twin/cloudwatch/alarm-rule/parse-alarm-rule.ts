import { LONGEST_RULE, MOST_ALARMS_IN_RULE } from '../../../core/alarms/limits.ts';
import type { Problem } from '../../../core/errors.ts';
import { ALARM_STATES, type AlarmState, isAlarmState } from '../alarm-state.ts';
import { orRefusal, PositionedProblem } from '../positioned-problem.ts';
import { ALARM_RULE_PAGE, type AlarmRule, type AtLeastRule, alarmsOf } from './alarm-rule.ts';
import {
  accept,
  atEnd,
  expect,
  offset,
  peekWord,
  type RuleCursor,
  takeNumber,
  takeReference,
  unexpected,
} from './rule-cursor.ts';

/** Alarms, TRUE and FALSE, and grouping parentheses in a rule. Source: API reference, PutCompositeAlarm, `AlarmRule`. */
const MOST_ELEMENTS = 500;

/** A rule as a tree, or why the text is none. */
export type ParsedAlarmRule =
  | { readonly kind: 'parsed'; readonly rule: AlarmRule }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** A rule being read. */
interface Reading extends RuleCursor {
  /** Elements so far: counted while reading, so that a hostile rule ends before the stack does. */
  elements: number;
}

/**
 * Reads the rule of a composite alarm. NOT binds tighter than AND, AND tighter than OR (the usual order; the guide only
 * says that parentheses group). Operators and functions are written in capitals; TRUE and FALSE in any case, as the guide
 * itself writes `False`. A refusal names the position, counted in characters from 1.
 */
export function parseAlarmRule(text: string, path: string): ParsedAlarmRule {
  if (text.length > LONGEST_RULE) {
    const allowed = `up to ${LONGEST_RULE} characters`;
    return refused({ path, message: 'the rule is too long', value: text.length, allowed });
  }
  const result = orRefusal(() => wholeRule({ text, at: 0, elements: 0 }));
  if ('refusal' in result) {
    const { position, message } = result.refusal;
    return refused({ path, message: `at position ${position}: ${message}` });
  }
  const children = alarmsOf(result.value).length;
  if (children <= MOST_ALARMS_IN_RULE) return { kind: 'parsed', rule: result.value };
  const allowed = `up to ${MOST_ALARMS_IN_RULE}`;
  return refused({ path, message: 'the rule refers to too many alarms', value: children, allowed });
}

function refused(problem: Problem): ParsedAlarmRule {
  return { kind: 'refused', problems: [{ ...problem, source: ALARM_RULE_PAGE }] };
}

function wholeRule(reading: Reading): AlarmRule {
  const rule = disjunction(reading);
  if (!atEnd(reading)) throw unexpected(reading, 'AND, OR or the end of the rule');
  return rule;
}

function disjunction(reading: Reading): AlarmRule {
  const operands = chain(reading, 'OR', conjunction);
  return operands.length === 1 ? operands[0] : { kind: 'or', operands };
}

function conjunction(reading: Reading): AlarmRule {
  const operands = chain(reading, 'AND', negation);
  return operands.length === 1 ? operands[0] : { kind: 'and', operands };
}

function chain(
  reading: Reading,
  word: 'AND' | 'OR',
  readOperand: (reading: Reading) => AlarmRule,
): readonly [AlarmRule, ...AlarmRule[]] {
  const operands: [AlarmRule, ...AlarmRule[]] = [readOperand(reading)];
  while (accept(reading, word)) operands.push(readOperand(reading));
  return operands;
}

function negation(reading: Reading): AlarmRule {
  let nots = 0;
  while (accept(reading, 'NOT')) nots += 1;
  let rule = primary(reading);
  for (; nots > 0; nots -= 1) rule = { kind: 'not', operand: rule };
  return rule;
}

function primary(reading: Reading): AlarmRule {
  countElement(reading);
  if (accept(reading, '(')) {
    const rule = disjunction(reading);
    expect(reading, ')');
    countElement(reading);
    return rule;
  }
  const word = peekWord(reading) ?? '';
  if (isAlarmState(word)) return stateFunction(reading, word);
  if (/^(true|false)$/i.test(word)) {
    expect(reading, word);
    return { kind: 'constant', value: word.toUpperCase() === 'TRUE' };
  }
  if (accept(reading, 'AT_LEAST')) return atLeast(reading);
  throw unexpected(reading, `${ALARM_STATES.join('(…), ')}(…), AT_LEAST(…), NOT, TRUE, FALSE or "("`);
}

function stateFunction(reading: Reading, state: AlarmState): AlarmRule {
  expect(reading, state);
  expect(reading, '(');
  const alarm = takeReference(reading);
  expect(reading, ')');
  return { kind: 'state', state, alarm };
}

function atLeast(reading: Reading): AlarmRule {
  expect(reading, '(');
  const at = offset(reading);
  const value = takeNumber(reading);
  const unit = accept(reading, '%') ? 'percent' : 'count';
  expect(reading, ',');
  const negated = accept(reading, 'NOT');
  const state = peekWord(reading) ?? '';
  if (!isAlarmState(state)) throw unexpected(reading, `${negated ? '' : 'NOT, '}${ALARM_STATES.join(', ')}`);
  expect(reading, state);
  expect(reading, ',');
  const alarms = alarmList(reading);
  expect(reading, ')');
  const rule: AtLeastRule = { kind: 'at-least', threshold: { unit, value }, negated, state, alarms };
  assertReachable(rule, at);
  return rule;
}

function alarmList(reading: Reading): readonly string[] {
  expect(reading, '(');
  const alarms = [takeReference(reading)];
  while (accept(reading, ',')) {
    countElement(reading);
    alarms.push(takeReference(reading));
  }
  expect(reading, ')');
  return alarms;
}

function countElement(reading: Reading): void {
  reading.elements += 1;
  if (reading.elements <= MOST_ELEMENTS) return;
  const message = `more than ${MOST_ELEMENTS} elements (alarms, TRUE, FALSE, parentheses)`;
  throw new PositionedProblem(offset(reading), message);
}

/** Source: CDK reference, aws_cloudwatch.AtLeastThreshold. */
function assertReachable({ threshold, alarms }: AtLeastRule, at: number): void {
  const isPercentage = threshold.unit === 'percent';
  const most = isPercentage ? 100 : alarms.length;
  if (threshold.value >= 1 && threshold.value <= most) return;
  const allowed = isPercentage ? '1% to 100%' : `1 to ${most}, the number of alarms listed`;
  const found = `${threshold.value}${isPercentage ? '%' : ''}`;
  throw new PositionedProblem(at, `AT_LEAST never or always holds (found ${found}; allowed: ${allowed})`);
}
