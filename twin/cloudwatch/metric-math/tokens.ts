import { PositionedProblem } from '../positioned-problem.ts';

/** A piece of an expression. */
export interface Token {
  /** `unknown`: a character that starts no token; nothing after it was read. */
  readonly kind: 'number' | 'name' | 'string' | 'symbol' | 'unknown' | 'end';
  readonly text: string;
  /** Offset in the expression, from 0. */
  readonly at: number;
}

/** The tokens of an expression, to be taken one after the other. */
export interface TokenStream {
  peek(): Token;
  /** The token after the next one. */
  peekSecond(): Token;
  take(): Token;
  /** Takes the next token if it is this operator, bracket or comma. */
  accept(text: string): boolean;
  expect(text: string): void;
  /** Reads one level deeper; refuses where it gets too deep, before the stack is exhausted. */
  nested<T>(read: () => T): T;
}

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z]\w*)|"(?<string>[^"]*)"|(?<symbol>==|!=|<=|>=|&&|\|\||[-+*/^<>()[\],]))/y;

/** Nesting allowed; far beyond any expression of use. */
const DEEPEST = 64;

/** Splits an expression into tokens; the last is of kind `end` or `unknown` and is never used up. */
export function createTokenStream(text: string): TokenStream {
  const tokens = tokenize(text);
  let next = 0;
  let depth = 0;
  const tokenAt = (index: number): Token => tokens[index] ?? { kind: 'end', text: '', at: text.length };
  const stream: TokenStream = {
    peek: () => tokenAt(next),
    peekSecond: () => tokenAt(next + 1),
    take() {
      next += 1;
      return tokenAt(next - 1);
    },
    accept(symbol) {
      const matches = stream.peek().text === symbol && stream.peek().kind !== 'string';
      if (matches) next += 1;
      return matches;
    },
    expect(symbol) {
      if (!stream.accept(symbol)) throw unexpected(stream.peek(), `"${symbol}"`);
    },
    nested(read) {
      depth += 1;
      if (depth > DEEPEST) throw new PositionedProblem(stream.peek().at, `nested deeper than ${DEEPEST} levels`);
      const result = read();
      depth -= 1;
      return result;
    },
  };
  return stream;
}

/** The problem of finding this token where something else was expected. */
export function unexpected(token: Token, expected: string): PositionedProblem {
  const found = token.kind === 'end' ? 'the end of the expression' : JSON.stringify(token.text);
  return new PositionedProblem(token.at, `expected ${expected}, found ${found}`);
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const length = text.trimEnd().length;
  let at = 0;
  while (at < length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return [...tokens, unknownCharacter(text, at)];
    tokens.push(tokenOf(match, TOKEN.lastIndex));
    at = TOKEN.lastIndex;
  }
  tokens.push({ kind: 'end', text: '', at: length });
  return tokens;
}

function tokenOf(match: RegExpExecArray, end: number): Token {
  const { number, name, string, symbol } = match.groups ?? {};
  if (string !== undefined) return { kind: 'string', text: string, at: end - string.length - 2 };
  const text = number ?? name ?? symbol ?? '';
  const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'symbol';
  return { kind, text, at: end - text.length };
}

function unknownCharacter(text: string, from: number): Token {
  const at = from + text.slice(from).search(/\S/);
  return { kind: 'unknown', text: text[at] ?? '', at };
}
