import type { PlanReference } from '../state-machines/contracts-reconcile.ts';

/** One start of the machine looks at every touched range once; the next start looks anew. */
export function verificationOf({ attempt }: Pick<PlanReference, 'attempt'>): string {
  return `attempt-${attempt}`;
}
