/**
 * The health of things as one Route 53 location sees it. Verdicts may differ between locations during an internet
 * partition (DeveloperGuide dns-failover-problems), so a view belongs to a location, not to the service.
 */
export interface HealthView {
  /** The resulting status of a health check, after `Inverted` and `Disabled`. */
  isHealthy(healthCheckId: string): boolean;
  /** The health of an alias target outside the zone, e.g. a load balancer; the name is in canonical spelling. */
  isTargetHealthy(dnsName: string): boolean;
}
