import { describe, expect, it } from 'vitest';
import { evaluateExpression } from '../../../twin/cloudwatch/metric-math/evaluate-expression.ts';
import { UNMODELLED_FUNCTIONS } from '../../../twin/cloudwatch/metric-math/function-names.ts';
import { parseExpression } from '../../../twin/cloudwatch/metric-math/parse-expression.ts';
import type { MathValue, Series } from '../../../twin/cloudwatch/metric-math/value.ts';
import { orRefusal } from '../../../twin/cloudwatch/positioned-problem.ts';

const none = undefined;

function evaluate(text: string, metrics: Readonly<Record<string, Series>>): MathValue {
  const parsed = parseExpression(text);
  if ('refusal' in parsed) throw new Error(parsed.refusal.message);
  const known = new Map(Object.entries(metrics));
  return evaluateExpression(parsed.expression, {
    periodSeconds: 60,
    periods: Object.values(metrics)[0]?.length ?? 0,
    metrics: known,
    resolve(id) {
      const points = known.get(id);
      return points === undefined ? undefined : { kind: 'series', points };
    },
  });
}

function points(text: string, metrics: Readonly<Record<string, Series>>): Series {
  const value = evaluate(text, metrics);
  if (value.kind !== 'series') throw new Error(`${text} gives a ${value.kind}`);
  return value.points;
}

/** `position: message`, from reading the expression or from trying it out on one metric, m1. */
function refusalOf(text: string): string {
  const parsed = parseExpression(text);
  const result = 'refusal' in parsed ? parsed : orRefusal(() => evaluateExpression(parsed.expression, trialContext));
  return 'refusal' in result ? `${result.refusal.position}: ${result.refusal.message}` : 'accepted';
}

const trialContext = {
  periodSeconds: 60,
  periods: 1,
  metrics: new Map([['m1', [1] as Series]]),
  resolve: (id: string): MathValue | undefined => (id === 'm1' ? { kind: 'series', points: [1] } : undefined),
};

describe('arithmetic (using-metric-math)', () => {
  it.each([
    ['m1 + m2', [11, 2, 10]],
    ['m1 - m2', [-9, 2, -10]],
    ['m1 * 5', [5, 10, none]],
    ['-m1', [-1, -2, none]],
    ['2 ^ m1', [2, 4, none]],
    ['m2 ^ 0.5 ^ 2', [10 ** 0.25, none, 10 ** 0.25]],
    ['-m1 ^ 2', [-1, -4, none]],
    ['m1 ^ -1', [1, 0.5, none]],
    ['1 + m1 * 2', [3, 5, none]],
    ['(1 + m1) * 2', [4, 6, none]],
    ['10 - m1 - 1', [8, 7, none]],
    ['100 * m1 / m2', [10, none, 0]],
    ['m1 / 0', [none, none, none]],
  ])('%s', (text, expected) => {
    expect(points(text, { m1: [1, 2, none], m2: [10, none, 10] })).toEqual(expected);
  });

  it('has no datapoint where none of the metrics has one', () => {
    expect(points('m1 + m2', { m1: [none, 1], m2: [none, none] })).toEqual([none, 1]);
  });
});

describe('comparison and logical operators', () => {
  const metrics = { metric1: [30, 20, 0, 0], metric2: [20, none, 20, none] };

  // The table of the page: metric1 is [30, 20, 0, 0], metric2 is [20, -, 20, -].
  it.each([
    ['metric1 < metric2', [0, 0, 1, 0]],
    ['metric1 >= 30', [1, 0, 0, 0]],
    ['metric1 > 15 AND metric2 > 15', [1, 0, 0, 0]],
    ['metric1 > 15 && metric2 > 15', [1, 0, 0, 0]],
    ['metric1 > 15 OR metric2 > 15', [1, 1, 1, 0]],
    ['metric1 > 15 || metric2 > 15', [1, 1, 1, 0]],
    ['metric1 == 20', [0, 1, 0, 0]],
    ['metric1 != 20', [1, 0, 1, 1]],
    ['metric1 <= 0 OR metric1 == 30 AND metric2 == 0', [0, 0, 1, 1]],
  ])('%s', (text, expected) => {
    expect(points(text, metrics)).toEqual(expected);
  });
});

describe('IF (the tables of "Using IF expressions")', () => {
  const metrics = {
    metric1: [1, 1, 0, 0, none],
    metric2: [30, none, 0, 0, 30],
    metric3: [0, 0, 20, none, 20],
  };

  it.each([
    ['IF(metric1, metric2, metric3)', [30, 0, 20, none, none]],
    ['IF(metric1, 5, metric3)', [5, 5, 20, none, none]],
    ['IF(metric1, metric2, 5)', [30, 0, 5, 5, none]],
    ['IF(metric1, metric2)', [30, 0, none, none, none]],
    ['IF(metric2 < 400, 10, 2)', [10, none, 10, 10, 10]],
    ['IF(1, metric2, metric3)', [30, none, 0, 0, 30]],
    ['IF(0, metric2, metric3)', [0, 0, 20, none, 20]],
    ['IF(0, metric2)', [none, none, none, none, none]],
    ['IF(-1, metric2)', [30, none, 0, 0, 30]],
  ])('%s', (text, expected) => {
    expect(points(text, metrics)).toEqual(expected);
  });
});

describe('functions', () => {
  const metrics = { m1: [4, none, -2, 0], m2: [1, none, 2, none] };

  it.each([
    ['ABS(m1)', [4, none, 2, 0]],
    ['CEIL(m2 / 3)', [1, none, 1, none]],
    ['FLOOR(m1 / 3)', [1, none, -1, 0]],
    ['LOG10(m2 * 50)', [Math.log10(50), none, 2, none]],
    ['LOG(m1)', [Math.log(4), none, none, none]],
    ['SUM([m1, m2])', [5, none, 0, 0]],
    ['SUM(METRICS())', [5, none, 0, 0]],
    ['MAX([m1, m2])', [4, none, 2, 0]],
    ['MIN([m1, m2])', [1, none, -2, 0]],
    // "Missing values are treated as 0."
    ['AVG([m1, m2])', [2.5, none, 0, 0]],
    ['DATAPOINT_COUNT([m1, m2])', [2, none, 2, 1]],
    ['m1 - MIN(m1)', [6, none, 0, 2]],
    ['m1 + MAX(m1)', [8, none, 2, 4]],
    ['m1 * AVG(m2)', [3, none, -1.5, 0]],
    ['m1 * (SUM(m2) / DATAPOINT_COUNT(m2))', [6, none, -3, 0]],
    ['FILL(m1, 7)', [4, 7, -2, 0]],
    ['FILL(m1, REPEAT)', [4, 4, -2, 0]],
    ['FILL(m1, LINEAR)', [4, 1, -2, 0]],
    ['FILL(m2, LINEAR)', [1, 1.5, 2, none]],
    ['FILL(m2, m1)', [1, none, 2, 0]],
    ['SUM(FILL(METRICS(), 0))', [5, 0, 0, 0]],
    ['DIFF(m1)', [none, none, -6, 2]],
    ['RATE(m1)', [none, none, -0.05, 2 / 60]],
    ['RUNNING_SUM(m1)', [4, none, 2, 2]],
    ['m1 / PERIOD(m1)', [4 / 60, none, -2 / 60, 0]],
    ['m1 / METRIC_COUNT(METRICS())', [2, none, -1, 0]],
    ['TIME_SERIES(MAX(m1))', [4, 4, 4, 4]],
    ['SUM(METRICS("2"))', [1, none, 2, none]],
    ['SUM(100 / [m1, m2])', [125, none, 0, none]],
    ['SUM(-[m1, m2])', [-5, none, 0, 0]],
  ])('%s', (text, expected) => {
    expect(points(text, metrics)).toEqual(expected);
  });

  it('give a number of one series, and of none of its datapoints no result', () => {
    expect(evaluate('SUM(m1)', metrics)).toEqual({ kind: 'scalar', value: 2 });
    expect(points('m2 + MAX(m1)', { m1: [none], m2: [1] })).toEqual([none]);
  });
});

describe('a refused expression names the position', () => {
  it.each([
    ['', /^1: expected a number, an id, a function, "\(" or "\[", found the end/],
    ['m1 +', /^5: expected .* found the end of the expression/],
    ['m1 m2', /^4: expected an operator or the end of the expression, found "m2"/],
    ['(m1', /^4: expected "\)", found the end/],
    ['m1 $ 2', /^4: .* found "\$"/],
    ['m1 + SUMM([m1])', /^6: unknown function SUMM; known functions are ABS, /],
    ['M1 + 1', /^1: unexpected "M1": an id starts with a lower-case letter/],
    ['SELECT AVG(CPU) FROM "AWS/EC2"', /^1: Metrics Insights queries are not modelled by the twin/],
    ['m1 + m2', /^6: unknown id "m2"/],
    ['ABS(1)', /^5: ABS takes a time series or an array of them, not a number/],
    ['ABS(m1, m1)', /^1: ABS takes 1 argument\(s\), found 2/],
    ['FILL(m1, SOMETIMES)', /^10: unknown keyword SOMETIMES/],
    ['FILL(m1)', /^1: FILL takes 2 argument\(s\), found 1/],
    ['IF(m1 > 1)', /^1: IF takes 2 or 3 argument\(s\), found 1/],
    ['IF([m1], 1)', /^1: IF takes time series and numbers/],
    ['PERIOD(m1 + 1)', /^11: PERIOD takes the id of a metric/],
    ['[m1] + [m1]', /^6: "\+" does not take two arrays of series/],
    ['[m1, 5]', /^6: an array takes time series, not a number/],
    ['METRICS(m1)', /^1: METRICS takes nothing or one string/],
    ['"m1"', /^1: expected a number, an id/],
    [`${'('.repeat(70)}m1${')'.repeat(70)}`, /^66: nested deeper than 64 levels/],
  ])('%s', (text, expected) => {
    expect(refusalOf(text)).toMatch(expected);
  });

  it.each([...UNMODELLED_FUNCTIONS])('%s is refused by name', (name) => {
    expect(refusalOf(`m1 + ${name}(m1)`)).toMatch(new RegExp(`^6: the function ${name} is not modelled by the twin`));
  });
});
