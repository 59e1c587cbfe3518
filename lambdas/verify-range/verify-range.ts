import { readHeader } from '../../core/reconcile/documents.ts';
import type { ReconcileContext } from '../../core/reconcile/machine-ports.ts';
import { verifyPlanRange } from '../../core/reconcile/verify-range.ts';
import type { RangeInput } from '../../state-machines/contracts-reconcile.ts';
import { enginePorts } from '../engine-ports.ts';
import { verificationOf } from '../verification.ts';

type Context = ReconcileContext<'clock' | 'plans' | 'tables'>;

/**
 * Compares one range again by what the tables hold now, and keeps what still differs.
 *
 * @throws {ReconcileError} where a store does not answer or refuses.
 */
export function createVerifyRange(context: Context): (input: RangeInput) => Promise<void> {
  return async ({ plan, item }) => {
    const ports = enginePorts(context, plan);
    await verifyPlanRange(ports, await readHeader(ports, plan.planId), item, { verificationId: verificationOf(plan) });
  };
}
