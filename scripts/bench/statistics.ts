import { nearestRank } from '../../core/nearest-rank.ts';

/** The middle value, of an even number the mean of the two in the middle. @throws {RangeError} where there is none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('a median needs at least one value');
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
  return (lower + upper) / 2;
}

/** A measurement against what it is to stay within. */
export interface Goal {
  readonly what: string;
  readonly value: number;
  readonly most: number;
  readonly unit: string;
}

/** One line per goal that is missed. */
export function missedGoals(goals: readonly Goal[]): readonly string[] {
  return goals
    .filter(({ value, most }) => value > most)
    .map(({ what, value, most, unit }) => `missed: ${what} is ${value} ${unit}, at most ${most} ${unit} are allowed`);
}

/** The value below or at which that share of the values lies, nearest rank. @throws {RangeError} where there is none. */
export function percentile(values: readonly number[], share: number): number {
  const value = nearestRank(
    values.toSorted((a, b) => a - b),
    share,
  );
  if (value === undefined) throw new RangeError('a percentile needs at least one value');
  return value;
}
