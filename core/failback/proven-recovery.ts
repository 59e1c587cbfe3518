import { type Assessment, describeUnwell, healthySince } from '../health/assess.ts';

/** Whether a Region has proven that it is back, or why not yet. */
export type RecoveryProof =
  | { readonly proven: true; readonly healthyForSeconds: number }
  | { readonly proven: false; readonly reason: string };

/** A Region has recovered when every critical check has been passed by quorum for the whole hold time. */
export function proveRecovery(assessment: Assessment, holdMinutes: number): RecoveryProof {
  const since = healthySince(assessment);
  if (since === undefined) {
    return { proven: false, reason: `not healthy by quorum: ${describeUnwell(assessment)}` };
  }
  const healthyForSeconds = Math.floor((assessment.assessedAtEpochMs - since) / 1000);
  if (healthyForSeconds >= holdMinutes * 60) return { proven: true, healthyForSeconds };
  return {
    proven: false,
    reason: `healthy by quorum for ${healthyForSeconds} s, ${holdMinutes * 60} s are asked for; start again in ${holdMinutes * 60 - healthyForSeconds} s`,
  };
}
