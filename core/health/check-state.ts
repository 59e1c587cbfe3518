import type { Check } from '../config/checks.ts';
import { recoveryThresholdOf } from '../config/checks.ts';

/** What the counts of a check, or of a signal, go by. */
export type Counting = Pick<Check, 'class' | 'intervalSeconds' | 'failureThreshold' | 'recoveryThreshold'>;

/** Unknown is not down: it may hold or refuse, and never starts anything. */
export type HealthStatus = 'passed' | 'failed' | 'unknown';

/** What one probe said; `error` where the probe itself broke and nothing was learned about the subject. */
export interface ProbeResult {
  readonly result: 'passed' | 'failed' | 'error';
  /** Why, in words for a person; empty where it passed. */
  readonly reason: string;
  /** What was measured, in the unit of the check, where it measures. */
  readonly value?: number;
  /** True where the Region answers and runs other revisions than the config expects: not fit, which is not broken. */
  readonly mismatch?: true;
}

/** What one observer knows about one check of one subject. */
export interface CheckState {
  /** What the observer reports: the settled status, or unknown while its probe is broken. */
  readonly status: HealthStatus;
  /** What the counts have settled on; a broken probe leaves it alone. */
  readonly settled: HealthStatus;
  readonly consecutiveFailures: number;
  readonly consecutivePasses: number;
  /** When a probe last gave an answer, epoch ms. */
  readonly answeredAtEpochMs: number;
  /** Since when the status stands without a gap in which the observer's word had expired, epoch ms. */
  readonly sinceEpochMs: number;
  readonly reason: string;
  readonly value?: number;
  readonly mismatch?: true;
}

/**
 * The next state after a probe: consecutive failures raise it to failed at the threshold, and it returns after the
 * recovery threshold of consecutive passes; in between, what was settled stands. A first pass settles on passed, a
 * first failure below the threshold on nothing yet.
 *
 * A broken probe is reported as unknown at once and moves no count: it says nothing about the subject.
 */
export function applyProbe(
  check: Counting,
  before: CheckState | undefined,
  { result, reason, value, mismatch, atEpochMs }: ProbeResult & { readonly atEpochMs: number },
): CheckState {
  const failures = countOf(result, 'failed', before?.consecutiveFailures ?? 0);
  const passes = countOf(result, 'passed', before?.consecutivePasses ?? 0);
  const settled = settle(check, before?.settled ?? 'unknown', failures, passes);
  const status = result === 'error' ? 'unknown' : settled;
  const after = {
    status,
    settled,
    consecutiveFailures: failures,
    consecutivePasses: passes,
    answeredAtEpochMs: result === 'error' ? (before?.answeredAtEpochMs ?? 0) : atEpochMs,
    sinceEpochMs: before !== undefined && stood(check, before, status, atEpochMs) ? before.sinceEpochMs : atEpochMs,
    reason,
  };
  if (value === undefined && mismatch === undefined) return after;
  return { ...after, ...(value === undefined ? {} : { value }), ...(mismatch === undefined ? {} : { mismatch }) };
}

/** An observer that was silent for longer than its word counts does not vouch for the time between. */
function stood(check: Counting, before: CheckState, status: HealthStatus, atEpochMs: number): boolean {
  return before.status === status && (status === 'unknown' || isFresh(check, before, atEpochMs));
}

function countOf(result: ProbeResult['result'], counted: 'passed' | 'failed', before: number): number {
  if (result === 'error') return before;
  return result === counted ? before + 1 : 0;
}

function settle(check: Counting, before: HealthStatus, failures: number, passes: number): HealthStatus {
  if (failures >= check.failureThreshold) return 'failed';
  const passesNeeded = before === 'failed' ? recoveryThresholdOf(check) : 1;
  return passes >= passesNeeded ? 'passed' : before;
}

/** Intervals after which an answer is too old to count. */
export const FRESH_INTERVALS = 3;

/** How long an answer counts, ms. */
export function lifeMsOf({ intervalSeconds }: Pick<Check, 'intervalSeconds'>): number {
  return FRESH_INTERVALS * intervalSeconds * 1000;
}

/** Whether the observer's answer still counts. */
export function isFresh(check: Counting, state: CheckState, nowEpochMs: number): boolean {
  return nowEpochMs - state.answeredAtEpochMs <= lifeMsOf(check);
}
