import { orRefusal, PositionedProblem, type Refusal } from '../positioned-problem.ts';
import { type Argument, type BinaryOperator, type Expression, OPERATORS } from './expression.ts';
import { FUNCTION_NAMES, isFunctionName, UNMODELLED_FUNCTIONS } from './function-names.ts';
import { createTokenStream, type Token, type TokenStream, unexpected } from './tokens.ts';

/** The level of `^`, which binds tightest. */
const POWER = OPERATORS.length - 1;

/**
 * Reads a metric-math expression. Refused with its position (from 1): a syntax error, an unknown function, and a function
 * that CloudWatch knows and the twin does not.
 */
export function parseExpression(text: string): { readonly expression: Expression } | { readonly refusal: Refusal } {
  const result = orRefusal(() => wholeExpression(createTokenStream(text)));
  return 'refusal' in result ? result : { expression: result.value };
}

function wholeExpression(tokens: TokenStream): Expression {
  const expression = operation(tokens, 0);
  if (tokens.peek().kind !== 'end') throw unexpected(tokens.peek(), 'an operator or the end of the expression');
  return expression;
}

/** An operation of this level or a tighter one. */
function operation(tokens: TokenStream, level: number): Expression {
  const operators: readonly string[] | undefined = OPERATORS[level];
  if (operators === undefined) return unary(tokens);
  let left = operation(tokens, level + 1);
  while (tokens.peek().kind !== 'string' && operators.includes(tokens.peek().text)) {
    const { text, at } = tokens.take();
    const right = level === POWER ? tokens.nested(() => operation(tokens, POWER)) : operation(tokens, level + 1);
    left = { kind: 'binary', operator: text as BinaryOperator, left, right, at };
  }
  return left;
}

/** Binds tighter than every operator but `^`: −m1^2 is −(m1^2), m1^-2 is m1^(−2). */
function unary(tokens: TokenStream): Expression {
  const { at } = tokens.peek();
  if (!tokens.accept('-')) return primary(tokens);
  return { kind: 'negation', operand: tokens.nested(() => operation(tokens, POWER)), at };
}

function primary(tokens: TokenStream): Expression {
  const token = tokens.take();
  const { kind, text, at } = token;
  if (kind === 'number') return { kind: 'number', value: Number(text), at };
  if (kind === 'name') return tokens.peek().text === '(' ? call(tokens, token) : reference(token);
  if (kind === 'symbol' && text === '(') {
    const inner = tokens.nested(() => operation(tokens, 0));
    tokens.expect(')');
    return inner;
  }
  if (kind === 'symbol' && text === '[') {
    return { kind: 'array', items: list(tokens, ']', () => operation(tokens, 0)), at };
  }
  throw unexpected(token, 'a number, an id, a function, "(" or "["');
}

function call(tokens: TokenStream, { text: name, at }: Token): Expression {
  assertKnownFunction(name, at);
  tokens.expect('(');
  return { kind: 'call', name, args: list(tokens, ')', () => argument(tokens)), at };
}

function list<T>(tokens: TokenStream, closing: string, readItem: () => T): readonly T[] {
  const items: T[] = [];
  if (tokens.accept(closing)) return items;
  do items.push(tokens.nested(readItem));
  while (tokens.accept(','));
  tokens.expect(closing);
  return items;
}

function argument(tokens: TokenStream): Argument {
  const { kind, text, at } = tokens.peek();
  if (kind === 'string') return { kind: 'string', text: tokens.take().text, at };
  const isKeyword = kind === 'name' && /^[A-Z]/.test(text) && tokens.peekSecond().text !== '(';
  return isKeyword ? { kind: 'keyword', name: tokens.take().text, at } : operation(tokens, 0);
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
