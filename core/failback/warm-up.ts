import { findRegion } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { rateLeft } from '../operation/measure.ts';
import type { TrafficReading } from '../ports.ts';

type WarmUpConfig = Pick<ResolvedConfig, 'failback' | 'regions'>;

/** Time between two looks at a Region that is not warm yet, seconds; a minute is what metrics come once in. */
export const WARM_UP_POLL_SECONDS = 60;

/** A rung that is about to begin. */
export interface ComingRung {
  readonly percent: number;
  readonly original: string;
}

/** What was seen before it; undefined stands for a Region that did not answer. */
export interface WarmthSight {
  readonly returning: TrafficReading | undefined;
  readonly serving: TrafficReading | undefined;
}

/** What came of the look, for the record. */
export interface Warmth {
  readonly reasons: readonly string[];
  /** The rung's part of what both Regions carry now. */
  readonly expectedRequestsPerSecond?: number;
  readonly cacheHitPercent?: number;
}

/** The most that the returning Region may get on a rung, requests per second, and what says so. */
function limitsOf(config: WarmUpConfig, { percent, original }: ComingRung) {
  const capacity = findRegion(config, original)?.capacityRequestsPerSecond;
  const cap = config.failback.requestCaps[String(percent)];
  return [
    ...(capacity === undefined ? [] : [{ limit: capacity, what: `the capacity of ${original}` }]),
    ...(cap === undefined ? [] : [{ limit: cap, what: `the cap of the rung of ${percent} %` }]),
  ];
}

/** Whether anything is to be looked at before a rung. */
export function isGated(config: WarmUpConfig, rung: ComingRung): boolean {
  return config.failback.minimumCacheHitPercent !== undefined || limitsOf(config, rung).length > 0;
}

/**
 * Judges whether the returning Region is warm enough for a rung: its part of the load within capacity and cap, its cache
 * filled. Every reason is given, and what is not measured is one.
 */
export function judgeWarmth(config: WarmUpConfig, rung: ComingRung, sight: WarmthSight): Warmth {
  const limits = limitsOf(config, rung);
  const expected = expectedRate(rung, sight);
  const cacheHitPercent = sight.returning?.cacheHitPercent;
  const load = limits.flatMap(({ limit, what }) => {
    if (expected === undefined) return [`the load of the rung is not measured; ${what} is ${limit} requests/s`];
    return expected <= limit ? [] : [`${Math.round(expected)} requests/s are expected; ${what} is ${limit}`];
  });
  return {
    reasons: [...load, ...coldCache(config, rung, cacheHitPercent)],
    ...(expected === undefined ? {} : { expectedRequestsPerSecond: Math.round(expected) }),
    ...(cacheHitPercent === undefined ? {} : { cacheHitPercent }),
  };
}

function expectedRate({ percent }: ComingRung, { returning, serving }: WarmthSight): number | undefined {
  const rates = [rateLeft(returning, 'requestsPerSecond'), rateLeft(serving, 'requestsPerSecond')];
  const total = rates.reduce<number>((sum, rate) => sum + (rate ?? Number.NaN), 0);
  return Number.isNaN(total) ? undefined : (total * percent) / 100;
}

function coldCache(
  { failback: { minimumCacheHitPercent: least } }: WarmUpConfig,
  { original }: ComingRung,
  hits: number | undefined,
): readonly string[] {
  if (least === undefined || (hits !== undefined && hits >= least)) return [];
  const found = hits === undefined ? 'is not measured' : `answers ${hits.toFixed(1)} % of the lookups`;
  return [`the cache of ${original} ${found}; ${least} % are asked for`];
}
