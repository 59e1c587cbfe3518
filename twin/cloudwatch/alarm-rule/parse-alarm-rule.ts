import type { Problem } from '../../../core/errors.ts';
import { ALARM_STATES, isAlarmState } from '../alarm-state.ts';
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
  const result = orRefusal(() => createRuleParser(createRuleCursor(text)).wholeRule());
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

function createRuleParser(cursor: RuleCursor) {
  let elements = 0;

  /** Counted while reading, so that a hostile rule ends before the stack does. */
  function countElement(at = cursor.offset()): void {
    elements += 1;
    if (elements > MOST_ELEMENTS) {
      throw new PositionedProblem(at, `more than ${MOST_ELEMENTS} elements (alarms, TRUE, FALSE, parentheses)`);
    }
  }

  function chain(kind: 'and' | 'or', word: 'AND' | 'OR', operand: () => AlarmRule): AlarmRule {
    const first = operand();
    const operands = [first];
    while (cursor.accept(word)) operands.push(operand());
    return operands.length === 1 ? first : { kind, operands };
  }

  const disjunction = (): AlarmRule => chain('or', 'OR', conjunction);
  const conjunction = (): AlarmRule => chain('and', 'AND', negation);

  function negation(): AlarmRule {
    let nots = 0;
    while (cursor.accept('NOT')) nots += 1;
    let rule = primary();
    for (; nots > 0; nots -= 1) rule = { kind: 'not', operand: rule };
    return rule;
  }

  function primary(): AlarmRule {
    countElement();
    if (cursor.accept('(')) {
      const rule = disjunction();
      cursor.expect(')');
      countElement();
      return rule;
    }
    const word = cursor.peekWord() ?? '';
    if (isAlarmState(word)) return stateFunction(word);
    if (/^(true|false)$/i.test(word)) {
      cursor.accept(word);
      return { kind: 'constant', value: word.toUpperCase() === 'TRUE' };
    }
    if (cursor.accept('AT_LEAST')) return atLeast();
    throw cursor.unexpected(`${ALARM_STATES.join('(…), ')}(…), AT_LEAST(…), NOT, TRUE, FALSE or "("`);
  }

  function stateFunction(state: (typeof ALARM_STATES)[number]): AlarmRule {
    cursor.accept(state);
    cursor.expect('(');
    const alarm = cursor.takeReference();
    cursor.expect(')');
    return { kind: 'state', state, alarm };
  }

  function atLeast(): AlarmRule {
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
    const rule: AtLeastRule = { kind: 'at-least', threshold: { unit, value }, negated, state, alarms: alarmList() };
    cursor.expect(')');
    assertReachable(rule, at);
    return rule;
  }

  function alarmList(): readonly string[] {
    cursor.expect('(');
    const alarms = [cursor.takeReference()];
    while (cursor.accept(',')) {
      countElement();
      alarms.push(cursor.takeReference());
    }
    cursor.expect(')');
    return alarms;
  }

  return {
    wholeRule(): AlarmRule {
      const rule = disjunction();
      if (!cursor.atEnd()) throw cursor.unexpected('AND, OR or the end of the rule');
      return rule;
    },
  };
}

/** Source: CDK reference, aws_cloudwatch.AtLeastThreshold. */
function assertReachable({ threshold, alarms }: AtLeastRule, at: number): void {
  const most = threshold.unit === 'percent' ? 100 : alarms.length;
  if (threshold.value >= 1 && threshold.value <= most) return;
  const allowed = threshold.unit === 'percent' ? '1% to 100%' : `1 to ${most}, the number of alarms listed`;
  const found = threshold.unit === 'percent' ? `${threshold.value}%` : `${threshold.value}`;
  throw new PositionedProblem(at, `AT_LEAST never or always holds (found ${found}; allowed: ${allowed})`);
}
