/**
 * The numbers that Route 53 holds a request to. API: the API model of 2013-04-01; DNSLimitations, ResourceRecordTypes:
 * pages of the Developer Guide.
 */

/** `Weight` (API_ResourceRecordSet). */
export const MAX_WEIGHT = 255;
/** `TTL` in seconds (API_ResourceRecordSet). */
export const MAX_TTL_SECONDS = 2_147_483_647;
/** Characters of a `SetIdentifier`, at least 1 (API_ResourceRecordSet). */
export const MAX_SET_IDENTIFIER_LENGTH = 128;
/** Characters of a `HealthCheckId` (API_ResourceRecordSet). */
export const MAX_HEALTH_CHECK_ID_LENGTH = 64;
/** Characters of one `Value` (API_ResourceRecord). */
export const MAX_VALUE_LENGTH = 4_000;
/** Values in one record set (DNSLimitations, "Values in a record"). */
export const MAX_VALUES_PER_RECORD_SET = 400;
/** Characters of one quoted string of a TXT or SPF value (ResourceRecordTypes). */
export const MAX_CHARACTER_STRING_LENGTH = 255;
/** Weighted, latency, geolocation, multivalue and CIDR record sets of one name and type (DNSLimitations). */
export const MAX_GROUP_SIZE = 100;
/** Geoproximity record sets of one name and type (DNSLimitations). */
export const MAX_GEOPROXIMITY_GROUP_SIZE = 30;
/** Record sets of one hosted zone, by default (DNSLimitations). */
export const MAX_RECORD_SETS_PER_ZONE = 10_000;
/** `ResourceRecord` elements of one change batch; those of an UPSERT count twice (DNSLimitations). */
export const MAX_RECORDS_PER_BATCH = 1_000;
/** Characters of all `Value` elements of one change batch; those of an UPSERT count twice (DNSLimitations). */
export const MAX_VALUE_CHARACTERS_PER_BATCH = 32_000;

/** `RequestInterval` in seconds (DeveloperGuide health-checks-creating-values). */
export const REQUEST_INTERVALS_SECONDS: readonly number[] = [10, 30];
/** Seconds where `RequestInterval` is left out (API_HealthCheckConfig). */
export const DEFAULT_REQUEST_INTERVAL_SECONDS = 30;
/** `FailureThreshold` in consecutive observations (API_HealthCheckConfig). */
export const MAX_FAILURE_THRESHOLD = 10;
/** Observations where `FailureThreshold` is left out (API_HealthCheckConfig). */
export const DEFAULT_FAILURE_THRESHOLD = 3;
/** Children of a calculated check: the quota is 255, though the API model admits 256 (DNSLimitations). */
export const MAX_CHILD_HEALTH_CHECKS = 255;
/** `HealthThreshold` (API_HealthCheckConfig). */
export const MAX_HEALTH_THRESHOLD = 256;
/** Characters of `SearchString` (API_HealthCheckConfig). */
export const MAX_SEARCH_STRING_LENGTH = 255;
/** Characters of `ResourcePath` (API_HealthCheckConfig). */
export const MAX_RESOURCE_PATH_LENGTH = 255;
/** Characters of `FullyQualifiedDomainName` (API_HealthCheckConfig). */
export const MAX_DOMAIN_NAME_LENGTH = 255;
/** Characters of an alarm's name (API_AlarmIdentifier). */
export const MAX_ALARM_NAME_LENGTH = 256;
/** Checker Regions that a check must use at least (API_HealthCheckConfig, `Regions`). */
export const MIN_CHECKER_REGIONS = 3;
/** Seconds that a checker gives an HTTP(S) endpoint to connect (DeveloperGuide dns-failover-determining-health-of-endpoints). */
export const CHECKER_CONNECT_SECONDS = 4;
/** Seconds that it then gives it to answer with a status code (the same page). */
export const CHECKER_RESPONSE_SECONDS = 2;
/** Active health checks of one account, by default (DNSLimitations). */
export const MAX_HEALTH_CHECKS_PER_ACCOUNT = 200;

/** The Regions that health checkers run in (API_HealthCheckConfig, `Regions`). */
export const CHECKER_REGIONS = [
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'eu-west-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'sa-east-1',
] as const;
/** One of `CHECKER_REGIONS`. */
export type CheckerRegion = (typeof CHECKER_REGIONS)[number];

/** The Regions that a latency record set may name (API_ResourceRecordSet, `Region`). */
export const LATENCY_REGIONS: readonly string[] = (
  'us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1 ca-central-1 ca-west-1 mx-central-1 sa-east-1 ' +
  'eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 eusc-de-east-1 ' +
  'af-south-1 il-central-1 me-central-1 me-south-1 cn-north-1 cn-northwest-1 ap-east-1 ap-east-2 ap-northeast-1 ' +
  'ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ' +
  'ap-southeast-5 ap-southeast-6 ap-southeast-7'
).split(' ');

/** The Regions that a health check's alarm may live in (API_AlarmIdentifier, `Region`). */
export const ALARM_REGIONS: readonly string[] = [
  ...LATENCY_REGIONS,
  'us-iso-east-1',
  'us-iso-west-1',
  'us-isob-east-1',
  'us-isob-west-1',
  'us-isof-east-1',
  'us-isof-south-1',
  'eu-isoe-west-1',
];

/** Whether a number is an integer within a range, both ends included. */
export function isIntegerIn(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
