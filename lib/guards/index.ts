import type { Problem } from '../../core/errors.ts';
import { explicitTtl } from './explicit-ttl.ts';
import type { Guard, GuardSubject } from './guard.ts';
import { guardianNotWard } from './guardian-not-ward.ts';
import { healthCheckQuota } from './health-check-quota.ts';
import { recoveryPath } from './recovery-path.ts';
import { residency } from './residency.ts';
import { rtoBudget } from './rto-budget.ts';

/** Every guard; each of its problems fails synthesis. */
export const GUARDS: readonly Guard[] = [
  rtoBudget,
  explicitTtl,
  residency,
  guardianNotWard,
  recoveryPath,
  healthCheckQuota,
];

/** Everything that must not be deployed, of all guards at once. */
export function guardProblems(subject: GuardSubject): readonly Problem[] {
  return GUARDS.flatMap((guard) => guard(subject));
}
