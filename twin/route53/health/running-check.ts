import { ENDPOINT_CHECK_TYPES, type HealthCheckConfig } from '../../../core/routing/health-check.ts';
import {
  CHECKER_REGIONS,
  type CheckerRegion,
  DEFAULT_REQUEST_INTERVAL_SECONDS,
} from '../../../core/routing/route53-limits.ts';
import type { DnsLocation } from '../ports.ts';
import { type CheckerState, NEW_CHECKER } from './checker.ts';

/**
 * Checkers per checker Region. 8 Regions with 2 each ask every 30 s, which is the "about every two seconds" that the
 * guide gives for that interval (health-checks-creating-values, Request interval).
 */
export const CHECKERS_PER_REGION = 2;

const MS_PER_SECOND = 1_000;

/** One health checker of one check. */
export interface Checker {
  readonly region: CheckerRegion;
  readonly ipAddress: string;
  state: CheckerState;
  /** The status that the DNS locations know of. */
  reported: boolean;
  lastReport?: { readonly report: string; readonly checkedAtMs: number };
}

/** A health check at work. */
export interface RunningCheck {
  config: HealthCheckConfig;
  checkers: readonly Checker[];
  /** What is observed at each location, before `Disabled` and `Inverted`; absent until there is data. */
  readonly observed: Map<DnsLocation, boolean>;
  /** What an alarm's data last said. */
  lastKnown?: boolean;
  /** Rises at every start and stop, so that events of an earlier run are told apart when they arrive. */
  run: number;
}

/** A check that has not begun to ask; all its checkers are new. */
export function createRunningCheck(config: HealthCheckConfig): RunningCheck {
  return { config, checkers: createCheckers(config), observed: new Map(), run: 0 };
}

/** Takes over changed settings; true where the check has to start afresh because it is probed by others or not at all. */
export function changeSettings(check: RunningCheck, config: HealthCheckConfig): boolean {
  const restarts =
    (check.config.Disabled ?? false) !== (config.Disabled ?? false) || regionsOf(check.config) !== regionsOf(config);
  check.config = config;
  if (restarts) {
    check.checkers = createCheckers(config);
    check.observed.clear();
  }
  return restarts;
}

/** True for the types whose checkers probe an endpoint. */
export function isEndpointCheck({ Type }: HealthCheckConfig): boolean {
  return ENDPOINT_CHECK_TYPES.some((type) => type === Type);
}

/** Milliseconds from one response to the next request. */
export function intervalMs(config: HealthCheckConfig): number {
  return (config.RequestInterval ?? DEFAULT_REQUEST_INTERVAL_SECONDS) * MS_PER_SECOND;
}

function createCheckers(config: HealthCheckConfig): readonly Checker[] {
  if (!isEndpointCheck(config)) return [];
  const regions = CHECKER_REGIONS.filter((region) => config.Regions?.includes(region) ?? true);
  return regions.flatMap((region, regionIndex) =>
    Array.from({ length: CHECKERS_PER_REGION }, (_, index) => ({
      region,
      // From the benchmarking range (RFC 2544): no real host has it.
      ipAddress: `198.18.${regionIndex}.${index + 1}`,
      state: NEW_CHECKER,
      reported: NEW_CHECKER.healthy,
    })),
  );
}

function regionsOf(config: HealthCheckConfig): string {
  return config.Regions === undefined ? 'all' : [...config.Regions].sort().join();
}
