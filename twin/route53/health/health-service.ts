import { canonicalName } from '../../../core/routing/dns-name.ts';
import type { HealthCheck } from '../../../core/routing/health-check.ts';
import type { CheckerRegion } from '../../../core/routing/route53-limits.ts';
import type { HealthView } from '../answering/health-view.ts';
import type { ClockPorts, DnsLocation, WorldPorts } from '../ports.ts';
import { createAggregation } from './aggregation.ts';
import { createProbing } from './probing.ts';
import { changeSettings, createRunningCheck, isEndpointCheck, type RunningCheck } from './running-check.ts';

/** What one checker last found, as `GetHealthCheckStatus` lists it. */
export interface CheckerReport {
  readonly region: CheckerRegion;
  readonly ipAddress: string;
  readonly report: string;
  readonly checkedAtMs: number;
}

/** Runs health checks in virtual time and aggregates what they find, separately for every DNS location. */
export interface HealthService {
  /** Starts a check, or goes on with changed settings. */
  put(check: Pick<HealthCheck, 'Id' | 'HealthCheckConfig'>): void;
  remove(id: string): void;
  viewAt(location: DnsLocation): HealthView;
  /** The health of an alias target outside the zones, e.g. of a load balancer; healthy until told otherwise. */
  setTargetHealth(dnsName: string, healthy: boolean): void;
  /** Aggregates anew everywhere; to be called when `isReportReachable` begins to say something else. */
  reaggregate(): void;
  /** What the checkers of an endpoint check last found; empty before the first observation. */
  reportsOf(id: string): readonly CheckerReport[];
}

/** What health checks need from outside, and whom they tell. */
export interface HealthServiceOptions {
  readonly clock: ClockPorts;
  readonly world: WorldPorts;
  readonly locations: readonly DnsLocation[];
  /** Called whenever something may have become healthier or less healthy for a location. */
  readonly onChange: (location: DnsLocation) => void;
}

/** Checks begin to be probed as soon as they are put; nothing happens later but through the clock's `at`. */
export function createHealthService({ clock, world, locations, onChange }: HealthServiceOptions): HealthService {
  const checks = new Map<string, RunningCheck>();
  const targets = new Map<string, boolean>();
  const aggregation = createAggregation({ clock, world, locations, checks, onChange });
  const probing = createProbing({ clock, world, onReport: aggregation.count, onSignal: aggregation.set });
  const changedEverywhere = (): void => {
    for (const location of locations) onChange(location);
  };

  return {
    put: ({ Id, HealthCheckConfig: config }) => {
      const known = checks.get(Id);
      const check = known ?? createRunningCheck(config);
      checks.set(Id, check);
      if (known === undefined || changeSettings(check, config)) probing.start(check);
      changedEverywhere();
    },
    remove: (id) => {
      const check = checks.get(id);
      if (check !== undefined) probing.stop(check);
      checks.delete(id);
      changedEverywhere();
    },
    viewAt: (location) => ({
      isHealthy: (id) => aggregation.isHealthyAt(location, id),
      isTargetHealthy: (dnsName) => targets.get(dnsName) ?? true,
    }),
    setTargetHealth: (dnsName, healthy) => {
      targets.set(canonicalName(dnsName), healthy);
      changedEverywhere();
    },
    reaggregate: () => {
      for (const check of checks.values()) if (isEndpointCheck(check.config)) aggregation.count(check);
    },
    reportsOf: (id) =>
      (checks.get(id)?.checkers ?? []).flatMap(({ region, ipAddress, lastReport }) =>
        lastReport === undefined ? [] : [{ region, ipAddress, ...lastReport }],
      ),
  };
}
