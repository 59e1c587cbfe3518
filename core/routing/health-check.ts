/**
 * Health checks in the shape of the Route 53 API.
 *
 * Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
 */
export const HEALTH_CHECK_TYPES = [
  'HTTP',
  'HTTPS',
  'HTTP_STR_MATCH',
  'HTTPS_STR_MATCH',
  'TCP',
  'CALCULATED',
  'CLOUDWATCH_METRIC',
  'RECOVERY_CONTROL',
] as const;
/** One of `HEALTH_CHECK_TYPES`. */
export type HealthCheckType = (typeof HEALTH_CHECK_TYPES)[number];

/** Types whose verdict comes from checkers that probe an endpoint. */
export const ENDPOINT_CHECK_TYPES = ['HTTP', 'HTTPS', 'HTTP_STR_MATCH', 'HTTPS_STR_MATCH', 'TCP'] as const;

/** The settings of a health check; which fields belong to which type is in `validate-health-check-config.ts`. */
export interface HealthCheckConfig {
  readonly Type: HealthCheckType;
  readonly IPAddress?: string;
  readonly Port?: number;
  readonly ResourcePath?: string;
  readonly FullyQualifiedDomainName?: string;
  readonly SearchString?: string;
  /** Seconds, 10 or 30. */
  readonly RequestInterval?: number;
  /** Consecutive observations, 1–10, in both directions. */
  readonly FailureThreshold?: number;
  readonly MeasureLatency?: boolean;
  readonly Inverted?: boolean;
  readonly Disabled?: boolean;
  /** CALCULATED: healthy children needed, 0–256. */
  readonly HealthThreshold?: number;
  readonly ChildHealthChecks?: readonly string[];
  readonly EnableSNI?: boolean;
  readonly Regions?: readonly string[];
  readonly AlarmIdentifier?: { readonly Region: string; readonly Name: string };
  readonly InsufficientDataHealthStatus?: 'Healthy' | 'Unhealthy' | 'LastKnownStatus';
  readonly RoutingControlArn?: string;
}

/** As `ListHealthChecks` returns it, less what nobody here reads. */
export interface HealthCheck {
  readonly Id: string;
  readonly HealthCheckConfig: HealthCheckConfig;
}
