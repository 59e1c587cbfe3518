import { fleetOf, guardiansOf, traitsOf } from '../../config/accessors.ts';
import { FRONT_DOOR_CHECK } from '../../config/checks.ts';
import { parseEndpoint, requestPath } from '../../config/endpoint.ts';
import { type Deployment, names } from '../../config/names.ts';
import { probesEndpoints } from '../../config/preset.ts';
import type { RegionConfig, ResolvedConfig } from '../../config/types.ts';
import type { ResolvedFleet } from '../../fleet/fleet-types.ts';
import type { HealthCheckConfig } from '../health-check.ts';
import type { TreeHealthCheck } from '../record-tree.ts';

/** Seconds between two requests of one checker; 10 is the fast interval: API_HealthCheckConfig, RequestInterval. */
export const SWITCH_INTERVAL_SECONDS = 10;
/** The switch is a decision already taken: one observation of it is enough. */
export const SWITCH_FAILURE_THRESHOLD = 1;
/** How long until a switch that was set, or taken back, is seen by every checker, seconds. */
export interface SwitchTimes {
  readonly seenAfterSeconds: number;
  readonly because: string;
}

/**
 * When Route 53 sees a switch. It reads an alarm's metric of standard resolution: a datum counts in its minute, and comes
 * within another (assumed); a routing control shows within an interval (assumed).
 */
export function switchTimes({ evacuation }: Pick<ResolvedConfig, 'evacuation'>): SwitchTimes {
  if (evacuation.kind === 'cloudwatch') return { seenAfterSeconds: 60, because: 'a period of 60 s of its alarm' };
  const seenAfterSeconds = SWITCH_INTERVAL_SECONDS * SWITCH_FAILURE_THRESHOLD;
  return { seenAfterSeconds, because: `interval ${SWITCH_INTERVAL_SECONDS} s × ${SWITCH_FAILURE_THRESHOLD}` };
}

/** Every checker looks at a switch once an interval; after two of them all have seen it open, seconds. */
export function switchSettleSeconds(config: Pick<ResolvedConfig, 'evacuation'>): number {
  return 2 * switchTimes(config).seenAfterSeconds;
}
/** Endpoint checks look at something that can blip: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html */
export const ENDPOINT_INTERVAL_SECONDS = 10;
export const ENDPOINT_FAILURE_THRESHOLD = 3;

/** Names of the tree's health checks. */
export const checkNames = {
  evacuationSwitch: (region: string, guardian: string): string => `switch-${region}-${guardian}`,
  endpoint: (region: string): string => `endpoint-${region}`,
  routingControl: (region: string): string => `switch-${region}-control`,
  serving: (region: string): string => `serving-${region}`,
  /** A fleet's check is named by its place among the guardians, which its members need not know. */
  fleetSwitch: (region: string, position: FleetSwitchPosition): string => `fleet-${region}-${position}`,
  anyEndpoint: 'any-endpoint',
} as const;

/** The two checks of a fleet's switch. */
export const FLEET_SWITCHES = [1, 2] as const;
export type FleetSwitchPosition = (typeof FLEET_SWITCHES)[number];

/** The check that gates a Region's records. */
export function servingCheckName(config: ResolvedConfig, region: string): string {
  return traitsOf(config).orchestrated ? checkNames.serving(region) : checkNames.endpoint(region);
}

/** Every health check that the records need. */
export function healthChecksOf(config: ResolvedConfig, deployment: Deployment): readonly TreeHealthCheck[] {
  const { orchestrated } = traitsOf(config);
  return [
    ...(orchestrated ? config.regions.flatMap((region) => switchChecks(config, deployment, region)) : []),
    ...(probesEndpoints(config) ? config.regions.map((region) => endpointCheck(config, region)) : []),
    ...(orchestrated ? config.regions.map((region) => servingCheck(config, region)) : []),
    ...(config.lastResort === undefined ? [] : [anyEndpointCheck(config)]),
  ];
}

/**
 * One check per guardian: its word there means "leave", its silence and a lost guardian mean nothing. An object is looked
 * for by an inverted check; an alarm keeps its last status without data. A routing control needs no guardian.
 */
function switchChecks(
  config: ResolvedConfig,
  deployment: Deployment,
  { id }: RegionConfig,
): readonly TreeHealthCheck[] {
  const { kind, routingControls } = config.evacuation;
  if (kind === 'arc') {
    const arn = routingControls?.controls[id] ?? '';
    return [{ id: checkNames.routingControl(id), config: { Type: 'RECOVERY_CONTROL', RoutingControlArn: arn } }];
  }
  return guardiansOf(config, id).map((guardian) => ({
    id: checkNames.evacuationSwitch(id, guardian),
    config:
      kind === 'cloudwatch'
        ? alarmCheck(config, id, guardian)
        : objectCheck({
            host: names.bucketHost(names.guardianBucket(config, deployment, guardian), guardian),
            key: names.evacuationKey(config, id),
            marker: names.evacuationMarker(config, id),
          }),
  }));
}

/** Names of the checks of a Region's own switch. */
export function ownSwitches(config: ResolvedConfig, region: string): readonly string[] {
  return config.evacuation.kind === 'arc'
    ? [checkNames.routingControl(region)]
    : guardiansOf(config, region).map((guardian) => checkNames.evacuationSwitch(region, guardian));
}

function alarmCheck(config: ResolvedConfig, ward: string, guardian: string): HealthCheckConfig {
  return {
    Type: 'CLOUDWATCH_METRIC',
    AlarmIdentifier: { Region: guardian, Name: names.switchAlarm(config, ward) },
    InsufficientDataHealthStatus: 'LastKnownStatus',
  };
}

/** The checks of a fleet's switches, two for each Region, whatever the number of members. */
export function fleetHealthChecks(
  fleet: Pick<ResolvedFleet, 'fleet' | 'regions' | 'evacuation'>,
  deployment: Deployment,
): readonly TreeHealthCheck[] {
  const application = names.fleetApplication(fleet.fleet);
  return fleet.regions.flatMap((region) =>
    guardiansOf(fleet, region).map((guardian, index) => ({
      id: checkNames.fleetSwitch(region, index === 0 ? 1 : 2),
      config: objectCheck({
        host: names.bucketHost(names.guardianBucket({ application }, deployment, guardian), guardian),
        key: names.fleetKey(region),
        marker: names.fleetMarker(fleet.fleet, region),
      }),
    })),
  );
}

/** A guardian's object, looked for by its marker. */
function objectCheck({
  host,
  key,
  marker,
}: {
  readonly host: string;
  readonly key: string;
  readonly marker: string;
}): HealthCheckConfig {
  return {
    Type: 'HTTPS_STR_MATCH',
    FullyQualifiedDomainName: host,
    Port: 443,
    ResourcePath: `/${key}`,
    SearchString: marker,
    RequestInterval: SWITCH_INTERVAL_SECONDS,
    FailureThreshold: SWITCH_FAILURE_THRESHOLD,
    Inverted: true,
    EnableSNI: true,
  };
}

/** Shallow on purpose: a deep check here would let DNS leave for a reason that another Region may share. */
function endpointCheck(config: ResolvedConfig, { id, endpoint }: RegionConfig): TreeHealthCheck {
  const { protocol, host, port, target } = parseEndpoint(endpoint);
  const where: Pick<HealthCheckConfig, 'IPAddress' | 'FullyQualifiedDomainName'> =
    target.kind === 'address' ? { IPAddress: target.address } : { FullyQualifiedDomainName: host };
  return {
    id: checkNames.endpoint(id),
    config: {
      Type: protocol === 'https' ? 'HTTPS' : 'HTTP',
      ...where,
      Port: port,
      ResourcePath: requestPath(frontDoorPath(config)),
      RequestInterval: ENDPOINT_INTERVAL_SECONDS,
      FailureThreshold: ENDPOINT_FAILURE_THRESHOLD,
      ...(protocol === 'https' ? { EnableSNI: true } : {}),
    },
  };
}

/** Healthy while every child is: either guardian's object alone takes the Region out, the application's or the fleet's. */
function servingCheck(config: ResolvedConfig, { id }: RegionConfig): TreeHealthCheck {
  const fleet =
    fleetOf(config) === undefined ? [] : FLEET_SWITCHES.map((position) => checkNames.fleetSwitch(id, position));
  const switches = [...ownSwitches(config, id), ...fleet];
  const children = traitsOf(config).leavesBySwitchOnly ? switches : [...switches, checkNames.endpoint(id)];
  return {
    id: checkNames.serving(id),
    config: { Type: 'CALCULATED', HealthThreshold: children.length, ChildHealthChecks: children },
  };
}

/** While any Region's front door answers, the last resort stays away. */
function anyEndpointCheck(config: ResolvedConfig): TreeHealthCheck {
  return {
    id: checkNames.anyEndpoint,
    config: {
      Type: 'CALCULATED',
      HealthThreshold: 1,
      ChildHealthChecks: config.regions.map(({ id }) => checkNames.endpoint(id)),
    },
  };
}

function frontDoorPath({ checks }: ResolvedConfig): string {
  const frontDoor = checks[FRONT_DOOR_CHECK];
  return frontDoor !== undefined && frontDoor !== false && frontDoor.kind === 'http' ? frontDoor.path : '/';
}
