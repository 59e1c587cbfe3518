import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Entity, Sides } from '../../core/reconcile/entity.ts';
import type { ReconcileStore } from '../../core/reconcile/store.ts';

/** What a config says of reconciling. */
export type ReconcileSection = NonNullable<ResolvedConfig['reconcile']>;

/** The options of `switchyard reconcile`, as they are typed. */
export interface ReconcileOptions {
  readonly plan?: true;
  readonly apply?: true;
  readonly verify?: true;
  readonly config?: string;
  readonly planId?: string;
  readonly source?: string;
  readonly target?: string;
  readonly cut?: string;
  readonly entity?: readonly string[];
  readonly store?: string;
  readonly approve?: string;
  readonly settle?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** What is common to all that the command does. */
export interface CommonTask {
  readonly config: ResolvedConfig;
  readonly section: ReconcileSection;
  readonly planId: string;
  readonly store: ReconcileStore;
  /** As they were typed, for the command line that goes on. */
  readonly options: ReconcileOptions;
}

/** To make a plan. */
export interface PlanTask extends CommonTask {
  readonly action: 'plan';
  readonly regions: Sides<string>;
  readonly cutEpochMs: number | null;
  readonly entities: readonly Entity[];
  /** True where nothing is kept, so that there is no plan to go on with. */
  readonly dryRun: boolean;
}

/** To carry out a plan. */
export interface ApplyTask extends CommonTask {
  readonly action: 'apply';
  /** Digest that is approved herewith; undefined: it was approved before. */
  readonly approve: string | undefined;
  readonly dryRun: boolean;
}

/** To compare again what a plan touched. */
export interface VerifyTask extends CommonTask {
  readonly action: 'verify';
  readonly settleSeconds: number;
}

/** What the command is to do, once all of its input has been accepted. */
export type ReconcileTask = PlanTask | ApplyTask | VerifyTask;

/** Where plans are kept where nothing else is said. */
export const DEFAULT_STORE = 'switchyard-plans';
