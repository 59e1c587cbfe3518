import { PositionedProblem } from '../positioned-problem.ts';

const SPACE = /\s*/y;
const WORD = /[A-Za-z_]\w*/y;
const NUMBER = /\d+/y;
/** "If specified without quotes, alarm names or ARNs must not contain spaces, round brackets, or commas." */
const BARE_REFERENCE = /[^\s(),"][^\s(),]*/y;
/** Within quotes a quote is written `\"`, and a backslash `\\`. */
const QUOTED_REFERENCE = /"((?:[^"\\]|\\.)+)"/sy;

/** A reading position in an alarm rule. Every `take…` skips white space before it. */
export interface RuleCursor {
  /** The word ahead, or undefined where there is none; it is not consumed. */
  peekWord(): string | undefined;
  /** Consumes the text if it is next. A word must be next as a whole: `OK` is not a part of `OKAY`. */
  accept(text: string): boolean;
  expect(text: string): void;
  takeNumber(): number;
  takeReference(): string;
  /** Where the next token starts, from 0. */
  offset(): number;
  atEnd(): boolean;
  /** The problem of finding something else than what was expected here. */
  unexpected(expected: string): PositionedProblem;
}

export function createRuleCursor(text: string): RuleCursor {
  let at = 0;

  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text) ?? undefined;
  };
  const offset = (): number => {
    at += match(SPACE)?.[0].length ?? 0;
    return at;
  };
  const isNext = (literal: string): boolean =>
    text.startsWith(literal, offset()) && (!/^\w/.test(literal) || match(WORD)?.[0] === literal);
  const take = (pattern: RegExp, expected: string): RegExpExecArray => {
    offset();
    const found = match(pattern);
    if (found === undefined) throw unexpected(expected);
    at += found[0].length;
    return found;
  };
  const accept = (literal: string): boolean => {
    if (!isNext(literal)) return false;
    at += literal.length;
    return true;
  };

  function unexpected(expected: string): PositionedProblem {
    const start = offset();
    if (start === text.length) return new PositionedProblem(start, `expected ${expected}, found the end of the rule`);
    const found = match(WORD)?.[0] ?? text[start];
    return new PositionedProblem(start, `expected ${expected}, found ${JSON.stringify(found)}`);
  }

  return {
    offset,
    accept,
    unexpected,
    peekWord() {
      offset();
      return match(WORD)?.[0];
    },
    expect(literal) {
      if (!accept(literal)) throw unexpected(JSON.stringify(literal));
    },
    takeNumber: () => Number(take(NUMBER, 'a number')[0]),
    takeReference() {
      if (text[offset()] !== '"') return take(BARE_REFERENCE, 'an alarm name or ARN')[0];
      if (text.startsWith('""', at)) throw unexpected('an alarm name or ARN');
      const [, quoted = ''] = take(QUOTED_REFERENCE, 'a closing quote for the alarm name');
      return quoted.replace(/\\(["\\])/g, '$1');
    },
    atEnd: () => offset() === text.length,
  };
}
