import { describe, expect, it } from 'vitest';
import { alarmNameOf, alarmsOf } from '../../../twin/cloudwatch/alarm-rule/alarm-rule.ts';
import { evaluateAlarmRule } from '../../../twin/cloudwatch/alarm-rule/evaluate-alarm-rule.ts';
import { parseAlarmRule } from '../../../twin/cloudwatch/alarm-rule/parse-alarm-rule.ts';
import type { AlarmState } from '../../../twin/cloudwatch/alarm-state.ts';

function parse(text: string) {
  const parsed = parseAlarmRule(text, 'AlarmRule');
  if (parsed.kind === 'refused') throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  return parsed.rule;
}

function refusal(text: string): string {
  const parsed = parseAlarmRule(text, 'AlarmRule');
  return parsed.kind === 'refused' ? parsed.problems.map(({ message }) => message).join('; ') : 'accepted';
}

function holds(text: string, states: Readonly<Record<string, AlarmState>>): boolean {
  return evaluateAlarmRule(parse(text), (alarm) => states[alarm] ?? 'INSUFFICIENT_DATA');
}

describe('an alarm rule (alarm-combining)', () => {
  it.each([
    ['ALARM(a)', { a: 'ALARM' }, true],
    ['ALARM(a)', { a: 'OK' }, false],
    ['OK("a")', { a: 'OK' }, true],
    ['INSUFFICIENT_DATA (a)', { a: 'INSUFFICIENT_DATA' }, true],
    ['TRUE', {}, true],
    ['FALSE', {}, false],
    // The guide itself tells to change a rule "to False" to break a circle.
    ['False', {}, false],
    ['ALARM(a) AND ALARM(b)', { a: 'ALARM', b: 'OK' }, false],
    ['ALARM(a) OR ALARM(b)', { a: 'OK', b: 'ALARM' }, true],
    ['ALARM(a) AND NOT ALARM(b)', { a: 'ALARM', b: 'INSUFFICIENT_DATA' }, true],
    ['(ALARM(a) OR ALARM(b)) AND OK(c)', { a: 'ALARM', b: 'OK', c: 'ALARM' }, false],
    // Without the parentheses AND binds tighter.
    ['ALARM(a) OR ALARM(b) AND OK(c)', { a: 'ALARM', b: 'OK', c: 'ALARM' }, true],
    ['NOT ALARM(a) AND ALARM(b)', { a: 'OK', b: 'OK' }, false],
    ['NOT (ALARM(a) AND ALARM(b))', { a: 'OK', b: 'OK' }, true],
    ['NOT NOT TRUE', {}, true],
    ['ALARM(a)AND(TRUE)', { a: 'ALARM' }, true],
    ['ALARM\n(\n"a"\n)\nOR\tFALSE', { a: 'ALARM' }, true],
  ] as const)('%s with %o: %s', (rule, states, expected) => {
    expect(holds(rule, states)).toBe(expected);
  });

  it.each([
    ['AT_LEAST(2, ALARM, (a, b, c))', 1, false],
    ['AT_LEAST(2, ALARM, (a, b, c))', 2, true],
    ['AT_LEAST(2, ALARM, (a, b, c))', 3, true],
    ['AT_LEAST(60%, ALARM, ("a", "b", "c"))', 1, false],
    ['AT_LEAST(60%, ALARM, ("a", "b", "c"))', 2, true],
    ['AT_LEAST(67%, ALARM, (a, b, c))', 2, false],
    ['AT_LEAST(50%, ALARM, (a, b, c, d))', 2, true],
    ['AT_LEAST(51%, ALARM, (a, b, c, d))', 2, false],
    ['AT_LEAST(100%, ALARM, (a, b, c))', 3, true],
    ['AT_LEAST( 60 % , NOT OK , ( a , b , c ) )', 1, false],
    ['AT_LEAST(60%, NOT OK, (a, b, c))', 2, true],
    ['AT_LEAST(1, NOT ALARM, (a, b, c))', 3, false],
    ['AT_LEAST(1, NOT ALARM, (a, b, c))', 2, true],
    ['AT_LEAST(3, NOT INSUFFICIENT_DATA, (a, b, c))', 0, true],
    ['AT_LEAST(2, ALARM, (a, b, c)) AND NOT ALARM(d)', 2, true],
  ])('%s with %i in ALARM, the others OK: %s', (rule, inAlarm, expected) => {
    const names = ['a', 'b', 'c', 'd'];
    const states = Object.fromEntries(names.map((name, index) => [name, index < inAlarm ? 'ALARM' : 'OK'] as const));
    expect(holds(rule, states)).toBe(expected);
  });

  it('takes names and ARNs, quoted where they hold spaces, brackets or commas, with escaped quotes', () => {
    const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:order-service p99, (new)';
    const rule = parse(`ALARM("${arn}") OR OK(a=b:c/d) OR ALARM("say \\"hi\\"") OR ALARM("back\\\\slash")`);
    expect(alarmsOf(rule)).toEqual([arn, 'a=b:c/d', 'say "hi"', 'back\\slash']);
    expect(alarmNameOf(arn)).toBe('order-service p99, (new)');
    expect(alarmNameOf('order-service')).toBe('order-service');
  });
});

describe('a refused alarm rule names the position', () => {
  const PRIMARY =
    'expected OK\\(…\\), ALARM\\(…\\), INSUFFICIENT_DATA\\(…\\), AT_LEAST\\(…\\), NOT, TRUE, FALSE or "\\("';

  it.each([
    ['', `^at position 1: ${PRIMARY}, found the end of the rule$`],
    ['   ', `^at position 4: ${PRIMARY}, found the end`],
    ['ALARM(a) AND', '^at position 13: .* found the end of the rule$'],
    ['ALARM(a) XOR ALARM(b)', '^at position 10: expected AND, OR or the end of the rule, found "XOR"$'],
    ['ALARM(a) ALARM(b)', '^at position 10: '],
    ['ALARM(a) and ALARM(b)', '^at position 10: .* found "and"$'],
    ['AND ALARM(a)', '^at position 1: .* found "AND"$'],
    ['alarm(a)', '^at position 1: .* found "alarm"$'],
    ['OKAY(a)', '^at position 1: .* found "OKAY"$'],
    ['a', '^at position 1: .* found "a"$'],
    ['ALARM', '^at position 6: expected "\\(", found the end of the rule$'],
    ['ALARM()', '^at position 7: expected an alarm name or ARN, found "\\)"$'],
    ['ALARM("")', '^at position 7: expected an alarm name or ARN'],
    ['ALARM("a)', '^at position 7: expected a closing quote'],
    ['ALARM(a b)', '^at position 9: expected "\\)", found "b"$'],
    ['ALARM(a, b)', '^at position 8: expected "\\)", found ","$'],
    ['(ALARM(a)', '^at position 10: expected "\\)", found the end of the rule$'],
    ['ALARM(a))', '^at position 9: .* found "\\)"$'],
    ['NOT', '^at position 4: '],
    ['TRUEFALSE', '^at position 1: .* found "TRUEFALSE"$'],
    ['AT_LEAST(ALARM, (a))', '^at position 10: expected a number, found "ALARM"$'],
    ['AT_LEAST(1.5, ALARM, (a, b))', '^at position 11: expected ",", found "."$'],
    ['AT_LEAST(2, BAD, (a, b))', '^at position 13: expected NOT, OK, ALARM, INSUFFICIENT_DATA, found "BAD"$'],
    ['AT_LEAST(2, NOT, (a, b))', '^at position 16: expected OK, ALARM, INSUFFICIENT_DATA, found ","$'],
    ['AT_LEAST(1, ALARM, a)', '^at position 20: expected "\\(", found "a"$'],
    ['AT_LEAST(1, ALARM, ())', '^at position 21: expected an alarm name'],
    ['AT_LEAST(0, ALARM, (a, b))', '^at position 10: .*found 0; allowed: 1 to 2'],
    ['AT_LEAST(3, ALARM, (a, b))', '^at position 10: .*found 3; allowed: 1 to 2'],
    ['AT_LEAST(0%, ALARM, (a, b))', '^at position 10: .*found 0%; allowed: 1% to 100%'],
    ['TRUE AND AT_LEAST(101%, ALARM, (a, b))', '^at position 19: .*found 101%; allowed: 1% to 100%'],
  ])('%s', (rule, expected) => {
    expect(refusal(rule)).toMatch(new RegExp(expected));
  });
});

describe('the limits of an alarm rule (PutCompositeAlarm)', () => {
  const references = (count: number) => Array.from({ length: count }, (_, index) => `ALARM(a${index})`).join(' OR ');

  it.each([
    [99, 'accepted'],
    [100, 'accepted'],
    [101, 'the rule refers to too many alarms'],
  ])('%i alarms: %s', (count, expected) => {
    expect(refusal(references(count))).toBe(expected);
  });

  it('counts an alarm once, however often the rule names it', () => {
    expect(refusal(`${references(100)} OR ALARM(a0)`)).toBe('accepted');
  });

  it.each([
    [499, 'accepted'],
    [500, 'accepted'],
    [501, 'more than 500 elements'],
  ])('%i elements: %s', (count, expected) => {
    expect(refusal(Array<string>(count).fill('TRUE').join(' OR '))).toContain(expected);
  });

  it.each([
    [10_239, 'accepted'],
    [10_240, 'accepted'],
    [10_241, 'the rule is too long'],
  ])('%i characters: %s', (length, expected) => {
    expect(refusal('TRUE'.padEnd(length))).toContain(expected);
  });

  it('refuses hostile nesting without exhausting the stack', () => {
    expect(refusal('('.repeat(10_000))).toContain('at position 501: more than 500 elements');
    expect(holds(`${'NOT '.repeat(2558)}FALSE`, {})).toBe(false);
  });
});
