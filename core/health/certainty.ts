import { checksOf, quorumOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { CheckState } from './check-state.ts';
import type { ObserverReport } from './report.ts';

/** What a look for certainty is about. */
export interface CertaintySight {
  readonly subject: string;
  readonly reports: readonly ObserverReport[];
  /** Only answers from then on count, epoch ms. */
  readonly sinceEpochMs: number;
}

/**
 * Whether it is clear, since a moment, how a Region stands: on each of its critical checks that are probed most often a
 * quorum has had an answer since, and is not on the way from one status to the other. A Region that has just died still
 * has the status of a healthy one; what would lean on it has to wait until this is true, or until a row says failed.
 */
export function isCertain(
  config: Pick<ResolvedConfig, 'regions' | 'vantages' | 'checks'>,
  { subject, reports, sinceEpochMs }: CertaintySight,
): boolean {
  const critical = checksOf(config).filter(({ check }) => check.class === 'critical');
  const shortest = Math.min(...critical.map(({ check }) => check.intervalSeconds));
  const fastest = critical.filter(({ check }) => check.intervalSeconds === shortest);
  return fastest.every(({ name }) => {
    const settled = reports
      .filter((report) => report.subject === subject && isSettled(report.checks[name], sinceEpochMs))
      .map(({ observer }) => observer);
    const quorum = quorumOf(config, settled.includes(subject));
    return settled.length >= quorum && settled.some((observer) => observer !== subject);
  });
}

function isSettled(state: CheckState | undefined, sinceEpochMs: number): boolean {
  if (state === undefined || state.answeredAtEpochMs < sinceEpochMs) return false;
  return state.settled === 'failed' ? state.consecutivePasses === 0 : state.consecutiveFailures === 0;
}
