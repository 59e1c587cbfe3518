/**
 * A metric-math expression as a tree. `at` is the offset in the text, counted from 0, for messages.
 *
 * Source: User Guide, page using-metric-math.
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  /** The id of a metric or of another expression. */
  | { readonly kind: 'reference'; readonly id: string; readonly at: number }
  | { readonly kind: 'array'; readonly items: readonly Expression[]; readonly at: number }
  | { readonly kind: 'negation'; readonly operand: Expression; readonly at: number }
  | BinaryExpression
  | CallExpression;

/** Two operands and what is between them. */
export interface BinaryExpression {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly at: number;
}

/** A function and its arguments. */
export interface CallExpression {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Argument[];
  readonly at: number;
}

/** A function takes expressions, a string (`METRICS("errors")`) or a keyword (`FILL(m1, REPEAT)`). */
export type Argument =
  | Expression
  | { readonly kind: 'string'; readonly text: string; readonly at: number }
  | { readonly kind: 'keyword'; readonly name: string; readonly at: number };

/** An operator between two operands. */
export type BinaryOperator = (typeof OPERATORS)[number][number];

/** Loosest first; the operators of a line bind alike, to the left, `^` to the right. The page gives no order: this is the usual one. */
export const OPERATORS = [
  ['OR', '||'],
  ['AND', '&&'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
] as const;
