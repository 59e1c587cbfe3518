import type { CheckAssessment } from '../health/assess.ts';
import type { Metrics } from '../health/report.ts';

/** What to do about what was seen. */
export type Outcome = 'NO_ACTION' | 'MONITOR' | 'MANUAL_REVIEW' | 'AUTOMATIC_FAILOVER';

export type Confidence = 'LOW' | 'MEDIUM' | 'HIGH';

/** What the verdict rests on; stored with it. */
export interface Evidence {
  readonly assessedAtEpochMs: number;
  readonly checks: readonly CheckAssessment[];
  readonly signals: readonly CheckAssessment[];
  readonly metrics: Metrics;
}

/** A verdict about the active Region: what to do, by which row, why, and what stood in the way. */
export interface Decision {
  readonly subject: string;
  readonly outcome: Outcome;
  readonly ruleId: string;
  readonly confidence: Confidence;
  readonly reason: string;
  /** Seconds within which the scenario of that row is to be over; `null` where nothing starts. */
  readonly estimatedRtoSeconds: number | null;
  /** The gate that turned an automatic failover into a review; `null` where none did. */
  readonly closedGate: string | null;
  /** Whether the Region was to be left, gates apart; while nothing is known, what it was before. */
  readonly toBeLeft: boolean;
  /** When it was to be left after it was not, this time included, epoch ms; within the window of `automation.flapping`. */
  readonly raisedAtEpochMs: readonly number[];
  /** The Region to move to, where an automatic failover was called for and one qualifies. */
  readonly target: string | null;
  readonly decidedAtEpochMs: number;
  /** The epoch the decision was taken under. */
  readonly epoch: number;
  readonly evidence: Evidence;
}

/** A verdict of the past, as far as the next one rests on it. */
export type PastDecision = Omit<Decision, 'evidence'>;
