import type { ReconcileContext } from '../../core/reconcile/machine-ports.ts';
import type { PlanSection } from '../../core/reconcile/plan.ts';
import { approvePlan, sealPlan } from '../../core/reconcile/seal-plan.ts';
import type { PlanInput, SealedReconciliation } from '../../state-machines/contracts-reconcile.ts';
import { assertStillAsked, enginePorts } from '../engine-ports.ts';

type Context = ReconcileContext<'clock' | 'coordination' | 'plans' | 'tables'>;

/**
 * Closes a plan whose ranges have all been compared, and says what is to become of it. Where the config asks for nobody's
 * approval, the config itself is what approves; not where the plan looks like a mistake.
 *
 * @throws {ReconcileError} `PlanRefusedError` where ranges have not been compared.
 */
export function createSealPlan(context: Context): (input: PlanInput) => Promise<SealedReconciliation> {
  const { approval = 'required', blockOn = [] } = context.config.reconcile ?? {};
  return async ({ plan }) => {
    await assertStillAsked(context, plan);
    const ports = enginePorts(context, plan);
    const { digest, sections, needsApproval } = await sealPlan(ports, plan.planId);
    const verdict = judge(sections, blockOn);
    if (needsApproval.length > 0)
      return { verdict: verdict === 'nothing' ? 'repair' : verdict, digest, approval: 'required' };
    if (verdict === 'repair' && approval === 'none') {
      const approvedBy = 'the config: reconcile.approval is none';
      await approvePlan(ports, plan.planId, { digest, approvedBy, isAutomatic: true });
    }
    return { verdict, digest, approval };
  };
}

/** Nothing is repaired where something is left to a person first: the person sees both sides as they were. */
function judge(sections: readonly PlanSection[], blockOn: readonly string[]): SealedReconciliation['verdict'] {
  if (sections.some(({ tier, unresolved }) => unresolved > 0 && blockOn.includes(tier))) return 'blocked';
  return sections.some(({ puts, deletes }) => puts + deletes > 0) ? 'repair' : 'nothing';
}
