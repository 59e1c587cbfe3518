import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlarmRule } from '../../twin/cloudwatch/alarm-rule/alarm-rule.ts';
import { evaluateAlarmRule } from '../../twin/cloudwatch/alarm-rule/evaluate-alarm-rule.ts';
import { parseAlarmRule } from '../../twin/cloudwatch/alarm-rule/parse-alarm-rule.ts';
import { ALARM_STATES, type AlarmState } from '../../twin/cloudwatch/alarm-state.ts';
import { printAlarmRule } from '../_helpers/print-alarm-rule.ts';

const state = fc.constantFrom(...ALARM_STATES);
const name = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'AND', 'TRUE', 'ALARM', 'a b', '(a)', 'a,b', '"', '\\', 'a\\"b', 'é中'),
  fc.string({ minLength: 1, maxLength: 12 }),
);

const { rule } = fc.letrec<{ rule: AlarmRule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 4 },
    fc.record({ kind: fc.constant('constant' as const), value: fc.boolean() }),
    fc.record({ kind: fc.constant('state' as const), state, alarm: name }),
    fc.array(name, { minLength: 1, maxLength: 5 }).chain((alarms) =>
      fc.record({
        kind: fc.constant('at-least' as const),
        threshold: fc.oneof(
          fc.record({ unit: fc.constant('count' as const), value: fc.integer({ min: 1, max: alarms.length }) }),
          fc.record({ unit: fc.constant('percent' as const), value: fc.integer({ min: 1, max: 100 }) }),
        ),
        negated: fc.boolean(),
        state,
        alarms: fc.constant(alarms),
      }),
    ),
    fc.record({ kind: fc.constant('not' as const), operand: tie('rule') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      operands: fc.array(tie('rule'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

/** Every alarm gets a state from its name, so that equal names agree. */
const stateOf =
  (seed: number) =>
  (alarm: string): AlarmState =>
    ALARM_STATES[(seed + [...alarm].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0)) % 3] ?? 'OK';

/** The truth table written down once more, as plainly as possible. */
function bruteForce(tree: AlarmRule, states: (alarm: string) => AlarmState): boolean {
  if (tree.kind === 'constant') return tree.value;
  if (tree.kind === 'state') return states(tree.alarm) === tree.state;
  if (tree.kind === 'not') return !bruteForce(tree.operand, states);
  if (tree.kind === 'at-least') {
    let matching = 0;
    for (const alarm of tree.alarms) {
      const is = states(alarm) === tree.state;
      if (tree.negated ? !is : is) matching += 1;
    }
    const needed =
      tree.threshold.unit === 'count'
        ? tree.threshold.value
        : Math.ceil((tree.threshold.value * tree.alarms.length) / 100);
    return matching >= needed;
  }
  const results = tree.operands.map((operand) => bruteForce(operand, states));
  return tree.kind === 'and' ? !results.includes(false) : results.includes(true);
}

describe('alarm rules', () => {
  it('parse to the tree that was printed', () => {
    fc.assert(
      fc.property(rule, (tree) => {
        expect(parseAlarmRule(printAlarmRule(tree), 'AlarmRule')).toEqual({ kind: 'parsed', rule: tree });
      }),
    );
  });

  it('hold exactly when a brute-force evaluation says so', () => {
    fc.assert(
      fc.property(rule, fc.nat(2), (tree, seed) => {
        expect(evaluateAlarmRule(tree, stateOf(seed))).toBe(bruteForce(tree, stateOf(seed)));
      }),
    );
  });

  it('are read or refused with a position, whatever the text', () => {
    const words = fc.constantFrom(
      'ALARM',
      'OK',
      'AT_LEAST',
      'AND',
      'OR',
      'NOT',
      'TRUE',
      '(',
      ')',
      ',',
      '"',
      '\\',
      '2',
      '%',
      ' ',
      'a',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), (text) => {
        const parsed = parseAlarmRule(text.join(''), 'AlarmRule');
        if (parsed.kind === 'parsed') return;
        expect(parsed.problems[0]?.message).toMatch(/^at position \d+: /);
      }),
    );
  });
});
