import type { StatisticSet } from '../statistics/sample-set.ts';
import type { MetricIdentity } from './metric-identity.ts';
import type { StandardUnit } from './standard-unit.ts';

/** One published datum, read and checked. */
export interface Datum {
  readonly metric: MetricIdentity;
  readonly unit: StandardUnit;
  readonly atMs: number;
  /** Kept by the second rather than by the minute. */
  readonly highResolution: boolean;
  readonly values: readonly { readonly value: number; readonly weight: number }[];
  readonly statisticSet?: StatisticSet;
}
