import { PositionedProblem } from '../positioned-problem.ts';
import { AGGREGATES, aggregate } from './aggregates.ts';
import type { Argument, CallExpression, Expression } from './expression.ts';
import { fillSeries } from './fill.ts';
import type { FunctionName } from './function-names.ts';
import { chooseByCondition } from './if-function.ts';
import type { MathContext } from './math-context.ts';
import { difference, runningSum } from './sequences.ts';
import { finite, type MathValue, mapValue, type Series, scalar, series } from './value.ts';

/** One call: its arguments unevaluated, since some functions take keywords, strings or the name of a metric. */
export interface Call {
  readonly call: CallExpression;
  readonly context: MathContext;
  evaluate(argument: Expression): MathValue;
}

/** The functions that the twin models. Source: User Guide, using-metric-math, "Functions supported for metric math". */
export const FUNCTIONS: Readonly<Record<FunctionName, (call: Call) => MathValue>> = {
  ABS: elementWise(Math.abs),
  CEIL: elementWise(Math.ceil),
  FLOOR: elementWise(Math.floor),
  LOG: elementWise(Math.log),
  LOG10: elementWise(Math.log10),
  AVG: aggregation('AVG'),
  DATAPOINT_COUNT: aggregation('DATAPOINT_COUNT'),
  MAX: aggregation('MAX'),
  MIN: aggregation('MIN'),
  SUM: aggregation('SUM'),
  DIFF: sequence((points) => difference(points)),
  RATE: sequence((points, context) => difference(points, context.periodSeconds)),
  RUNNING_SUM: sequence(runningSum),
  FILL: (call) => fillSeries(timeSeries(call, argumentAt(call, 0, 2)), filler(call)),
  IF: (call) =>
    chooseByCondition(call.call.at, expressionArguments(call, 2, 3).map(call.evaluate), call.context.periods),
  METRICS: metrics,
  METRIC_COUNT: (call) => scalar(arrayOf(call, argumentAt(call, 0, 1)).length),
  PERIOD: periodOf,
  TIME_SERIES: timeSeriesOfScalar,
};

function elementWise(apply: (value: number) => number): (call: Call) => MathValue {
  return (call) => mapValue(timeSeries(call, argumentAt(call, 0, 1)), apply);
}

function aggregation(name: keyof typeof AGGREGATES): (call: Call) => MathValue {
  return (call) => aggregate(AGGREGATES[name], timeSeries(call, argumentAt(call, 0, 1)), call.context.periods);
}

function sequence(apply: (points: Series, context: MathContext) => Series): (call: Call) => MathValue {
  return (call) => {
    const value = timeSeries(call, argumentAt(call, 0, 1));
    return value.kind === 'series'
      ? series(apply(value.points, call.context))
      : { kind: 'array', series: value.series.map((points) => apply(points, call.context)) };
  };
}

/** `METRICS()`, or those whose id contains the string. */
function metrics({ call, context }: Call): MathValue {
  const [filter, ...more] = call.args;
  if (more.length > 0 || (filter !== undefined && filter.kind !== 'string')) {
    throw new PositionedProblem(call.at, 'METRICS takes nothing or one string in double quotes');
  }
  const chosen = [...context.metrics].filter(([id]) => filter === undefined || id.includes(filter.text));
  return { kind: 'array', series: chosen.map(([, points]) => points) };
}

/** "Valid input is metrics, not the results of other expressions." */
function periodOf(call: Call): MathValue {
  const argument = argumentAt(call, 0, 1);
  if (argument.kind !== 'reference' || !call.context.metrics.has(argument.id)) {
    throw new PositionedProblem(argument.at, 'PERIOD takes the id of a metric');
  }
  return scalar(call.context.periodSeconds);
}

function timeSeriesOfScalar(call: Call): MathValue {
  const argument = argumentAt(call, 0, 1);
  const value = call.evaluate(argument);
  if (value.kind !== 'scalar') throw new PositionedProblem(argument.at, 'TIME_SERIES takes a number');
  return series(Array.from({ length: call.context.periods }, () => finite(value.value)));
}

function filler(call: Call): 'REPEAT' | 'LINEAR' | Exclude<MathValue, { kind: 'array' }> {
  const argument = call.call.args[1];
  if (argument?.kind === 'keyword' && (argument.name === 'REPEAT' || argument.name === 'LINEAR')) return argument.name;
  const value = call.evaluate(asExpression(call.call, argument));
  if (value.kind === 'array')
    throw new PositionedProblem(call.call.at, 'FILL takes one series or one number to fill with');
  return value;
}

function timeSeries(call: Call, argument: Expression): Exclude<MathValue, { kind: 'scalar' }> {
  const value = call.evaluate(argument);
  if (value.kind === 'scalar') {
    throw new PositionedProblem(argument.at, `${call.call.name} takes a time series or an array of them, not a number`);
  }
  return value;
}

function arrayOf(call: Call, argument: Expression): readonly Series[] {
  const value = call.evaluate(argument);
  if (value.kind !== 'array')
    throw new PositionedProblem(argument.at, `${call.call.name} takes an array of time series`);
  return value.series;
}

/** The argument at a place, after checking that there are exactly so many. */
function argumentAt({ call }: Call, index: number, arity: number): Expression {
  if (call.args.length !== arity) throw wrongCount(call, `${arity}`);
  return asExpression(call, call.args[index]);
}

function expressionArguments({ call }: Call, fewest: number, most: number): readonly Expression[] {
  if (call.args.length < fewest || call.args.length > most) throw wrongCount(call, `${fewest} or ${most}`);
  return call.args.map((argument) => asExpression(call, argument));
}

function asExpression(call: CallExpression, argument: Argument | undefined): Expression {
  if (argument === undefined) throw new PositionedProblem(call.at, `${call.name} lacks an argument`);
  if (argument.kind === 'string') throw new PositionedProblem(argument.at, `${call.name} takes no string here`);
  if (argument.kind === 'keyword') throw new PositionedProblem(argument.at, `unknown keyword ${argument.name}`);
  return argument;
}

function wrongCount(call: CallExpression, expected: string): PositionedProblem {
  return new PositionedProblem(call.at, `${call.name} takes ${expected} argument(s), found ${call.args.length}`);
}
