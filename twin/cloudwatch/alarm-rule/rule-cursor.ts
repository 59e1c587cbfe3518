import { PositionedProblem } from '../positioned-problem.ts';

/** A reading position in an alarm rule. Every function skips the white space before what it looks at. */
export interface RuleCursor {
  readonly text: string;
  /** Offset, from 0, of what was not read yet. */
  at: number;
}

const SPACE = /\s*/y;
const WORD = /[A-Za-z_]\w*/y;
const NUMBER = /\d+/y;
/** "If specified without quotes, alarm names or ARNs must not contain spaces, round brackets, or commas." */
const BARE_REFERENCE = /[^\s(),"][^\s(),]*/y;
/** Within quotes a quote is written `\"`, and a backslash `\\`. */
const QUOTED_REFERENCE = /"((?:[^"\\]|\\.)+)"/sy;

/** Where the next token starts, from 0. */
export function offset(cursor: RuleCursor): number {
  cursor.at += match(cursor, SPACE)?.[0].length ?? 0;
  return cursor.at;
}

/** True where nothing is left to read. */
export function atEnd(cursor: RuleCursor): boolean {
  return offset(cursor) === cursor.text.length;
}

/** The word ahead, or undefined where there is none; it is not consumed. */
export function peekWord(cursor: RuleCursor): string | undefined {
  offset(cursor);
  return match(cursor, WORD)?.[0];
}

/** Consumes the text if it is next. A word must be next as a whole: `OK` is not a part of `OKAY`. */
export function accept(cursor: RuleCursor, literal: string): boolean {
  const isWord = /^\w/.test(literal);
  const isNext = isWord ? peekWord(cursor) === literal : cursor.text.startsWith(literal, offset(cursor));
  if (isNext) cursor.at += literal.length;
  return isNext;
}

/** Consumes the text, or throws. */
export function expect(cursor: RuleCursor, literal: string): void {
  if (!accept(cursor, literal)) throw unexpected(cursor, JSON.stringify(literal));
}

/** Consumes a whole number, or throws. */
export function takeNumber(cursor: RuleCursor): number {
  return Number(take(cursor, NUMBER, 'a number')[0]);
}

/** Consumes the name or ARN of an alarm, quoted or not, or throws. */
export function takeReference(cursor: RuleCursor): string {
  const start = offset(cursor);
  if (cursor.text[start] !== '"') return take(cursor, BARE_REFERENCE, 'an alarm name or ARN')[0];
  if (cursor.text.startsWith('""', start)) throw unexpected(cursor, 'an alarm name or ARN');
  const [, quoted = ''] = take(cursor, QUOTED_REFERENCE, 'a closing quote for the alarm name');
  return quoted.replace(/\\(["\\])/g, '$1');
}

/** The problem of finding something else than what was expected here. */
export function unexpected(cursor: RuleCursor, expected: string): PositionedProblem {
  if (atEnd(cursor)) return new PositionedProblem(cursor.at, `expected ${expected}, found the end of the rule`);
  const found = peekWord(cursor) ?? cursor.text[cursor.at];
  return new PositionedProblem(cursor.at, `expected ${expected}, found ${JSON.stringify(found)}`);
}

function take(cursor: RuleCursor, pattern: RegExp, expected: string): RegExpExecArray {
  offset(cursor);
  const found = match(cursor, pattern);
  if (found === undefined) throw unexpected(cursor, expected);
  cursor.at += found[0].length;
  return found;
}

function match({ text, at }: RuleCursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
