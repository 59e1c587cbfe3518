import type { Problem } from '../../../core/errors.ts';
import { ALARM_STATES, type AlarmState, isAlarmState } from '../alarm-state.ts';
import { orRefusal, PositionedProblem } from '../positioned-problem.ts';
import { ALARM_RULE_PAGE, type AlarmRule, type AtLeastRule, alarmsOf } from './alarm-rule.ts';
import { createRuleCursor, type RuleCursor } from './rule-cursor.ts';

/** Characters in a rule. Source: API model, `AlarmRule`. */
const LONGEST_RULE = 10_240;
/** Different alarms in a rule. Source: API reference, PutCompositeAlarm. */
const MOST_CHILDREN = 100;
/** Alarms, TRUE and FALSE, and grouping parentheses in a rule. Source: API reference, PutCompositeAlarm, `AlarmRule`. */
const MOST_ELEMENTS = 500;

export type ParsedAlarmRule =
  | { readonly kind: 'parsed'; readonly rule: AlarmRule }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/**
 * Reads the rule of a composite alarm. NOT binds tighter than AND, AND tighter than OR (the usual order; the guide only
 * says that parentheses group). Operators and functions are written in capitals; TRUE and FALSE in any case, as the guide
 * itself writes `False`. A refusal names the position, counted in characters from 1.
 */
export function parseAlarmRule(text: string, path: string): ParsedAlarmRule {
  if (text.length > LONGEST_RULE) {
    return refused({
      path,
      message: 'the rule is too long',
      value: text.length,
      allowed: `up to ${LONGEST_RULE} characters`,
    });
  }
  const result = orRefusal(() => wholeRule({ cursor: createRuleCursor(text), elements: 0 }));
  if ('refusal' in result) {
    const { position, message } = result.refusal;
    return refused({ path, message: `at position ${position}: ${message}` });
  }
  const children = alarmsOf(result.value).length;
  return children > MOST_CHILDREN
    ? refused({
        path,
        message: 'the rule refers to too many alarms',
        value: children,
        allowed: `up to ${MOST_CHILDREN}`,
      })
    : { kind: 'parsed', rule: result.value };
}

function refused(problem: Problem): ParsedAlarmRule {
  return { kind: 'refused', problems: [{ ...problem, source: ALARM_RULE_PAGE }] };
}

/** A rule being read. */
interface Reading {
  readonly cursor: RuleCursor;
  /** Elements so far: counted while reading, so that a hostile rule ends before the stack does. */
  elements: number;
}

function wholeRule(reading: Reading): AlarmRule {
  const rule = disjunction(reading);
  if (!reading.cursor.atEnd()) throw reading.cursor.unexpected('AND, OR or the end of the rule');
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
  while (reading.cursor.accept(word)) operands.push(readOperand(reading));
  return operands;
}

function negation(reading: Reading): AlarmRule {
  let nots = 0;
  while (reading.cursor.accept('NOT')) nots += 1;
  let rule = primary(reading);
  for (; nots > 0; nots -= 1) rule = { kind: 'not', operand: rule };
  return rule;
}

function primary(reading: Reading): AlarmRule {
  const { cursor } = reading;
  countElement(reading);
  if (cursor.accept('(')) {
    const rule = disjunction(reading);
    cursor.expect(')');
    countElement(reading);
    return rule;
  }
  const word = cursor.peekWord() ?? '';
  if (isAlarmState(word)) return stateFunction(cursor, word);
  if (/^(true|false)$/i.test(word)) {
    cursor.accept(word);
    return { kind: 'constant', value: word.toUpperCase() === 'TRUE' };
  }
  if (cursor.accept('AT_LEAST')) return atLeast(reading);
  throw cursor.unexpected(`${ALARM_STATES.join('(…), ')}(…), AT_LEAST(…), NOT, TRUE, FALSE or "("`);
}

function stateFunction(cursor: RuleCursor, state: AlarmState): AlarmRule {
  cursor.accept(state);
  cursor.expect('(');
  const alarm = cursor.takeReference();
  cursor.expect(')');
  return { kind: 'state', state, alarm };
}

function atLeast(reading: Reading): AlarmRule {
  const { cursor } = reading;
  cursor.expect('(');
  const at = cursor.offset();
  const value = cursor.takeNumber();
  const unit = cursor.accept('%') ? 'percent' : 'count';
  cursor.expect(',');
  const negated = cursor.accept('NOT');
  const state = cursor.peekWord() ?? '';
  if (!isAlarmState(state)) throw cursor.unexpected(`${negated ? '' : 'NOT, '}${ALARM_STATES.join(', ')}`);
  cursor.accept(state);
  cursor.expect(',');
  const rule: AtLeastRule = {
    kind: 'at-least',
    threshold: { unit, value },
    negated,
    state,
    alarms: alarmList(reading),
  };
  cursor.expect(')');
  assertReachable(rule, at);
  return rule;
}

function alarmList(reading: Reading): readonly string[] {
  const { cursor } = reading;
  cursor.expect('(');
  const alarms = [cursor.takeReference()];
  while (cursor.accept(',')) {
    countElement(reading);
    alarms.push(cursor.takeReference());
  }
  cursor.expect(')');
  return alarms;
}

function countElement(reading: Reading): void {
  reading.elements += 1;
  if (reading.elements <= MOST_ELEMENTS) return;
  throw new PositionedProblem(
    reading.cursor.offset(),
    `more than ${MOST_ELEMENTS} elements (alarms, TRUE, FALSE, parentheses)`,
  );
}

/** Source: CDK reference, aws_cloudwatch.AtLeastThreshold. */
function assertReachable({ threshold, alarms }: AtLeastRule, at: number): void {
  const most = threshold.unit === 'percent' ? 100 : alarms.length;
  if (threshold.value >= 1 && threshold.value <= most) return;
  const allowed = threshold.unit === 'percent' ? '1% to 100%' : `1 to ${most}, the number of alarms listed`;
  const found = threshold.unit === 'percent' ? `${threshold.value}%` : `${threshold.value}`;
  throw new PositionedProblem(at, `AT_LEAST never or always holds (found ${found}; allowed: ${allowed})`);
}
