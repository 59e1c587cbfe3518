import { applyPlanPart } from '../../core/reconcile/apply-plan.ts';
import { readHeader } from '../../core/reconcile/documents.ts';
import type { ReconcileContext } from '../../core/reconcile/machine-ports.ts';
import type { PartInput, PartOutput } from '../../state-machines/contracts-reconcile.ts';
import { assertStillAsked, enginePorts } from '../engine-ports.ts';

type Context = ReconcileContext<'clock' | 'coordination' | 'plans' | 'tables' | 'functions' | 'dataTier'>;

/**
 * Makes the changes of one part that are not made yet. Where replication lags too far behind it stops, and the machine
 * waits; the same call goes on.
 *
 * @throws {OperationError} `OperationLostError` where the failback that asked is over.
 * @throws {ReconcileError} where a store does not answer or refuses, or the part is not what was planned.
 */
export function createApplyRepairs(context: Context): (input: PartInput) => Promise<PartOutput> {
  return async ({ plan, item: { phase, ...part } }) => {
    await assertStillAsked(context, plan);
    const ports = enginePorts(context, plan);
    const outcome = await applyPlanPart(ports, await readHeader(ports, plan.planId), part, phase);
    return outcome.kind === 'paused'
      ? { done: false, waitSeconds: outcome.waitSeconds }
      : { done: true, waitSeconds: 0 };
  };
}
