import { applicationRegions, memberCluster } from '../../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { recordTypeOf } from '../../../core/routing/compile/weighted-group.ts';
import type { CloudWatchTwin } from '../../cloudwatch/cloudwatch-twin.ts';
import { UNKNOWN_CLIENT } from '../../route53/answering/dns-client.ts';
import type { Route53 } from '../../route53/route53.ts';
import type { WorldQueue } from '../../world-queue.ts';
import { createDestinations } from '../destinations.ts';
import { DNS_LOCATIONS } from '../dns.ts';
import type { GlobalDatabase } from '../global-database.ts';
import type { Network } from '../network.ts';

const MINUTE_MS = 60_000;
/** What a member without clients of its own is asked, and how it answers: a quiet application (assumed). */
const QUIET = { requestsPerSecond: 150, connectionsPerSecond: 20, latencyMs: 90 } as const;

/** Whose metrics, and where they go. */
export interface MemberPublishing {
  readonly members: readonly { readonly config: ResolvedConfig; readonly database: GlobalDatabase }[];
  readonly network: Network;
  readonly route53: Route53;
  readonly queue: WorldQueue;
  readonly startMs: number;
  readonly cloudWatchIn: (region: string) => CloudWatchTwin;
}

/** Publishes every full minute what the members' Regions replicate, and the traffic where each member's name leads to. */
export function startPublishingMembers(settings: MemberPublishing): void {
  const minute = (atMs: number): void => {
    for (const member of settings.members) {
      publishLag(settings, member, atMs);
      publishTraffic(settings, member.config, atMs);
    }
    settings.queue.at(atMs + MINUTE_MS, minute);
  };
  settings.queue.at(Math.ceil(settings.startMs / MINUTE_MS) * MINUTE_MS, minute);
}

function publishLag(
  { network, cloudWatchIn }: MemberPublishing,
  { config, database }: MemberPublishing['members'][number],
  atMs: number,
): void {
  const { data } = config;
  if (data.adapter !== 'aurora-global') return;
  for (const region of applicationRegions(config)) {
    const lagMs = database.lagInto(region);
    if (lagMs === undefined || network.isDark(region)) continue;
    const Dimensions = [{ Name: 'DBClusterIdentifier', Value: memberCluster(data, region) }];
    const common = { MetricName: 'AuroraGlobalDBReplicationLag', Unit: 'Milliseconds' as const, Dimensions };
    const MetricData = [{ ...common, Value: lagMs, Timestamp: new Date(atMs - MINUTE_MS) }];
    cloudWatchIn(region).putMetricData({ Namespace: 'AWS/RDS', MetricData });
  }
}

function publishTraffic(
  { network, route53, cloudWatchIn }: MemberPublishing,
  config: ResolvedConfig,
  atMs: number,
): void {
  const question = { name: config.record, type: recordTypeOf(config) };
  const { values } = route53.answer({
    location: DNS_LOCATIONS[0] ?? '',
    question,
    client: UNKNOWN_CLIENT,
    nowMs: atMs,
  });
  const region = createDestinations(config)(values[0]?.value);
  if (!applicationRegions(config).includes(region) || network.isDark(region)) return;
  const { namespace, requests, errors, connections, latency } = config.traffic;
  const Dimensions = [
    { Name: 'Application', Value: config.application },
    { Name: 'Region', Value: region },
  ];
  const datum = (MetricName: string, Value: number) => ({
    ...{ MetricName, Value, Dimensions },
    Timestamp: new Date(atMs - MINUTE_MS),
  });
  const MetricData = [
    datum(requests, QUIET.requestsPerSecond * 60),
    datum(connections, QUIET.connectionsPerSecond * 60),
    datum(errors, 0),
    datum(latency, QUIET.latencyMs),
  ];
  cloudWatchIn(region).putMetricData({ Namespace: namespace, MetricData });
}
