import type { HealthCheckConfig } from '../../../core/routing/health-check.ts';

/**
 * Per cent of checkers that an endpoint must exceed to be healthy; AWS says that it may change
 * (dns-failover-determining-health-of-endpoints).
 */
export const HEALTHY_CHECKERS_PERCENT = 18;

/** Healthy if strictly more than 18 % of the checkers say so. */
export function isHealthyByCheckers(percentHealthy: number): boolean {
  return percentHealthy > HEALTHY_CHECKERS_PERCENT;
}

/**
 * The status that Route 53 acts on, from what is observed: a disabled check is healthy whatever is observed, and
 * inversion comes last (API_UpdateHealthCheck, `Disabled`; health-checks-creating-values).
 */
export function resultingStatus(config: HealthCheckConfig, observedHealthy: boolean): boolean {
  const status = config.Disabled === true || observedHealthy;
  return config.Inverted === true ? !status : status;
}

/**
 * What counts as observed while there is not enough data: healthy for a new check of any type, and for one that follows
 * an alarm what `InsufficientDataHealthStatus` says, the last known status by default.
 *
 * @param lastKnown left out where there never was enough data, which counts as healthy
 */
export function observedWithoutData(config: HealthCheckConfig, lastKnown = true): boolean {
  if (config.Type !== 'CLOUDWATCH_METRIC') return true;
  switch (config.InsufficientDataHealthStatus) {
    case 'Healthy':
      return true;
    case 'Unhealthy':
      return false;
    default:
      return lastKnown;
  }
}

/**
 * Whether enough children of a calculated check have a healthy resulting status: a threshold of 0 always is met, one
 * above the number of children never (API_HealthCheckConfig, `HealthThreshold`).
 */
export function observedFromChildren(config: HealthCheckConfig, isChildHealthy: (id: string) => boolean): boolean {
  const healthy = (config.ChildHealthChecks ?? []).filter(isChildHealthy).length;
  return healthy >= (config.HealthThreshold ?? 0);
}
