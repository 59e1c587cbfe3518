import type { Sides } from '../../../core/reconcile/entity.ts';
import type { SealedPlan } from '../../../core/reconcile/plan.ts';
import type { ReconcileReport } from '../../../core/reconcile/report.ts';

/** One reconciliation that is measured in a process of its own, so that its memory is nobody else's. */
export interface WorkerJob {
  readonly urls: Sides<string>;
  /** Folder that its plans are kept in. */
  readonly folder: string;
  readonly rowsPerRange: number;
  readonly concurrency: number;
}

/** What became of it, and what it took. */
export interface WorkerResult {
  readonly planSeconds: number;
  readonly applySeconds: number;
  readonly verifySeconds: number;
  /** Over the connections to both servers while the plan was made, both ways. */
  readonly planBytes: number;
  readonly report: ReconcileReport;
  /** The plan that was made after all of it, which is to have nothing to do. */
  readonly again: SealedPlan;
  /** Most memory that the process ever had, MiB. */
  readonly peakMemoryMb: number;
}

/** Id of the plan that is applied, and of the one that is made afterwards. */
export const PLAN_IDS = { first: 'first', again: 'again' } as const;
