import type { CaughtError, PollOutput } from './contracts.ts';

/** The operation of a fleet as every state of its machines carries it under `$.operation`. */
export interface FleetOperation {
  readonly operationId: string;
  readonly epoch: number;
  readonly source: string;
  readonly target: string;
}

/** Output of `open-fleet`. */
export interface OpenedFleet {
  readonly operation: FleetOperation;
  readonly members: readonly string[];
}

/** Input of most steps of a fleet. */
export interface FleetInput {
  readonly operation: FleetOperation;
}

/** Input of a step that works for one member. */
export interface MemberInput extends FleetInput {
  readonly application: string;
}

/** Input of `check-member`. */
export interface CheckMemberInput extends MemberInput {
  readonly awaited: 'fence' | 'end';
  /** When the state was first entered, as Step Functions writes it. */
  readonly since: string;
}

/** Output of `check-member`: whether there is anything left to wait for, and what a person has to know. */
export interface MemberOutput extends PollOutput {
  readonly ok: boolean;
  /** Empty where all is well. */
  readonly reason: string;
}

/** What is kept of a member's check. */
export interface MemberFinding {
  readonly application: string;
  readonly ok: boolean;
  readonly reason: string;
}

/** Input of `judge-fleet` and `close-fleet`. */
export interface FindingsInput extends FleetInput {
  readonly findings?: readonly MemberFinding[];
  readonly error?: CaughtError;
}

/** Output of `judge-fleet`. */
export interface FleetJudgement {
  readonly flip: boolean;
  readonly reason: string;
}

/** Output of `close-fleet`. */
export interface ClosedFleet {
  readonly status: 'SUCCEEDED' | 'NEEDS_OPERATOR';
  readonly reason: string;
}
