import type { Problem } from '../errors.ts';
import { checkerAddressFault } from './checker-address.ts';
import { parseName } from './dns-name.ts';
import {
  ENDPOINT_CHECK_TYPES,
  HEALTH_CHECK_TYPES,
  type HealthCheckConfig,
  type HealthCheckType,
} from './health-check.ts';
import {
  ALARM_REGIONS,
  CHECKER_REGIONS,
  MAX_ALARM_NAME_LENGTH,
  MAX_DOMAIN_NAME_LENGTH,
  MAX_FAILURE_THRESHOLD,
  MAX_HEALTH_THRESHOLD,
  MAX_RESOURCE_PATH_LENGTH,
  MAX_SEARCH_STRING_LENGTH,
  MIN_CHECKER_REGIONS,
  REQUEST_INTERVALS_SECONDS,
} from './route53-limits.ts';

const API = 'API_HealthCheckConfig';
const HTTP_TYPES: readonly HealthCheckType[] = ['HTTP', 'HTTPS', 'HTTP_STR_MATCH', 'HTTPS_STR_MATCH'];
const HTTPS_TYPES: readonly HealthCheckType[] = ['HTTPS', 'HTTPS_STR_MATCH'];
const MATCHING_TYPES: readonly HealthCheckType[] = ['HTTP_STR_MATCH', 'HTTPS_STR_MATCH'];
const CALCULATED: readonly HealthCheckType[] = ['CALCULATED'];
const METRIC: readonly HealthCheckType[] = ['CLOUDWATCH_METRIC'];
const SWITCH: readonly HealthCheckType[] = ['RECOVERY_CONTROL'];

/** Which types a field belongs to; one that belongs to all of them is not listed. */
const TYPES_BY_FIELD: readonly (readonly [field: keyof HealthCheckConfig, types: readonly HealthCheckType[]])[] = [
  ['IPAddress', ENDPOINT_CHECK_TYPES],
  ['Port', ENDPOINT_CHECK_TYPES],
  ['FullyQualifiedDomainName', ENDPOINT_CHECK_TYPES],
  ['ResourcePath', HTTP_TYPES],
  ['SearchString', MATCHING_TYPES],
  ['RequestInterval', ENDPOINT_CHECK_TYPES],
  ['FailureThreshold', ENDPOINT_CHECK_TYPES],
  ['MeasureLatency', ENDPOINT_CHECK_TYPES],
  ['Regions', ENDPOINT_CHECK_TYPES],
  ['EnableSNI', HTTPS_TYPES],
  ['HealthThreshold', CALCULATED],
  ['ChildHealthChecks', CALCULATED],
  ['AlarmIdentifier', METRIC],
  ['InsufficientDataHealthStatus', METRIC],
  ['RoutingControlArn', SWITCH],
];

/** Fields without which a type means nothing. */
const REQUIRED: readonly (readonly [field: keyof HealthCheckConfig, types: readonly HealthCheckType[]])[] = [
  ['SearchString', MATCHING_TYPES],
  ['Port', ['TCP']],
  ['HealthThreshold', CALCULATED],
  ['AlarmIdentifier', METRIC],
  ['RoutingControlArn', SWITCH],
];

const INTEGER_RANGES: readonly (readonly [field: keyof HealthCheckConfig, least: number, most: number])[] = [
  ['Port', 1, 65_535],
  ['FailureThreshold', 1, MAX_FAILURE_THRESHOLD],
  ['HealthThreshold', 0, MAX_HEALTH_THRESHOLD],
];

const TEXT_LENGTHS: readonly (readonly [field: keyof HealthCheckConfig, least: number, most: number])[] = [
  ['SearchString', 1, MAX_SEARCH_STRING_LENGTH],
  ['ResourcePath', 0, MAX_RESOURCE_PATH_LENGTH],
  ['FullyQualifiedDomainName', 1, MAX_DOMAIN_NAME_LENGTH],
  ['RoutingControlArn', 1, 255],
];

/** What Route 53 would refuse about one health check's settings by themselves. Never throws. */
export function validateHealthCheckConfig(config: HealthCheckConfig, path: string): readonly Problem[] {
  if (!HEALTH_CHECK_TYPES.includes(config.Type)) {
    const allowed = HEALTH_CHECK_TYPES.join(', ');
    return [{ path: `${path}.Type`, message: 'the type is unknown', value: config.Type, allowed, source: API }];
  }
  return [
    ...misplacedFields(config, path),
    ...missingFields(config, path),
    ...numbersOutOfRange(config, path),
    ...textsOutOfRange(config, path),
    ...checkEndpoint(config, path),
    ...checkInterval(config, path),
    ...checkRegions(config, path),
    ...checkAlarm(config, path),
  ];
}

function misplacedFields(config: HealthCheckConfig, path: string): readonly Problem[] {
  return TYPES_BY_FIELD.flatMap(([field, types]) => {
    const value = config[field];
    // The API lists a switch that is off for types that have none.
    if (value === undefined || value === false || types.includes(config.Type)) return [];
    const message = `a check of type ${config.Type} has no such field`;
    return [
      { path: `${path}.${field}`, message, value, remedy: `omit it; it belongs to ${types.join(', ')}`, source: API },
    ];
  });
}

function missingFields(config: HealthCheckConfig, path: string): readonly Problem[] {
  return REQUIRED.filter(([field, types]) => types.includes(config.Type) && config[field] === undefined).map(
    ([field]) => ({
      path: `${path}.${field}`,
      message: `a check of type ${config.Type} needs this field`,
      source: API,
    }),
  );
}

function numbersOutOfRange(config: HealthCheckConfig, path: string): readonly Problem[] {
  return INTEGER_RANGES.flatMap(([field, least, most]) => {
    const value = config[field];
    if (typeof value !== 'number' || (Number.isInteger(value) && value >= least && value <= most)) return [];
    const allowed = `an integer from ${least} to ${most}`;
    return [{ path: `${path}.${field}`, message: 'the number is out of range', value, allowed, source: API }];
  });
}

function textsOutOfRange(config: HealthCheckConfig, path: string): readonly Problem[] {
  return TEXT_LENGTHS.flatMap(([field, least, most]) => {
    const value = config[field];
    if (typeof value !== 'string' || (value.length >= least && value.length <= most)) return [];
    const allowed = `${least} to ${most} characters`;
    return [{ path: `${path}.${field}`, message: `the text has ${value.length} characters`, allowed, source: API }];
  });
}

function checkEndpoint(config: HealthCheckConfig, path: string): readonly Problem[] {
  const { Type, IPAddress, FullyQualifiedDomainName: domainName } = config;
  if (!ENDPOINT_CHECK_TYPES.some((type) => type === Type)) return [];
  const problems: Problem[] = [];
  if (IPAddress === undefined && domainName === undefined) {
    problems.push({
      path,
      message: 'the endpoint is missing',
      allowed: 'IPAddress or FullyQualifiedDomainName',
      source: API,
    });
  }
  if (IPAddress !== undefined && Type === 'TCP' && domainName !== undefined) {
    const message = 'a TCP check that has an address has no domain name besides';
    problems.push({
      path: `${path}.FullyQualifiedDomainName`,
      message,
      value: domainName,
      remedy: 'omit one of the two',
    });
  }
  const nameFault = domainName === undefined ? undefined : parseName(domainName).fault;
  if (nameFault !== undefined) {
    const message = `the domain name cannot be read: ${nameFault}`;
    problems.push({ path: `${path}.FullyQualifiedDomainName`, message, value: domainName, source: 'DomainNameFormat' });
  }
  const addressFault = IPAddress === undefined ? undefined : checkerAddressFault(IPAddress);
  if (addressFault !== undefined) {
    problems.push({
      path: `${path}.IPAddress`,
      message: addressFault,
      value: IPAddress,
      allowed: 'a public address',
      source: API,
    });
  }
  return problems;
}

function checkInterval({ RequestInterval: seconds }: HealthCheckConfig, path: string): readonly Problem[] {
  if (seconds === undefined || REQUEST_INTERVALS_SECONDS.includes(seconds)) return [];
  const allowed = `${REQUEST_INTERVALS_SECONDS.join(' or ')} seconds`;
  const message = 'the request interval is not offered';
  return [
    { path: `${path}.RequestInterval`, message, value: seconds, allowed, source: 'health-checks-creating-values' },
  ];
}

function checkRegions({ Regions: regions }: HealthCheckConfig, path: string): readonly Problem[] {
  if (regions === undefined) return [];
  const known: readonly string[] = CHECKER_REGIONS;
  const problems: Problem[] = [];
  if (new Set(regions).size < MIN_CHECKER_REGIONS) {
    const allowed = `at least ${MIN_CHECKER_REGIONS} different ones`;
    problems.push({
      path: `${path}.Regions`,
      message: 'too few checker Regions',
      value: regions,
      allowed,
      source: API,
    });
  }
  for (const [index, region] of regions.entries()) {
    if (known.includes(region)) continue;
    const allowed = known.join(', ');
    problems.push({
      path: `${path}.Regions[${index}]`,
      message: 'no checkers run there',
      value: region,
      allowed,
      source: API,
    });
  }
  return problems;
}

function checkAlarm(config: HealthCheckConfig, path: string): readonly Problem[] {
  const { AlarmIdentifier: alarm, InsufficientDataHealthStatus: status } = config;
  const problems: Problem[] = [];
  if (alarm !== undefined && !ALARM_REGIONS.includes(alarm.Region)) {
    const allowed = ALARM_REGIONS.join(', ');
    problems.push({
      path: `${path}.AlarmIdentifier.Region`,
      message: 'the Region is unknown',
      value: alarm.Region,
      allowed,
      source: 'API_AlarmIdentifier',
    });
  }
  if (alarm !== undefined && (alarm.Name.length < 1 || alarm.Name.length > MAX_ALARM_NAME_LENGTH)) {
    const allowed = `1 to ${MAX_ALARM_NAME_LENGTH} characters`;
    problems.push({
      path: `${path}.AlarmIdentifier.Name`,
      message: `the name has ${alarm.Name.length} characters`,
      allowed,
      source: 'API_AlarmIdentifier',
    });
  }
  if (status !== undefined && !['Healthy', 'Unhealthy', 'LastKnownStatus'].includes(status)) {
    const allowed = 'Healthy, Unhealthy, LastKnownStatus';
    problems.push({
      path: `${path}.InsufficientDataHealthStatus`,
      message: 'the status is unknown',
      value: status,
      allowed,
      source: API,
    });
  }
  return problems;
}
