import { describe, expect, it } from 'vitest';
import { computeStatistic } from '../../../twin/cloudwatch/statistics/compute-statistic.ts';
import { significantSampleCount } from '../../../twin/cloudwatch/statistics/low-sample-count.ts';
import {
  addStatisticSet,
  addValue,
  createSampleSet,
  type SampleSet,
} from '../../../twin/cloudwatch/statistics/sample-set.ts';
import { parseStatistic } from '../../../twin/cloudwatch/statistics/statistic.ts';

function samples(...values: readonly number[]): SampleSet {
  const set = createSampleSet();
  for (const value of values) addValue(set, value);
  return set;
}

function compute(name: string, ...buckets: readonly SampleSet[]): number | undefined {
  const statistic = parseStatistic(name);
  if (statistic === undefined) throw new Error(`no statistic: ${name}`);
  return computeStatistic(statistic, buckets);
}

const ONE_TO_TEN = samples(7, 3, 10, 1, 9, 2, 8, 4, 6, 5);
const ONE_TO_HUNDRED = samples(...Array.from({ length: 100 }, (_, index) => index + 1));

describe('a simple statistic', () => {
  it.each([
    ['SampleCount', 10],
    ['Sum', 55],
    ['Average', 5.5],
    ['Minimum', 1],
    ['Maximum', 10],
  ])('%s of 1 to 10 is %d', (name, value) => {
    expect(compute(name, ONE_TO_TEN)).toBe(value);
  });

  it('is taken over all buckets of a period, and is missing where there is no sample', () => {
    expect(compute('Average', samples(1), samples(), samples(2, 6))).toBe(3);
    expect(compute('Minimum', samples(4), samples(-2))).toBe(-2);
    expect(compute('Sum', samples())).toBeUndefined();
    expect(compute('SampleCount')).toBeUndefined();
  });

  it('counts repeated values and statistic sets in full', () => {
    const set = samples();
    addValue(set as ReturnType<typeof createSampleSet>, 2, 3);
    addStatisticSet(set as ReturnType<typeof createSampleSet>, { SampleCount: 2, Sum: 14, Minimum: 4, Maximum: 10 });
    expect(compute('SampleCount', set)).toBe(5);
    expect(compute('Average', set)).toBe(4);
    expect(compute('Maximum', set)).toBe(10);
  });
});

describe('an extended statistic (Statistics-definitions)', () => {
  it.each([
    // "p99 is the maximum value of the remaining 99%" once the highest 1 % is ignored.
    ['p99', ONE_TO_HUNDRED, 99],
    ['p99.9', ONE_TO_HUNDRED, 100],
    ['p100', ONE_TO_HUNDRED, 100],
    ['p50', ONE_TO_HUNDRED, 50],
    ['p0', ONE_TO_HUNDRED, 1],
    ['p0.0', ONE_TO_TEN, 1],
    ['p95', ONE_TO_TEN, 10],
    ['p90', ONE_TO_TEN, 9],
    ['p89.9', ONE_TO_TEN, 9],
    ['p90.1', ONE_TO_TEN, 10],
    // "tm90 calculates the average after removing the 10% of data points with the highest values."
    ['tm90', ONE_TO_TEN, 5],
    ['TM(:90%)', ONE_TO_TEN, 5],
    // "TM(2%:98%) calculates the average after removing the 2% lowest and the 2% highest data points."
    ['TM(2%:98%)', ONE_TO_HUNDRED, 50.5],
    ['TM(20%:)', ONE_TO_TEN, 6.5],
    // "lower than or equal to 150, or higher than 1000": the lower boundary is left out, the upper is not.
    ['TM(3:5)', ONE_TO_TEN, 4.5],
    ['TM(200:300)', ONE_TO_TEN, undefined],
    // "the middle 50% of values", the same as TM(25%:75%).
    ['IQM', samples(1, 2, 3, 4, 5, 6, 7, 100), 4.5],
    ['TM(25%:75%)', samples(1, 2, 3, 4, 5, 6, 7, 100), 4.5],
    // "treating the highest 10% to be the value of the 90% boundary, and the lowest 10% to be that of the 10% boundary".
    ['WM(10%:90%)', samples(0, 2, 3, 4, 5, 6, 7, 8, 9, 100), 5.5],
    ['wm90', samples(1, 2, 3, 4, 5, 6, 7, 8, 9, 100), 5.4],
    ['WM(2:8)', ONE_TO_TEN, 5.3],
    ['TC(3:5)', ONE_TO_TEN, 2],
    ['tc90', ONE_TO_TEN, 9],
    ['TC(:0.5)', samples(0.4, 0.5, 0.6), 2],
    ['TC(50:60)', ONE_TO_TEN, 0],
    ['ts90', ONE_TO_TEN, 45],
    ['TS(80%:)', ONE_TO_TEN, 19],
    // "PR(:300) returns the percentage of data points that have a value of 300 or less."
    ['PR(:3)', ONE_TO_TEN, 30],
    ['PR(3:5)', ONE_TO_TEN, 20],
    ['PR(5:)', ONE_TO_TEN, 50],
    ['PR(1e0:2E+0)', ONE_TO_TEN, 10],
  ] as const)('%s', (name, set, value) => {
    const found = compute(name, set);
    if (value === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(value, 10);
  });

  it('counts a value as often as it occurred', () => {
    const set = createSampleSet();
    addValue(set, 1, 98);
    addValue(set, 50, 2);
    expect(compute('p98', set)).toBe(1);
    expect(compute('p99', set)).toBe(50);
    expect(compute('tc98', set)).toBe(98);
  });

  it('is missing where a value is negative', () => {
    expect(compute('p50', samples(1, -1, 2))).toBeUndefined();
    expect(compute('tm90', samples(0, 1))).toBe(0.5);
  });

  it('is missing where a statistic set hides the raw values, unless it can only be one repeated value', () => {
    const hidden = createSampleSet();
    addStatisticSet(hidden, { SampleCount: 3, Sum: 11, Minimum: 2, Maximum: 5 });
    expect(compute('p50', hidden)).toBeUndefined();
    expect(compute('Average', hidden)).toBeCloseTo(11 / 3);
    const single = createSampleSet();
    addStatisticSet(single, { SampleCount: 1, Sum: 5, Minimum: 5, Maximum: 5 });
    addStatisticSet(single, { SampleCount: 3, Sum: 6, Minimum: 2, Maximum: 2 });
    expect(compute('p75', single)).toBe(2);
    expect(compute('p76', single)).toBe(5);
  });
});

describe('the name of a statistic', () => {
  it.each([
    'p-1',
    'p100.1',
    'p101',
    'P99',
    'p',
    'p99.12345678901',
    'avg',
    'average',
    'TM()',
    'TM(:)',
    'TM(10:90%)',
    'TM(10%:101%)',
    'tm(10%:90%)',
    'TM90',
    'PR(10%:90%)',
    'pr90',
    'PR(-1:5)',
    'iqm',
    'p99_E',
    'o90',
    'STDDEV',
    '',
  ])('"%s" is none', (name) => {
    expect(parseStatistic(name)).toBeUndefined();
  });
});

describe('the samples that make a percentile significant', () => {
  it.each([
    // "fewer than 10/(1-percentile) data points … fewer than 1000 samples for an alarm on a p99 percentile"
    ['p99', 1000],
    ['p99.9', 10_000],
    ['p95', 200],
    ['p90', 100],
    ['p50', 20],
    // "For percentiles between 0 and 0.5 (exclusive) … fewer than 10/percentile"
    ['p49', 20.408163],
    ['p10', 100],
    ['p0', undefined],
    ['p100', undefined],
    ['Average', undefined],
    ['tm90', undefined],
  ])('%s: %d', (name, count) => {
    const statistic = parseStatistic(name);
    expect(statistic && significantSampleCount(statistic)).toBe(count);
  });
});
