import { describe, expect, it } from 'vitest';
import { driftBetween, isWithinDrift } from '../../../core/parity/drift.ts';

/** Two unit vectors with that cosine between them. */
const apart = (cosine: number): readonly [readonly number[], readonly number[]] => [
  [1, 0],
  [cosine, Math.sqrt(1 - cosine * cosine)],
];
const LIMIT = 0.03;

const driftOf = (a: readonly number[], b: readonly number[]): number => {
  const result = driftBetween(a, b);
  if ('impossible' in result) throw new Error(result.impossible);
  return result.drift;
};

describe('the drift of two vectors', () => {
  it.each([
    { drift: 0.029999, within: true },
    { drift: 0.03, within: true },
    { drift: 0.030001, within: false },
    { drift: 0.0301, within: false },
    { drift: 0, within: true },
    { drift: 2, within: false },
  ])('of $drift is within 0.03: $within', ({ drift, within }) => {
    const measured = driftOf(...apart(1 - drift));
    expect(measured).toBeCloseTo(drift, 9);
    expect(isWithinDrift(measured, LIMIT)).toBe(within);
  });

  it.each([
    { what: 'the same vector', a: [3, 4], b: [3, 4], drift: 0 },
    { what: 'one twice as long', a: [3, 4], b: [6, 8], drift: 0 },
    { what: 'one at a right angle', a: [1, 0], b: [0, 5], drift: 1 },
    { what: 'the opposite', a: [1, 2], b: [-1, -2], drift: 2 },
    { what: 'huge numbers, whose squares are infinite', a: [1e200, 1e200], b: [1e200, 1e200], drift: 0 },
    { what: 'tiny numbers, whose squares are zero', a: [1e-200, 0], b: [0, 1e-200], drift: 1 },
  ])('is $drift for $what', ({ a, b, drift }) => {
    expect(driftOf(a, b)).toBeCloseTo(drift, 12);
  });

  it('is never below 0 nor above 2, whatever rounding does', () => {
    const long = Array.from({ length: 3000 }, (_, index) => Math.sin(index));
    expect(driftOf(long, long)).toBeGreaterThanOrEqual(0);
    expect(
      driftOf(
        long,
        long.map((value) => -value),
      ),
    ).toBeLessThanOrEqual(2);
  });

  it.each([
    { what: 'other lengths', a: [1, 2], b: [1], says: 'the vectors have 2 and 1 numbers' },
    { what: 'nothing', a: [], b: [], says: 'the vector of the source is empty' },
    { what: 'zeros in the source', a: [0, 0], b: [1, 2], says: 'the vector of the source is all zeros' },
    { what: 'zeros in the target', a: [1, 2], b: [0, 0], says: 'the vector of the target is all zeros' },
    {
      what: 'NaN',
      a: [1, Number.NaN],
      b: [1, 2],
      says: 'the vector of the source holds something that is no finite number',
    },
    {
      what: 'infinity',
      a: [1, 2],
      b: [1, -Infinity],
      says: 'the vector of the target holds something that is no finite number',
    },
  ])('is not said of $what', ({ a, b, says }) => {
    expect(driftBetween(a, b)).toEqual({ impossible: says });
  });
});
