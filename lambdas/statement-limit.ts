import { RECONCILE_STEP_LIMITS, type ReconcileStep } from '../state-machines/contracts-reconcile.ts';

/** What is left of a step's time once a statement was ended, to say so, seconds. */
const TO_SAY_SO_SECONDS = 30;

/**
 * How long a statement of a step may run, ms: the server ends it before the function is over, so that none goes on beside
 * the one of the next try.
 */
export function statementLimitMs(step: ReconcileStep): number {
  return (RECONCILE_STEP_LIMITS[step].timeoutSeconds - TO_SAY_SO_SECONDS) * 1000;
}
