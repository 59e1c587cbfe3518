import { readHeader } from '../../core/reconcile/documents.ts';
import { findInRange } from '../../core/reconcile/find-differences.ts';
import type { ReconcileContext } from '../../core/reconcile/machine-ports.ts';
import type { RangeInput } from '../../state-machines/contracts-reconcile.ts';
import { enginePorts } from '../engine-ports.ts';

type Context = ReconcileContext<'clock' | 'plans' | 'tables' | 'functions'>;

/**
 * Compares one range of a plan and keeps what differs; a range that was compared is not compared again.
 *
 * @throws {ReconcileError} where a store does not answer or refuses.
 */
export function createFindDifferences(context: Context): (input: RangeInput) => Promise<void> {
  return async ({ plan, item }) => {
    const ports = enginePorts(context, plan);
    await findInRange(ports, await readHeader(ports, plan.planId), item);
  };
}
