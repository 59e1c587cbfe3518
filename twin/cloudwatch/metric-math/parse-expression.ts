import { orRefusal, PositionedProblem, type Refusal } from '../positioned-problem.ts';
import { type Argument, type BinaryOperator, type Expression, OPERATORS } from './expression.ts';
import { FUNCTION_NAMES, isFunctionName, UNMODELLED_FUNCTIONS } from './function-names.ts';
import { type Token, tokenize } from './tokens.ts';

/** Nesting allowed, so that a hostile expression cannot exhaust the stack; far beyond any expression of use. */
const DEEPEST = 64;

/**
 * Reads a metric-math expression. Refused with its position (from 1): a syntax error, an unknown function, and a function
 * that CloudWatch knows and the twin does not.
 */
export function parseExpression(text: string): { readonly expression: Expression } | { readonly refusal: Refusal } {
  const result = orRefusal(() => createParser(tokenize(text)).wholeExpression());
  return 'refusal' in result ? result : { expression: result.value };
}

function createParser(tokens: readonly Token[]) {
  let next = 0;
  let depth = 0;

  const peek = (): Token => tokens[next] ?? { kind: 'end', text: '', at: 0 };
  const take = (): Token => {
    const token = peek();
    next += 1;
    return token;
  };
  const accept = (text: string): boolean => {
    const matches = peek().text === text && peek().kind !== 'string';
    if (matches) next += 1;
    return matches;
  };
  const expect = (text: string): void => {
    if (!accept(text)) throw unexpected(peek(), `"${text}"`);
  };

  function nested<T>(read: () => T): T {
    depth += 1;
    if (depth > DEEPEST) throw new PositionedProblem(peek().at, `nested deeper than ${DEEPEST} levels`);
    const result = read();
    depth -= 1;
    return result;
  }

  function operation(level: number): Expression {
    const operators: readonly string[] | undefined = OPERATORS[level];
    if (operators === undefined) return unary();
    let left = operation(level + 1);
    while (peek().kind !== 'string' && operators.includes(peek().text)) {
      const { text, at } = take();
      const right = text === '^' ? nested(() => operation(level)) : operation(level + 1);
      left = { kind: 'binary', operator: text as BinaryOperator, left, right, at };
    }
    return left;
  }

  /** Binds tighter than every operator but `^`: −m1^2 is −(m1^2), m1^-2 is m1^(−2). */
  function unary(): Expression {
    const { at } = peek();
    if (!accept('-')) return primary();
    return { kind: 'negation', operand: nested(() => operation(OPERATORS.length - 1)), at };
  }

  function primary(): Expression {
    const token = take();
    const { kind, text, at } = token;
    if (kind === 'number') return { kind: 'number', value: Number(text), at };
    if (kind === 'name') return peek().text === '(' ? call(token) : reference(token);
    if (text === '(') return nested(() => closedBy(')', () => operation(0)));
    if (text === '[') return { kind: 'array', items: nested(() => list(']', () => operation(0))), at };
    throw unexpected(token, 'a number, an id, a function, "(" or "["');
  }

  function closedBy<T>(closing: string, read: () => T): T {
    const result = read();
    expect(closing);
    return result;
  }

  function list<T>(closing: string, item: () => T): readonly T[] {
    const items: T[] = [];
    if (accept(closing)) return items;
    do items.push(item());
    while (accept(','));
    expect(closing);
    return items;
  }

  function call({ text: name, at }: Token): Expression {
    assertKnownFunction(name, at);
    expect('(');
    return { kind: 'call', name, args: nested(() => list(')', argument)), at };
  }

  function argument(): Argument {
    const { kind, text, at } = peek();
    const following = tokens[next + 1]?.text;
    if (kind === 'string') return { kind: 'string', text: take().text, at };
    const isKeyword = kind === 'name' && /^[A-Z]/.test(text) && following !== '(';
    return isKeyword ? { kind: 'keyword', name: take().text, at } : operation(0);
  }

  return {
    wholeExpression(): Expression {
      const expression = operation(0);
      if (peek().kind !== 'end') throw unexpected(peek(), 'an operator or the end of the expression');
      return expression;
    },
  };
}

function reference({ text, at }: Token): Expression {
  if (/^[a-z]/.test(text)) return { kind: 'reference', id: text, at };
  if (/^SELECT$/i.test(text)) {
    throw new PositionedProblem(
      at,
      'Metrics Insights queries are not modelled by the twin; use MetricStat and metric math',
    );
  }
  throw new PositionedProblem(at, `unexpected "${text}": an id starts with a lower-case letter`);
}

function assertKnownFunction(name: string, at: number): void {
  if (isFunctionName(name)) return;
  const message = UNMODELLED_FUNCTIONS.has(name)
    ? `the function ${name} is not modelled by the twin`
    : `unknown function ${name}`;
  throw new PositionedProblem(at, `${message}; known functions are ${FUNCTION_NAMES.join(', ')}`);
}

function unexpected(token: Token, expected: string): PositionedProblem {
  const found = token.kind === 'end' ? 'the end of the expression' : JSON.stringify(token.text);
  return new PositionedProblem(token.at, `expected ${expected}, found ${found}`);
}
