import { checksOf, observersOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { ObserverReport } from './report.ts';
import { ROUND_SECONDS } from './rounds.ts';

/** Rounds with something to report after which an observer that said nothing is silent. */
export const SILENT_ROUNDS = 3;

/**
 * Observers of the config that have reported on nobody for three rounds. A round in which no check is due has no report: the
 * shortest interval of the table counts as one round.
 */
export function silentObservers(
  config: Pick<ResolvedConfig, 'regions' | 'vantages' | 'checks'>,
  { reports, nowEpochMs }: { readonly reports: readonly ObserverReport[]; readonly nowEpochMs: number },
): readonly string[] {
  const shortest = Math.min(...checksOf(config).map(({ check }) => check.intervalSeconds));
  const longestMs = SILENT_ROUNDS * Math.max(ROUND_SECONDS, shortest) * 1000;
  const heard = new Set(
    reports
      .filter(({ reportedAtEpochMs }) => nowEpochMs - reportedAtEpochMs <= longestMs)
      .map(({ observer }) => observer),
  );
  return observersOf(config).filter((observer) => !heard.has(observer));
}
