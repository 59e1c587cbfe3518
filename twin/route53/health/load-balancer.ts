/** The targets of one target group of an Application or Network Load Balancer. */
export interface TargetGroup {
  readonly registered: number;
  readonly healthy: number;
}

/**
 * The health that an alias with `EvaluateTargetHealth` takes over from a load balancer: every target group that contains
 * targets has at least one healthy one, and there is such a group, since a group without targets counts as unhealthy.
 *
 * Source: API_AliasTarget, `EvaluateTargetHealth`.
 */
export function isLoadBalancerHealthy(targetGroups: readonly TargetGroup[]): boolean {
  const filled = targetGroups.filter(({ registered }) => registered > 0);
  return filled.length > 0 && filled.every(({ healthy }) => healthy > 0);
}
