import type { CheckClass } from '../config/checks.ts';
import type { HealthStatus } from './check-state.ts';

/** One observer's word on one check, as it counted. */
export interface Vote {
  readonly observer: string;
  /** `silent` where there is no fresh answer. */
  readonly says: HealthStatus | 'silent';
  readonly consecutiveFailures: number;
  readonly reason: string;
}

/** What a quorum agrees on about one check of one Region. */
export interface CheckAssessment {
  readonly name: string;
  readonly class: CheckClass;
  readonly status: HealthStatus;
  readonly reason: string;
  /** Consecutive failures that a quorum has seen; 0 where none says failed. */
  readonly consecutiveFailures: number;
  /** Since when the status stands by the word of the last voter that it needed, epoch ms; undefined while unknown. */
  readonly sinceEpochMs?: number;
  /** True where it is failed for the Region's revisions: fewer than a quorum say that anything is broken. */
  readonly mismatch?: true;
  readonly votes: readonly Vote[];
}
