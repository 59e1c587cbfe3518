import { checksOf, observersOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { ObserverReport } from './report.ts';
import { ROUND_SECONDS } from './rounds.ts';

/** Rounds with something to report after which an observer that said nothing is silent. */
export const SILENT_ROUNDS = 3;

/** How long an observer may say nothing, ms: a round in which no check is due has no report, so the shortest interval counts as one. */
export function silentAfterMs(config: Pick<ResolvedConfig, 'checks'>): number {
  const shortest = Math.min(...checksOf(config).map(({ check }) => check.intervalSeconds));
  return SILENT_ROUNDS * Math.max(ROUND_SECONDS, shortest) * 1000;
}

/** Observers of the config that have reported on nobody for three rounds. */
export function silentObservers(
  config: Pick<ResolvedConfig, 'regions' | 'vantages' | 'checks'>,
  { reports, nowEpochMs }: { readonly reports: readonly ObserverReport[]; readonly nowEpochMs: number },
): readonly string[] {
  const longestMs = silentAfterMs(config);
  const heard = new Set(
    reports
      .filter(({ reportedAtEpochMs }) => nowEpochMs - reportedAtEpochMs <= longestMs)
      .map(({ observer }) => observer),
  );
  return observersOf(config).filter((observer) => !heard.has(observer));
}
