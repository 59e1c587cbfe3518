import { MOST_CHECK_SECONDS, MOST_VERIFY_INTERVAL_SECONDS } from '../core/config/limits.ts';
import { WARM_UP_POLL_SECONDS } from '../core/failback/warm-up.ts';
import type { StepLimits } from '../core/operation/journal.ts';
import { PLANNED_POLL_SECONDS, RECONCILE_POLL } from '../core/operation/polling.ts';
import type { Mode, OperationKind } from '../core/operation/request.ts';
import type { Weights } from '../core/routing/weights.ts';

/** What stacks, steps, twin and commands share about the state machines. */
export const MACHINES = ['failover', 'failback'] as const satisfies readonly OperationKind[];
export type Machine = (typeof MACHINES)[number];

/**
 * Every Lambda that a machine calls, with the limits that its Task states have and the longest wait that may follow:
 * the operation's lease outlives both. `TimeoutSeconds` of a Task is the Lambda's timeout too.
 */
export const STEP_LIMITS = {
  // The notification that follows does not extend the lease: four tries of 10 s and 7 s between them.
  'open-operation': { timeoutSeconds: 10, longestWaitSeconds: 60 },
  'send-notification': { timeoutSeconds: 10, longestWaitSeconds: 0 },
  'validate-target': { timeoutSeconds: 15, longestWaitSeconds: 0 },
  'request-approval': { timeoutSeconds: 10, longestWaitSeconds: 86_400 },
  'prepare-records': { timeoutSeconds: 20, longestWaitSeconds: PLANNED_POLL_SECONDS },
  'await-lag': { timeoutSeconds: 15, longestWaitSeconds: PLANNED_POLL_SECONDS },
  'fence-source': { timeoutSeconds: 10, longestWaitSeconds: 30 },
  'start-promotion': { timeoutSeconds: 15, longestWaitSeconds: 0 },
  'check-promotion': { timeoutSeconds: 15, longestWaitSeconds: 10 },
  'scale-target': { timeoutSeconds: 20, longestWaitSeconds: 0 },
  'check-capacity': { timeoutSeconds: 20, longestWaitSeconds: 30 },
  'shift-traffic': { timeoutSeconds: 15, longestWaitSeconds: 30 },
  'verify-answers': { timeoutSeconds: 15, longestWaitSeconds: 10 },
  'write-records': { timeoutSeconds: 20, longestWaitSeconds: 0 },
  'check-records': { timeoutSeconds: 15, longestWaitSeconds: 180 },
  'adjust-load-balancers': { timeoutSeconds: 20, longestWaitSeconds: 0 },
  'verify-traffic': { timeoutSeconds: 15, longestWaitSeconds: MOST_VERIFY_INTERVAL_SECONDS },
  'drain-connections': { timeoutSeconds: 15, longestWaitSeconds: PLANNED_POLL_SECONDS },
  'validate-service': { timeoutSeconds: 15, longestWaitSeconds: MOST_VERIFY_INTERVAL_SECONDS },
  'close-operation': { timeoutSeconds: 10, longestWaitSeconds: 0 },
  'roll-back': { timeoutSeconds: 30, longestWaitSeconds: 0 },
  'hold-operation': { timeoutSeconds: 10, longestWaitSeconds: 14 * 86_400 },
  'reconcile-data': { timeoutSeconds: 15, longestWaitSeconds: RECONCILE_POLL.mostSeconds },
  'prove-recovery': { timeoutSeconds: 10, longestWaitSeconds: 0 },
  // Listings are read for 35 s of it.
  'check-parity': { timeoutSeconds: 60, longestWaitSeconds: 0 },
  'open-switch': { timeoutSeconds: 15, longestWaitSeconds: 30 },
  'check-switch': { timeoutSeconds: 15, longestWaitSeconds: 60 },
  'climb-ladder': { timeoutSeconds: 15, longestWaitSeconds: WARM_UP_POLL_SECONDS },
  'check-rung': { timeoutSeconds: 15, longestWaitSeconds: MOST_CHECK_SECONDS },
  'retreat-failback': { timeoutSeconds: 20, longestWaitSeconds: 10 },
} as const satisfies Readonly<Record<string, StepLimits>>;
export type Step = keyof typeof STEP_LIMITS;
export const STEPS = Object.keys(STEP_LIMITS) as readonly Step[];

/** The machines of a fleet, in the fleet's own stacks. */
export const FLEET_MACHINES = ['fleet-evacuation', 'fleet-release'] as const;
export type FleetMachine = (typeof FLEET_MACHINES)[number];

/** Whether a machine leads an operation of an application. */
export function isOfApplication(machine: string): machine is Machine {
  return MACHINES.some((candidate) => candidate === machine);
}

/** Every Lambda that a fleet's machine calls, with the limits that its Task states have. */
export const FLEET_STEP_LIMITS = {
  // Before the first step of the fleet's own comes the wait for all fences: 10 min at most (core/fleet/fleet-schema.ts).
  'open-fleet': { timeoutSeconds: 10, longestWaitSeconds: 900 },
  'start-member': { timeoutSeconds: 15, longestWaitSeconds: 0 },
  'check-member': { timeoutSeconds: 15, longestWaitSeconds: 30 },
  'judge-fleet': { timeoutSeconds: 10, longestWaitSeconds: 60 },
  // Behind it come the members' own verifications: 4 h at most (core/fleet/fleet-schema.ts).
  'flip-fleet': { timeoutSeconds: 15, longestWaitSeconds: 4 * 3600 + 900 },
  'take-over-switch': { timeoutSeconds: 15, longestWaitSeconds: 0 },
  'release-fleet': { timeoutSeconds: 15, longestWaitSeconds: 60 },
  'close-fleet': { timeoutSeconds: 10, longestWaitSeconds: 0 },
} as const satisfies Readonly<Record<string, StepLimits>>;
export type FleetStep = keyof typeof FLEET_STEP_LIMITS;
export const FLEET_STEPS = Object.keys(FLEET_STEP_LIMITS) as readonly FleetStep[];

/** Lambdas that run on a schedule, outside any machine. */
export const SCHEDULED_FUNCTIONS = ['observe-regions', 'reconcile-records', 'compare-regions'] as const;
export type ScheduledFunction = (typeof SCHEDULED_FUNCTIONS)[number];

/** Lambdas that events of AWS call, outside any machine. */
export const EVENT_FUNCTIONS = ['record-end'] as const;
export type EventFunction = (typeof EVENT_FUNCTIONS)[number];

/** Placeholder of a step's function in a definition: `fence-source` → `FenceSource`. */
export function placeholderOf(step: string): string {
  return step.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

/** Input of `open-operation`: what was typed, and which execution it came through. */
export interface OpenOperationInput {
  readonly kind: OperationKind;
  readonly request: unknown;
  readonly executionName: string;
  readonly executionArn: string;
}

/**
 * Where an execution begins: `start` at the first gate; `resume` where everything that may have been done before is found
 * and passed by; `abort` with taking back.
 */
export type Entry = 'start' | 'resume' | 'abort';

/** The operation as every state of a machine carries it under `$.operation`. */
export interface OpenedOperation {
  readonly operationId: string;
  readonly epoch: number;
  readonly kind: OperationKind;
  readonly application: string;
  readonly source: string;
  readonly target: string;
  readonly mode: Mode;
  readonly approval: 'required' | 'none';
  readonly approvalTimeoutSeconds: number;
  readonly shiftAfterPromotion: boolean;
  /** The execution that leads it. Once another one has taken it up, this one changes nothing more. */
  readonly executionArn: string;
  readonly entry: Entry;
  /** Who wants it ended and why; empty unless `entry` is `abort`. */
  readonly abortReason: string;
}

/** Input of most steps. */
export interface StepInput {
  readonly operation: OpenedOperation;
}

/** What went wrong, as a Catch hands it on. */
export interface CaughtError {
  readonly Error: string;
  readonly Cause: string;
}

/** What a caught error says. A Lambda's Cause is JSON with the message inside; a state's own is plain text. */
export function causeText({ Cause }: CaughtError): string {
  try {
    const parsed: unknown = JSON.parse(Cause);
    const message =
      typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>)['errorMessage'] : undefined;
    return typeof message === 'string' ? message : Cause;
  } catch {
    return Cause;
  }
}

/** Input of a step that a person answers, by task token. */
export interface TokenInput extends StepInput {
  readonly taskToken: string;
  readonly error?: CaughtError;
}

/** Input of such a step once a person has answered. */
export interface AnsweredInput extends StepInput {
  /** Whatever somebody sent. */
  readonly answer: unknown;
}

/** Output of `hold-operation`. */
export interface HoldOutput {
  /** A failback that was putting traffic back: resumed, it goes on with that. */
  readonly retreating: boolean;
}

/** Phases of an operation that people are told about. */
export type NotificationEvent = 'started' | 'succeeded' | 'failed' | 'aborted' | 'held';

/** Input of `send-notification`. */
export interface NotificationInput extends StepInput {
  readonly event: NotificationEvent;
  readonly error?: CaughtError;
}

/**
 * Input of the steps that move the right to write: `fence-source`, `start-promotion` and `check-promotion`. With `back` it
 * goes the other way, from the target to the source: a failback that is given up once the writer has moved.
 */
export interface MoveWriterInput extends StepInput {
  readonly back?: boolean;
}

/** Whom the right to write is taken from, and who is to have it. */
export function writerMove({ operation, back = false }: MoveWriterInput): {
  readonly from: string;
  readonly to: string;
} {
  const { source, target } = operation;
  return back ? { from: target, to: source } : { from: source, to: target };
}

/** Input of `validate-target`; with `confirm`, a target that is no longer ready is an error. */
export interface ValidateTargetInput extends StepInput {
  readonly confirm?: boolean;
}

/** Output of a gate: go on, or every reason why not. */
export interface GateOutput {
  readonly passed: boolean;
  readonly reasons: readonly string[];
}

/** Output of `reconcile-data`: a gate that may have to be asked again; until it is done, whether it passed says nothing. */
export type ReconcileDataOutput = GateOutput & PollOutput;

/** Output of a step that may have to be asked again. */
export interface PollOutput {
  readonly done: boolean;
  /** Seconds to wait before asking again; 0 where done. */
  readonly waitSeconds: number;
}

/** Input of `write-records`: new weights, or those of the state where none are given. */
export interface WriteRecordsInput extends StepInput {
  readonly weights?: Weights;
}

/** Output of `write-records`, input of `check-records`. `null`: the zone agreed already. */
export interface WrittenRecords {
  readonly changeId: string | null;
}

/** Input of `check-records`. */
export interface CheckRecordsInput extends StepInput {
  readonly records: WrittenRecords;
}

/** Input of `adjust-load-balancers`: all of them, or before anybody is let in again those of the target alone. */
export interface AdjustLoadBalancersInput extends StepInput {
  readonly only?: 'all' | 'listeners-of-target';
}

/** Input of `close-operation`. */
export interface CloseOperationInput extends StepInput {
  readonly status: 'SUCCEEDED' | 'ABORTED' | 'NEEDS_OPERATOR';
  readonly reason?: string;
  readonly error?: CaughtError;
  readonly gate?: GateOutput;
}

/** Output of `roll-back` and `retreat-failback`: false where the point of no return lies behind. */
export interface CompensationOutput {
  readonly compensated: boolean;
  readonly reason: string;
}

/** Output of `retreat-failback`: with `moveWriterBack` it is asked for again once the writer is back. */
export interface RetreatOutput extends CompensationOutput {
  readonly moveWriterBack: boolean;
}

/** Output of `climb-ladder`. */
export type LadderOutput =
  | {
      readonly next: 'rung';
      readonly percent: number;
      readonly weights: Weights;
      /** A step on the way to a rung: looked at once and not baked. */
      readonly ramp?: boolean;
    }
  /** The returning Region is not warm enough for the next rung, or its copy too far behind to become the writer. */
  | { readonly next: 'wait'; readonly waitSeconds: number }
  | { readonly next: 'move-writer' | 'complete' };

/** Input of `check-rung`. */
export interface CheckRungInput extends StepInput {
  readonly ladder: Extract<LadderOutput, { next: 'rung' }>;
}

/** Output of `check-rung`. */
export interface RungOutput {
  readonly verdict: 'baked' | 'keep-watching' | 'breach';
  readonly waitSeconds: number;
  readonly reasons: readonly string[];
}

/** Ends of an execution that are no success. */
export const UNSUCCESSFUL_ENDS = ['FAILED', 'TIMED_OUT', 'ABORTED'] as const;
export type UnsuccessfulEnd = (typeof UNSUCCESSFUL_ENDS)[number];

/**
 * Input of `record-end`: an event of Amazon EventBridge about an execution, as far as it is read. Delivered at best effort.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-states.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export interface ExecutionEndedEvent {
  readonly detail: {
    readonly executionArn: string;
    readonly name: string;
    readonly status: UnsuccessfulEnd;
    /** When it ended, epoch ms: tells the end of a redriven execution from its first one. */
    readonly stopDate: number | null;
    readonly error?: string | null;
    readonly cause?: string | null;
  };
}
