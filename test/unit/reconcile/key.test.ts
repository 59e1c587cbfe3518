import { describe, expect, it } from 'vitest';
import { printKey } from '../../../core/reconcile/key.ts';

describe('a key as it is printed', () => {
  it.each([
    { what: 'one value', key: ['4711'], printed: '4711' },
    { what: 'several, parted by slashes', key: ["ténant's 4", '11'], printed: "ténant's 4/11" },
    { what: 'an empty value in quotes', key: ['', '11'], printed: '""/11' },
    { what: 'a blank at an end in quotes', key: ['a ', ' b'], printed: '"a "/" b"' },
    {
      what: 'nothing that a terminal would obey',
      key: ['a\nb\u001b[31mred\u009b'],
      printed: '"a\\nb\\u001b[31mred\\u009b"',
    },
    { what: 'no character that turns the line around', key: ['abc\u202edef'], printed: '"abc\\u202edef"' },
    { what: 'no invisible one either', key: ['a\u200bb\u2028'], printed: '"a\\u200bb\\u2028"' },
  ])('has $what', ({ key, printed }) => {
    expect(printKey(key)).toBe(printed);
  });
});
