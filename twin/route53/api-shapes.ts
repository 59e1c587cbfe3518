import * as z from 'zod';
import type { HealthCheckConfig, HealthCheckType } from '../../core/routing/health-check.ts';
import type { RecordType, ResourceRecordSet } from '../../core/routing/record-set.ts';

/**
 * The JSON types of the Route 53 API's shapes, and no more: ranges, known words and what goes together are the business
 * of `core/routing/validate-*`, which say it better and all at once. A key that the API does not have is refused.
 */

/** Any text where the type lists words: the validation that follows says which words there are. */
const wordOf = <Word extends string>() =>
  z.custom<Word>((value) => typeof value === 'string', { error: 'the value is not a string' });

const geoLocation = z.strictObject({
  ContinentCode: z.string().optional(),
  CountryCode: z.string().optional(),
  SubdivisionCode: z.string().optional(),
});

const geoProximityLocation = z.strictObject({
  AWSRegion: z.string().optional(),
  LocalZoneGroup: z.string().optional(),
  Coordinates: z.strictObject({ Latitude: z.string(), Longitude: z.string() }).optional(),
  Bias: z.number().optional(),
});

/** Source: API_ResourceRecordSet. */
export const recordSetShape = z.strictObject({
  Name: z.string(),
  Type: wordOf<RecordType>(),
  SetIdentifier: z.string().optional(),
  Weight: z.number().optional(),
  Region: z.string().optional(),
  GeoLocation: geoLocation.optional(),
  GeoProximityLocation: geoProximityLocation.optional(),
  CidrRoutingConfig: z.strictObject({ CollectionId: z.string(), LocationName: z.string() }).optional(),
  Failover: wordOf<'PRIMARY' | 'SECONDARY'>().optional(),
  MultiValueAnswer: z.boolean().optional(),
  TTL: z.number().optional(),
  ResourceRecords: z.array(z.strictObject({ Value: z.string() })).optional(),
  AliasTarget: z
    .strictObject({ HostedZoneId: z.string(), DNSName: z.string(), EvaluateTargetHealth: z.boolean() })
    .optional(),
  HealthCheckId: z.string().optional(),
  TrafficPolicyInstanceId: z.string().optional(),
}) satisfies z.ZodType<ResourceRecordSet>;

const alarmIdentifier = z.strictObject({ Region: z.string(), Name: z.string() });

/** Source: API_HealthCheckConfig. */
export const healthCheckConfigShape = z.strictObject({
  Type: wordOf<HealthCheckType>(),
  IPAddress: z.string().optional(),
  Port: z.number().optional(),
  ResourcePath: z.string().optional(),
  FullyQualifiedDomainName: z.string().optional(),
  SearchString: z.string().optional(),
  RequestInterval: z.number().optional(),
  FailureThreshold: z.number().optional(),
  MeasureLatency: z.boolean().optional(),
  Inverted: z.boolean().optional(),
  Disabled: z.boolean().optional(),
  HealthThreshold: z.number().optional(),
  ChildHealthChecks: z.array(z.string()).optional(),
  EnableSNI: z.boolean().optional(),
  Regions: z.array(z.string()).optional(),
  AlarmIdentifier: alarmIdentifier.optional(),
  InsufficientDataHealthStatus: wordOf<'Healthy' | 'Unhealthy' | 'LastKnownStatus'>().optional(),
  RoutingControlArn: z.string().optional(),
}) satisfies z.ZodType<HealthCheckConfig>;

const linkedService = z.strictObject({ ServicePrincipal: z.string().optional(), Description: z.string().optional() });

/** Source: API_HealthCheck, as `ListHealthChecks` returns it. */
export const healthCheckShape = z.strictObject({
  Id: z.string(),
  CallerReference: z.string().optional(),
  LinkedService: linkedService.optional(),
  HealthCheckConfig: healthCheckConfigShape,
  HealthCheckVersion: z.number().optional(),
  CloudWatchAlarmConfiguration: z.record(z.string(), z.unknown()).optional(),
});

/** Source: API_HostedZone, as `GetHostedZone` returns it. */
export const hostedZoneShape = z.strictObject({
  Id: z.string().optional(),
  Name: z.string(),
  CallerReference: z.string().optional(),
  Config: z.strictObject({ Comment: z.string().optional(), PrivateZone: z.boolean().optional() }).optional(),
  ResourceRecordSetCount: z.number().optional(),
  LinkedService: linkedService.optional(),
  Features: z.record(z.string(), z.unknown()).optional(),
});
