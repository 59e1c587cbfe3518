import { canonicalName } from '../../../core/routing/dns-name.ts';
import type { HealthCheck } from '../../../core/routing/health-check.ts';
import type { HealthView } from '../answering/health-view.ts';
import { isHealthyByCheckers, observedFromChildren, observedWithoutData, resultingStatus } from './resulting-status.ts';

/**
 * How a health check fares: its resulting status, or what its checkers observe before `Inverted` is applied.
 */
export type GivenHealth =
  | 'healthy'
  | 'unhealthy'
  | { readonly checkersHealthyPercent: number }
  | { readonly observed: 'insufficient-data' };

/** The part of a fixture that says how things fare. */
export interface FixtureHealth {
  readonly healthChecks: readonly HealthCheck[];
  /** By health check id. A check that is left out has no data yet. */
  readonly given: Readonly<Record<string, GivenHealth>>;
  /** By DNS name of an alias target outside the zone; healthy where left out. */
  readonly targets: Readonly<Record<string, boolean>>;
}

/** One fixed view of health, the same at every location. */
export function createFixtureHealth({ healthChecks, given, targets }: FixtureHealth): HealthView {
  const checks = new Map(healthChecks.map((check) => [check.Id, check.HealthCheckConfig]));
  const health = new Map(Object.entries(given));
  const targetHealth = new Map(Object.entries(targets).map(([name, healthy]) => [canonicalName(name), healthy]));
  const isHealthy = (id: string): boolean => {
    const config = checks.get(id) ?? { Type: 'HTTPS' };
    const said = config.Disabled === true ? undefined : health.get(id);
    if (said === 'healthy' || said === 'unhealthy') return said === 'healthy';
    if (said !== undefined && 'checkersHealthyPercent' in said) {
      return resultingStatus(config, isHealthyByCheckers(said.checkersHealthyPercent));
    }
    if (said === undefined && config.Type === 'CALCULATED') {
      return resultingStatus(config, observedFromChildren(config, isHealthy));
    }
    return resultingStatus(config, observedWithoutData(config));
  };
  return { isHealthy, isTargetHealthy: (name) => targetHealth.get(name) ?? true };
}
