import { observersOf } from '../config/accessors.ts';
import type { Check } from '../config/checks.ts';
import type { ResolvedConfig } from '../config/types.ts';

/** Length of a round; every interval of the check table is a multiple of it. */
export const ROUND_SECONDS = 10;
/** Observers of one subject probe within this of each other, deciders last. */
export const SPREAD_MS = 2_000;
/**
 * Rounds that one invocation covers, in seconds. A schedule fires at most once a minute, anywhere within that minute, so
 * invocations overlap: one that is late, lost or doubled leaves no gap.
 *
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html (60-second precision)
 */
export const COVERAGE_SECONDS = 190;

/** The round that a moment belongs to; rounds are counted by the clock, so all observers agree on the number. */
export function roundAt(epochMs: number): number {
  return Math.floor(epochMs / (ROUND_SECONDS * 1000));
}

/** When an observer begins a round, epoch ms: at a fixed offset of its own, deciders last. */
export function roundStart(
  config: Pick<ResolvedConfig, 'regions' | 'vantages'>,
  observer: string,
  round: number,
): number {
  const observers = observersOf(config);
  const position = Math.max(0, observers.indexOf(observer));
  const step = observers.length > 1 ? SPREAD_MS / (observers.length - 1) : 0;
  return round * ROUND_SECONDS * 1000 + Math.round(position * step);
}

/** The newest round that an observer has begun by then, its offset considered. */
export function roundBegunAt(
  config: Pick<ResolvedConfig, 'regions' | 'vantages'>,
  observer: string,
  epochMs: number,
): number {
  const round = roundAt(epochMs);
  return roundStart(config, observer, round) > epochMs ? round - 1 : round;
}

/** Whether a check is probed in a round. */
export function isDue({ intervalSeconds }: Pick<Check, 'intervalSeconds'>, round: number): boolean {
  return (round * ROUND_SECONDS) % intervalSeconds === 0;
}

/** Whether no other round begins in the minute of this one. */
export function isLastOfMinute(round: number): boolean {
  return ((round + 1) * ROUND_SECONDS) % 60 === 0;
}
