import type { ReconcileStep } from '../../state-machines/contracts-reconcile.ts';
import { CAPABILITIES, type Capability } from './capabilities.ts';
import type { Grant } from './grant.ts';
import type { Site } from './site.ts';

/** What each function of the machine that reconciles may be able to do: the ports that its `index.ts` wires. */
export const RECONCILE_CAPABILITIES: Readonly<Record<ReconcileStep, readonly Capability[]>> = {
  'open-reconciliation': ['readState', 'keepPlans', 'reachTables'],
  'list-work': ['readState', 'keepPlans', 'reachTables'],
  'find-differences': ['keepPlans', 'reachTables', 'callMerges'],
  'seal-plan': ['readState', 'keepPlans'],
  'approve-plan': ['readState', 'keepPlans', 'notify'],
  'apply-repairs': ['readState', 'keepPlans', 'reachTables', 'callMerges', 'readLag'],
  'verify-range': ['keepPlans', 'reachTables', 'callMerges'],
  'close-reconciliation': ['readState', 'keepPlans'],
};

/** Functions that reach the tables, and so run where these are reached. */
export function reachesTables(name: ReconcileStep): boolean {
  return RECONCILE_CAPABILITIES[name].includes('reachTables');
}

/** The statements of such a function's role where it runs, besides those that every function has. */
export function reconcileGrantsOf(name: ReconcileStep, site: Site): readonly Grant[] {
  const grants = RECONCILE_CAPABILITIES[name].flatMap((capability): readonly Grant[] => CAPABILITIES[capability](site));
  return [...new Map(grants.map((grant) => [grant.purpose, grant])).values()];
}
