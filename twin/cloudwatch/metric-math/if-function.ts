import { PositionedProblem } from '../positioned-problem.ts';
import { finite, type MathValue, series } from './value.ts';

type Choice = Exclude<MathValue, { kind: 'array' }>;

/**
 * `IF(condition, whenTrue, whenFalse)`. A condition of 0 is false, any other number true. For each datapoint of a
 * condition that is a series: true takes the second argument, 0 where that has no value; false takes the third, and the
 * datapoint is dropped where that has no value or was left out; no condition, no datapoint.
 *
 * Source: User Guide, using-metric-math, "Using IF expressions".
 */
export function chooseByCondition(at: number, args: readonly MathValue[], periods: number): MathValue {
  const [condition, whenTrue, whenFalse] = args.map((argument) => single(at, argument));
  if (condition === undefined || whenTrue === undefined) throw new PositionedProblem(at, 'IF lacks an argument');
  if (condition.kind === 'scalar') return condition.value === 0 ? (whenFalse ?? nothing(periods)) : whenTrue;
  return series(
    condition.points.map((holds, index) => {
      if (holds === undefined) return undefined;
      return holds === 0 ? pointOf(whenFalse, index) : (pointOf(whenTrue, index) ?? 0);
    }),
  );
}

function single(at: number, value: MathValue): Choice {
  if (value.kind === 'array')
    throw new PositionedProblem(at, 'IF takes time series and numbers, not an array of series');
  return value;
}

function pointOf(value: Choice | undefined, index: number): number | undefined {
  return value?.kind === 'scalar' ? finite(value.value) : value?.points[index];
}

function nothing(periods: number): MathValue {
  return series(Array.from({ length: periods }, () => undefined));
}
