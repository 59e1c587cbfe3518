import type { ApplicationState } from './application-state.ts';

/** How long after a failover it may be rolled back in an emergency, minutes: data and load are still as it found them. */
export const ROLLBACK_MINUTES = 30;

/** Why a failback may not skip its ladder; undefined where it may. */
export function tooLateToRollBack(
  {
    failedOverAtEpochMs,
    lastOperationEndedAtEpochMs,
  }: Pick<ApplicationState, 'failedOverAtEpochMs' | 'lastOperationEndedAtEpochMs'>,
  nowEpochMs: number,
): string | undefined {
  const remedy =
    'start it in mode "manual", which climbs the ladder; a serving Region that cannot wait for it is left by a failover';
  const since = failedOverAtEpochMs ?? lastOperationEndedAtEpochMs;
  if (since === null) return `it is not known when the last failover ended; ${remedy}`;
  const minutes = Math.floor((nowEpochMs - since) / 60_000);
  if (nowEpochMs - since <= ROLLBACK_MINUTES * 60_000) return undefined;
  return `the last failover ended ${minutes} min ago; mode "emergency" rolls back within ${ROLLBACK_MINUTES} min of one; ${remedy}`;
}
