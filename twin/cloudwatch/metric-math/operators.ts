import { PositionedProblem } from '../positioned-problem.ts';
import type { BinaryExpression, BinaryOperator } from './expression.ts';
import { finite, type MathValue, mapPoints, type Series, scalar, series } from './value.ts';

type Operation = (left: number, right: number) => number;

const truth = (holds: boolean): number => (holds ? 1 : 0);

const OPERATIONS: Readonly<Record<BinaryOperator, Operation>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '==': (left, right) => truth(left === right),
  '!=': (left, right) => truth(left !== right),
  '<=': (left, right) => truth(left <= right),
  '>=': (left, right) => truth(left >= right),
  '<': (left, right) => truth(left < right),
  '>': (left, right) => truth(left > right),
  AND: (left, right) => truth(left !== 0 && right !== 0),
  '&&': (left, right) => truth(left !== 0 && right !== 0),
  OR: (left, right) => truth(left !== 0 || right !== 0),
  '||': (left, right) => truth(left !== 0 || right !== 0),
};

/**
 * Applies a binary operator. Between two series a missing value counts as 0, and where both are missing there is no
 * datapoint; a division by zero drops the datapoint.
 *
 * Source: User Guide, using-metric-math, "Basic arithmetic functions" and "Comparison and logical operators".
 */
export function applyOperator({ operator, at }: BinaryExpression, left: MathValue, right: MathValue): MathValue {
  const operate = OPERATIONS[operator];
  const swapped: Operation = (a, b) => operate(b, a);
  if (left.kind === 'array') {
    if (right.kind === 'array') throw new PositionedProblem(at, `"${operator}" does not take two arrays of series`);
    return { kind: 'array', series: left.series.map((points) => combine(operate, points, right)) };
  }
  if (right.kind === 'array') {
    return { kind: 'array', series: right.series.map((points) => combine(swapped, points, left)) };
  }
  if (left.kind === 'series') return series(combine(operate, left.points, right));
  if (right.kind === 'series') return series(combine(swapped, right.points, left));
  return scalar(operate(left.value, right.value));
}

function combine(operate: Operation, left: Series, right: Exclude<MathValue, { kind: 'array' }>): Series {
  if (right.kind === 'scalar') return mapPoints(left, (value) => operate(value, right.value));
  return left.map((value, index) => {
    const other = right.points[index];
    return value === undefined && other === undefined ? undefined : finite(operate(value ?? 0, other ?? 0));
  });
}
