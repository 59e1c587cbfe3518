import type { StepLimits } from '../core/operation/journal.ts';
import type { ApplyPhase, PartRef, RangeRef } from '../core/reconcile/plan.ts';
import type { TouchedRef } from '../core/reconcile/verify-range.ts';
import type { CaughtError, FleetMachine, FleetStep, Machine, PollOutput, Step } from './contracts.ts';

/** The machine that makes the data of two Regions agree; deployed where a config says what to compare. */
export const RECONCILE_MACHINE = 'reconcile';

/** Every Lambda that it calls, with the limits that its Task states have. It holds no lease of its own: the failback does. */
export const RECONCILE_STEP_LIMITS = {
  'open-reconciliation': { timeoutSeconds: 300, longestWaitSeconds: 0 },
  'list-work': { timeoutSeconds: 60, longestWaitSeconds: 0 },
  'find-differences': { timeoutSeconds: 600, longestWaitSeconds: 0 },
  'seal-plan': { timeoutSeconds: 300, longestWaitSeconds: 0 },
  'approve-plan': { timeoutSeconds: 60, longestWaitSeconds: 86_400 },
  'apply-repairs': { timeoutSeconds: 300, longestWaitSeconds: 60 },
  'verify-range': { timeoutSeconds: 600, longestWaitSeconds: 0 },
  'close-reconciliation': { timeoutSeconds: 300, longestWaitSeconds: 0 },
} as const satisfies Readonly<Record<string, StepLimits>>;
export type ReconcileStep = keyof typeof RECONCILE_STEP_LIMITS;
export const RECONCILE_STEPS = Object.keys(RECONCILE_STEP_LIMITS) as readonly ReconcileStep[];

/** Any machine, and any function that one calls. */
export type AnyMachine = Machine | FleetMachine | typeof RECONCILE_MACHINE;
export type AnyStep = Step | FleetStep | ReconcileStep;

/** The stages of a reconciliation that work through a list: comparing, repairing, comparing again. */
export type WorkStage = 'find' | 'apply' | 'verify';

/** The plan as every state of the machine carries it under `$.plan`. */
export interface PlanReference {
  readonly planId: string;
  /** Region that serves now, and Region that traffic goes back to. */
  readonly source: string;
  readonly target: string;
  /** The failback that asked for it; `null` where a person did. Once that is over, nothing more is changed. */
  readonly operationId: string | null;
  /** Which start of the machine this is, from 1. */
  readonly attempt: number;
  /** Bucket that holds the plan. */
  readonly bucket: string;
  /** How many ranges or parts are worked on at once. */
  readonly concurrency: number;
  readonly approvalTimeoutSeconds: number;
}

/** Input of `open-reconciliation`: what was typed or what a failback asks for, and the name of the execution. */
export interface OpenReconciliationInput {
  readonly request: unknown;
  readonly executionName: string;
}

/** Output of `open-reconciliation`. */
export interface OpenedReconciliation {
  readonly plan: PlanReference;
}

/** Input of most steps of a reconciliation. */
export interface PlanInput {
  readonly plan: PlanReference;
}

/** Input of `list-work`. */
export interface ListWorkInput extends PlanInput {
  readonly stage: WorkStage;
}

/** Output of `list-work`: the object that holds the list, and how long it is. */
export interface WorkList {
  readonly key: string;
  readonly items: number;
}

/** A part of what was found, and the phase in which its changes are made. */
export type PhasedPart = PartRef & { readonly phase: ApplyPhase };

/**
 * What a list of work holds. One goes into the input of a child, which takes 256 KiB
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html): none grows with what was found.
 */
export type WorkItem = RangeRef | TouchedRef | PhasedPart;

/** Input of `find-differences`. */
export interface RangeInput extends PlanInput {
  readonly item: RangeRef;
}

/** Input of `verify-range`. */
export interface TouchedInput extends PlanInput {
  readonly item: TouchedRef;
}

/** Input of `apply-repairs`. */
export interface PartInput extends PlanInput {
  readonly item: PhasedPart;
}

/** Output of `apply-repairs`: not done where replication lags too far behind. */
export type PartOutput = PollOutput;

/** Output of `seal-plan`. */
export interface SealedReconciliation {
  /** `nothing`: the tables agree; `blocked`: differences that nothing may resolve keep the plan from being applied. */
  readonly verdict: 'nothing' | 'repair' | 'blocked';
  readonly digest: string;
  readonly approval: 'required' | 'none';
}

/** Input of `approve-plan`: asks, or keeps what was answered. */
export interface ApprovePlanInput extends PlanInput {
  readonly sealed: SealedReconciliation;
  readonly taskToken?: string;
  /** Whatever somebody sent. */
  readonly answer?: unknown;
}

/** Input of `close-reconciliation`. */
export interface CloseReconciliationInput extends PlanInput {
  readonly error?: CaughtError;
  readonly unapproved?: CaughtError;
}

/** How a reconciliation ended. */
export type ReconciliationStatus = 'AGREED' | 'BLOCKED' | 'UNAPPROVED' | 'FAILED';

/** Output of `close-reconciliation`. */
export interface ClosedReconciliation {
  readonly status: ReconciliationStatus;
  /** Empty where the tables agree. */
  readonly reason: string;
}
