import { PositionedProblem } from '../positioned-problem.ts';
import type { Argument, CallExpression, Expression } from './expression.ts';
import { isFunctionName } from './function-names.ts';
import { FUNCTIONS } from './functions.ts';
import type { MathContext } from './math-context.ts';
import { applyOperator } from './operators.ts';
import { type MathValue, mapValue, type Series, scalar } from './value.ts';

/** Evaluates an expression. Throws a positioned problem for an unknown id and for arguments a function does not take. */
export function evaluateExpression(expression: Expression, context: MathContext): MathValue {
  const evaluate = (operand: Expression): MathValue => evaluateExpression(operand, context);
  switch (expression.kind) {
    case 'number':
      return scalar(expression.value);
    case 'reference':
      return lookUp(expression.id, expression.at, context);
    case 'array':
      return { kind: 'array', series: expression.items.flatMap((item) => seriesIn(evaluate(item), item.at)) };
    case 'negation':
      return mapValue(evaluate(expression.operand), (value) => -value);
    case 'binary':
      return applyOperator(expression, evaluate(expression.left), evaluate(expression.right));
    case 'call':
      return callFunction(expression, context);
  }
}

/** The ids that an expression names, each once, in order of appearance. */
export function referencesOf(expression: Argument): readonly string[] {
  switch (expression.kind) {
    case 'reference':
      return [expression.id];
    case 'array':
      return unique(expression.items.flatMap(referencesOf));
    case 'negation':
      return referencesOf(expression.operand);
    case 'binary':
      return unique([...referencesOf(expression.left), ...referencesOf(expression.right)]);
    case 'call':
      return unique(expression.args.flatMap(referencesOf));
    default:
      return [];
  }
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}

function lookUp(id: string, at: number, context: MathContext): MathValue {
  const value = context.resolve(id);
  if (value === undefined) throw new PositionedProblem(at, `unknown id "${id}"`);
  return value;
}

function seriesIn(value: MathValue, at: number): readonly Series[] {
  if (value.kind === 'scalar') throw new PositionedProblem(at, 'an array takes time series, not a number');
  return value.kind === 'series' ? [value.points] : value.series;
}

function callFunction(call: CallExpression, context: MathContext): MathValue {
  if (!isFunctionName(call.name)) throw new PositionedProblem(call.at, `unknown function ${call.name}`);
  return FUNCTIONS[call.name]({
    call,
    context,
    evaluate: (argument) => evaluateExpression(argument, context),
  });
}
