import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeStatistic } from '../../twin/cloudwatch/statistics/compute-statistic.ts';
import { addValue, createSampleSet, type SampleSet } from '../../twin/cloudwatch/statistics/sample-set.ts';
import { parseStatistic } from '../../twin/cloudwatch/statistics/statistic.ts';

const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 50 });
const percent = fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10);

function samples(list: readonly number[]): SampleSet {
  const set = createSampleSet();
  for (const value of list) addValue(set, value);
  return set;
}

function compute(name: string, ...buckets: readonly SampleSet[]): number {
  const statistic = parseStatistic(name);
  const value = statistic && computeStatistic(statistic, buckets);
  if (value === undefined) throw new Error(`${name} has no value`);
  return value;
}

describe('statistics', () => {
  it('a percentile is one of the values, and grows with its percentage', () => {
    fc.assert(
      fc.property(values, percent, percent, (list, a, b) => {
        const set = samples(list);
        const [lower, higher] = [Math.min(a, b), Math.max(a, b)].map((p) => compute(`p${p}`, set));
        expect(list).toContain(lower);
        expect(lower).toBeLessThanOrEqual(higher ?? Number.NaN);
      }),
    );
  });

  it('is the same however the samples of a period are spread over storage buckets', () => {
    fc.assert(
      fc.property(values, values, fc.constantFrom('Sum', 'Minimum', 'p90', 'tm90', 'IQM', 'PR(:500)'), (a, b, name) => {
        expect(compute(name, samples(a), samples(b))).toBeCloseTo(compute(name, samples([...a, ...b])), 8);
      }),
    );
  });

  it('a trimmed sum is the trimmed mean times the trimmed count', () => {
    fc.assert(
      fc.property(values, (list) => {
        const set = samples(list);
        expect(compute('TS(10%:90%)', set)).toBeCloseTo(compute('TM(10%:90%)', set) * compute('TC(10%:90%)', set), 6);
      }),
    );
  });

  it('trimmed and winsorized means lie between the least and the greatest value', () => {
    fc.assert(
      fc.property(values, fc.constantFrom('tm95', 'WM(5%:95%)', 'IQM', 'wm80'), (list, name) => {
        const value = compute(name, samples(list));
        expect(value).toBeGreaterThanOrEqual(Math.min(...list) - 1e-9);
        expect(value).toBeLessThanOrEqual(Math.max(...list) + 1e-9);
      }),
    );
  });

  it('percentile ranks of adjoining ranges add up to all samples', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 1000 }), (list, cut) => {
        const set = samples(list);
        expect(compute(`PR(:${cut})`, set) + compute(`PR(${cut}:)`, set)).toBeCloseTo(100, 8);
      }),
    );
  });
});
