import type { CheckState } from './check-state.ts';

/** A number that a Region publishes about itself, and when it held. */
export interface Measurement {
  readonly value: number;
  /** The moment it speaks of, epoch ms; not the moment it was read. */
  readonly atEpochMs: number;
}

/** What an observer reads about a subject besides the checks. */
export const METRICS = ['error-rate', 'p95-ms', 'requests-per-second'] as const;
export type MetricName = (typeof METRICS)[number];

/** What one observer says about one subject Region; its latest word, kept under the observer's identity. */
export interface ObserverReport {
  readonly observer: string;
  readonly subject: string;
  /** Number of the round, counted by the clock. */
  readonly round: number;
  readonly reportedAtEpochMs: number;
  readonly checks: Readonly<Record<string, CheckState>>;
  readonly metrics: Readonly<Partial<Record<MetricName, Measurement>>>;
}
