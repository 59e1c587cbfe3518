import { readHeader } from '../../core/reconcile/documents.ts';
import type { ReconcileContext } from '../../core/reconcile/machine-ports.ts';
import { touchedRange, verifyPlanRange } from '../../core/reconcile/verify-range.ts';
import type { PollOutput } from '../../state-machines/contracts.ts';
import type { TouchedInput } from '../../state-machines/contracts-reconcile.ts';
import { enginePorts } from '../engine-ports.ts';
import { verificationOf } from '../verification.ts';

type Context = ReconcileContext<'clock' | 'plans' | 'tables' | 'functions'>;

/**
 * Compares one range again by what the tables hold now, and keeps what still differs. What may be on its way is looked at
 * again once replication had its time; until then it is not done. Rows that are merged are merged again, to tell what the
 * merged version is.
 *
 * @throws {ReconcileError} where a store does not answer or refuses.
 */
export function createVerifyRange(context: Context): (input: TouchedInput) => Promise<PollOutput> {
  const settleSeconds = context.config.reconcile?.maximumLagSeconds ?? 0;
  return async ({ plan, item }) => {
    const ports = enginePorts(context, plan);
    const verification = { verificationId: verificationOf(plan), settleSeconds };
    const [header, touched] = await Promise.all([
      readHeader(ports, plan.planId),
      touchedRange(ports, plan.planId, item),
    ]);
    const verified = await verifyPlanRange(ports, header, touched, verification);
    return verified.kind === 'paused'
      ? { done: false, waitSeconds: verified.waitSeconds }
      : { done: true, waitSeconds: 0 };
  };
}
