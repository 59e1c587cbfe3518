import { describe, expect, it } from 'vitest';
import { observersOf } from '../../../core/config/accessors.ts';
import { type Check, DEFAULT_CHECKS } from '../../../core/config/checks.ts';
import {
  COVERAGE_SECONDS,
  isDue,
  isLastOfMinute,
  ROUND_SECONDS,
  roundAt,
  roundBegunAt,
  roundStart,
} from '../../../core/health/rounds.ts';
import { OSAKA, SEOUL, SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';

describe('a round', () => {
  it.each([
    { ms: 0, round: 0 },
    { ms: 9_999, round: 0 },
    { ms: 10_000, round: 1 },
    { ms: 19_999, round: 1 },
    { ms: 1_795_264_751_234, round: 179_526_475 },
  ])('has the number $round at $ms ms of the clock, for every observer', ({ ms, round }) => {
    expect(roundAt(ms)).toBe(round);
  });

  it('begins at an offset of each observer, all within 2 s and the deciders last', () => {
    const config = testConfig({ vantages: [SEOUL, OSAKA] });
    const offsets = observersOf(config).map((observer) => [observer, roundStart(config, observer, 7) - 70_000]);
    expect(offsets).toEqual([
      [SEOUL, 0],
      [OSAKA, 667],
      [SINGAPORE, 1333],
      [TOKYO, 2000],
    ]);
  });

  it('begins with the clock for a single observer and for one that nobody knows', () => {
    const { regions } = testConfig();
    expect(roundStart({ regions: regions.slice(0, 1), vantages: [] }, SINGAPORE, 3)).toBe(30_000);
    expect(roundStart(testConfig(), 'us-east-1', 3)).toBe(30_000);
  });

  it.each([
    { ms: 71_999, round: 6 },
    { ms: 72_000, round: 7 },
    { ms: 81_999, round: 7 },
  ])('has begun at $ms ms for an observer that begins 2 s after the others: $round', ({ ms, round }) => {
    expect(roundBegunAt(testConfig(), TOKYO, ms)).toBe(round);
  });

  it('is the last of its minute once in six', () => {
    const last = Array.from({ length: 18 }, (_, round) => round).filter(isLastOfMinute);
    expect(last).toEqual([5, 11, 17]);
  });

  it('is covered by the next invocations where one is late or lost', () => {
    // Two schedules in a row that fire at opposite ends of their minutes are 120 s apart, three with one lost 180 s.
    expect(COVERAGE_SECONDS).toBeGreaterThanOrEqual(180 + ROUND_SECONDS);
  });
});

describe('a check', () => {
  it.each([
    { intervalSeconds: 10, due: [0, 1, 2, 3, 4, 5, 6] },
    { intervalSeconds: 30, due: [0, 3, 6] },
    { intervalSeconds: 60, due: [0, 6] },
  ])('with an interval of $intervalSeconds s is due in the rounds $due', ({ intervalSeconds, due }) => {
    const check: Check = { ...(DEFAULT_CHECKS['database-writer'] as Check), intervalSeconds };
    expect([0, 1, 2, 3, 4, 5, 6].filter((round) => isDue(check, round))).toEqual(due);
  });
});
