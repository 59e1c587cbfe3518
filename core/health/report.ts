import type { CheckState } from './check-state.ts';
import type { MetricSeries } from './metric-series.ts';

/** What is known of a Region's traffic and data besides the checks; the lag comes with traces alone. */
export type MetricName = 'error-rate' | 'p95-ms' | 'requests-per-second' | 'replication-lag-seconds';

/** What is measured of a Region. */
export type Metrics = Readonly<Partial<Record<MetricName, MetricSeries>>>;

/** What one observer says about one subject Region; its latest word, kept under the observer's identity. */
export interface ObserverReport {
  readonly observer: string;
  readonly subject: string;
  /** Number of the round, counted by the clock. */
  readonly round: number;
  readonly reportedAtEpochMs: number;
  /** By name, checks and signals. */
  readonly checks: Readonly<Record<string, CheckState>>;
  readonly metrics: Metrics;
}
