import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import { fiveRegions } from '../../../scripts/bench/five-regions.ts';
import { median, missedGoals } from '../../../scripts/bench/statistics.ts';

describe('median', () => {
  it.each([
    [[7], 7],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('refuses to speak of nothing', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('a goal', () => {
  const goal = { what: 'the cold start of fence-source', most: 250, unit: 'ms' };

  it.each([
    [249, []],
    [250, []],
    [251, ['missed: the cold start of fence-source is 251 ms, at most 250 ms are allowed']],
  ])('of 250 ms says of %d ms: %j', (value, lines) => {
    expect(missedGoals([{ ...goal, value }])).toEqual(lines);
  });
});

describe('the config that synthesis is measured with', () => {
  it('holds, and has five application Regions', () => {
    expect(resolveConfig(fiveRegions()).regions).toHaveLength(5);
  });
});
