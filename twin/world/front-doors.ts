import { fleetOf } from '../../core/config/accessors.ts';
import { type Deployment, names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { HttpAnswer, HttpClient } from '../../core/ports.ts';
import type { HealthCheckConfig } from '../../core/routing/health-check.ts';
import type { ObjectStore } from '../aws/s3.ts';
import { draw, type Random } from '../random.ts';
import type { ProbeObservation } from '../route53/health/probe-verdict.ts';
import type { TwinClock } from '../virtual-clock.ts';
import type { RegionalApplication } from './application.ts';
import { LATENCIES } from './latencies.ts';
import type { Network } from './network.ts';

/** What can be reached over HTTP: the applications' front doors and the guardian buckets. */
export interface FrontDoors {
  /** What a Route 53 checker sees. */
  probe(config: HealthCheckConfig): ProbeObservation;
  /** HTTP as something in a Region has it. */
  httpFrom(region: string): HttpClient;
}

/** What stands behind the doors. */
export interface FrontDoorSettings {
  readonly config: ResolvedConfig;
  readonly deployment: Deployment;
  readonly clock: TwinClock;
  readonly network: Network;
  readonly random: Random;
  readonly applications: ReadonlyMap<string, RegionalApplication>;
  readonly objects: ObjectStore;
}

/** Milliseconds of a checker's connection and answer; far below its limits, so only their absence matters. */
const CHECKER_CONNECT_MS = 40;
const CHECKER_RESPONSE_MS = 60;

/** Opens the doors. */
export function createFrontDoors(settings: FrontDoorSettings): FrontDoors {
  const { applications } = settings;
  const byHost = new Map([...applications.values()].map((application) => [application.host, application]));
  return {
    probe: (config) => {
      const found = answerTo(settings, byHost, config);
      if (found === undefined) return {};
      const { status, body } = found;
      return { connectMs: CHECKER_CONNECT_MS, responseMs: CHECKER_RESPONSE_MS, statusCode: status, bodyMs: 1, body };
    },
    httpFrom: (region) => ({
      get: (url, { timeoutMs }) => {
        const { hostname, pathname, search } = new URL(url);
        return get(settings, { region, timeoutMs, path: `${pathname}${search}`, application: byHost.get(hostname) });
      },
    }),
  };
}

interface Visit {
  readonly region: string;
  readonly timeoutMs: number;
  readonly path: string;
  readonly application: RegionalApplication | undefined;
}

/** The way there is gone with the asking Region's sight; a front door that is down says nothing either. */
async function get({ clock, network, random }: FrontDoorSettings, visit: Visit): Promise<HttpAnswer> {
  const { region, application, timeoutMs, path } = visit;
  if (application === undefined) return { answered: false, reason: 'the host name does not resolve' };
  const latency = application.region === region ? LATENCIES.httpSameRegion : LATENCIES.httpOtherRegion;
  const answers = (): boolean =>
    application.frontDoorUp() && !network.isBlind(region) && network.reachesFrontDoor(region, application.region);
  const travelMs = Math.min(timeoutMs, draw(latency.milliseconds, random));
  const set = answers() && !network.losesProbe();
  await clock.sleep(travelMs);
  if (set && answers()) return { answered: true, ...(await application.answer(path)) };
  await clock.sleep(timeoutMs - travelMs);
  return { answered: false, reason: `no answer within ${timeoutMs} ms` };
}

/** A bucket answers an anonymous reader who may not list it with 403 where there is no object. */
function answerTo(
  { config, deployment, network, objects }: FrontDoorSettings,
  byHost: ReadonlyMap<string, RegionalApplication>,
  { FullyQualifiedDomainName, IPAddress, ResourcePath = '/' }: HealthCheckConfig,
): { readonly status: number; readonly body: string } | undefined {
  const host = FullyQualifiedDomainName ?? IPAddress ?? '';
  const application = byHost.get(host);
  if (application !== undefined) {
    return network.isDark(application.region) || !application.frontDoorUp() ? undefined : application.shallow();
  }
  const found = bucketAt(config, deployment, host);
  if (found === undefined || network.isDark(found.guardian) || network.losesBuckets(found.guardian)) return undefined;
  const object = objects.read(found.bucket, ResourcePath.slice(1));
  return object === undefined
    ? { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }
    : { status: 200, body: object.body };
}

/** The application's buckets, and those of its fleet, which has the same guardians here. */
function bucketAt(
  config: ResolvedConfig,
  deployment: Deployment,
  host: string,
): { readonly guardian: string; readonly bucket: string } | undefined {
  const fleet = fleetOf(config);
  const owners = [config.application, ...(fleet === undefined ? [] : [names.fleetApplication(fleet.name)])];
  const guardians = [...new Set(Object.values(config.evacuation.guardians).flat())];
  return guardians
    .flatMap((guardian) =>
      owners.map((application) => ({ guardian, bucket: names.guardianBucket({ application }, deployment, guardian) })),
    )
    .find(({ guardian, bucket }) => names.bucketHost(bucket, guardian) === host);
}
