import { breachOf, type ValueLimit } from '../../../core/config/value-limit.ts';
import type { ProbeResult } from '../../../core/health/check-state.ts';

/** Characters of a reason that are kept: what others answer ends up in reports, whose size is bounded. */
const MOST_REASON_CHARACTERS = 160;

/**
 * The smallest number, but for 0, that DynamoDB holds; of large ones its document client takes whole numbers that are safe.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
const LEAST_STORED = 1e-130;

/** The Region is well, as far as the probe can tell. */
export const PASSED: ProbeResult = { result: 'passed', reason: '' };

/** The Region is not well. */
export function failed(reason: string): ProbeResult {
  return { result: 'failed', reason: shortened(reason) };
}

/** Nothing was learned about the Region. */
export function broken(reason: string): ProbeResult {
  return { result: 'error', reason: shortened(reason) };
}

/** Judges a measured value; `what` names it in the reason. */
export function judgeValue(what: string, value: number, limit: ValueLimit): ProbeResult {
  const breach = breachOf(value, limit);
  return withValue(breach === undefined ? PASSED : failed(`${what} ${breach}`), value);
}

/** A verdict with what was measured, where the table of reports can hold such a number. */
export function withValue(verdict: ProbeResult, value: number): ProbeResult {
  const size = Math.abs(value);
  return value === 0 || (size >= LEAST_STORED && size <= Number.MAX_SAFE_INTEGER) ? { ...verdict, value } : verdict;
}

function shortened(reason: string): string {
  return reason.length > MOST_REASON_CHARACTERS ? `${reason.slice(0, MOST_REASON_CHARACTERS - 1)}…` : reason;
}
