import type { ResolvedConfig } from '../../core/config/types.ts';
import { type Copy, replicationMetric } from '../../core/operation/replication-metric.ts';
import type { CloudWatchTwin } from '../cloudwatch/cloudwatch-twin.ts';
import { draw, type Random } from '../random.ts';
import type { WorldQueue } from '../world-queue.ts';
import type { RegionalApplication } from './application.ts';
import type { GlobalDatabase } from './global-database.ts';
import { LATENCIES } from './latencies.ts';
import type { MeterReading, RegionMeter } from './load/region-meter.ts';
import { falsifiedPeriod, type PublishedPeriod } from './metric-lies.ts';
import type { Network } from './network.ts';

const MINUTE_MS = 60_000;
/** Health check metrics exist in one Region only: monitoring-health-checks in the Route 53 Developer Guide. */
export const HEALTH_CHECK_METRICS_REGION = 'us-east-1';

/** Different values of one datum: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html (Values) */
const MOST_VALUES = 150;

/** What is published once a minute. */
export interface PublishingSettings {
  readonly config: ResolvedConfig;
  readonly queue: WorldQueue;
  readonly random: Random;
  readonly startMs: number;
  readonly network: Network;
  readonly cloudWatchIn: (region: string) => CloudWatchTwin;
  readonly applications: ReadonlyMap<string, RegionalApplication>;
  readonly meters: ReadonlyMap<string, RegionMeter>;
  readonly database: GlobalDatabase | undefined;
  readonly healthChecks: () => readonly { readonly id: string; readonly healthy: boolean }[];
}

/** Publishes every full period traffic and replication lag in their Regions, every full minute health checks in us-east-1. */
export function startPublishing(settings: PublishingSettings): void {
  const { queue, random, startMs } = settings;
  const { periodSeconds } = settings.config.traffic;
  const periodMs = periodSeconds * 1000;
  const period = (atMs: number): void => {
    for (const region of settings.config.regions) publishRegion(settings, { region: region.id, atMs, periodMs });
    queue.at(atMs + periodMs, period);
  };
  queue.at(Math.ceil(startMs / periodMs) * periodMs + periodMs, period);
  const minute = (atMs: number): void => {
    const checks = settings.healthChecks();
    queue.at(atMs + draw(LATENCIES.metricArrival.milliseconds, random), () =>
      publishChecks(settings, { atMs, checks }),
    );
    queue.at(atMs + MINUTE_MS, minute);
  };
  queue.at(Math.ceil(startMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS, minute);
}

/** A Region that is dark when its minute arrives publishes nothing of it. */
function publishRegion(
  settings: PublishingSettings,
  { region, atMs, periodMs }: { region: string; atMs: number; periodMs: number },
): void {
  const { queue, random, network, applications, meters, database } = settings;
  const reading = meters.get(region)?.take();
  const lagMs = database?.lagInto(region);
  const source = database?.writer() ?? '';
  const beganAtMs = atMs - periodMs;
  queue.at(atMs + draw(LATENCIES.metricArrival.milliseconds, random), () => {
    if (network.isDark(region)) return;
    publishCache(settings, region, new Date(beganAtMs));
    // As applications do that count what they are asked: nobody asks, nothing is published.
    if (reading !== undefined && reading.requests > 0) {
      const lie = applications.get(region)?.metricsLie;
      publishTraffic(settings, region, falsifiedPeriod({ reading, atMs: beganAtMs }, lie));
    }
    if (lagMs !== undefined)
      publishLag(settings, { copy: { source, target: region }, lagMs, Timestamp: new Date(beganAtMs) });
  });
}

function publishTraffic(
  { config, cloudWatchIn }: PublishingSettings,
  region: string,
  { reading, atMs }: PublishedPeriod,
): void {
  const { namespace, requests, errors, connections, latency, retries } = config.traffic;
  const Timestamp = new Date(atMs);
  const Dimensions = [
    { Name: 'Application', Value: config.application },
    { Name: 'Region', Value: region },
  ];
  const datum = (MetricName: string, Value: number) => ({ MetricName, Value, Timestamp, Dimensions });
  const latencies = inParts(reading.latencies).map(({ milliseconds, counts }) => ({
    MetricName: latency,
    Timestamp,
    Dimensions,
    Values: [...milliseconds],
    Counts: [...counts],
  }));
  const MetricData = [
    datum(requests, reading.requests),
    datum(errors, reading.errors),
    datum(connections, reading.connections),
    ...(retries === undefined ? [] : [datum(retries, reading.retries)]),
    ...latencies,
  ];
  cloudWatchIn(region).putMetricData({ Namespace: namespace, MetricData });
}

/** Whether anybody asks or not: a warmer does. */
function publishCache(
  { config, cloudWatchIn, applications }: PublishingSettings,
  region: string,
  Timestamp: Date,
): void {
  const { namespace, cacheHits } = config.traffic;
  const Value = applications.get(region)?.cacheHitPercent;
  if (cacheHits === undefined || Value === undefined) return;
  const Dimensions = [
    { Name: 'Application', Value: config.application },
    { Name: 'Region', Value: region },
  ];
  cloudWatchIn(region).putMetricData({
    Namespace: namespace,
    MetricData: [{ MetricName: cacheHits, Value, Timestamp, Dimensions }],
  });
}

function inParts({ milliseconds, counts }: MeterReading['latencies']): readonly MeterReading['latencies'][] {
  const parts = Math.ceil(milliseconds.length / MOST_VALUES);
  return Array.from({ length: parts }, (_, part) => {
    const from = part * MOST_VALUES;
    return {
      milliseconds: milliseconds.slice(from, from + MOST_VALUES),
      counts: counts.slice(from, from + MOST_VALUES),
    };
  });
}

/** By whoever publishes it: the copy, or the table that was written to. */
function publishLag(
  { config, cloudWatchIn, network }: PublishingSettings,
  { copy, lagMs, Timestamp }: { copy: Copy; lagMs: number; Timestamp: Date },
): void {
  const lag = replicationMetric(config.data, copy);
  if (lag === undefined || network.isDark(lag.region)) return;
  const Dimensions = Object.entries(lag.dimensions).map(([Name, Value]) => ({ Name, Value }));
  const [Value, Unit] =
    lag.perSecond === 1 ? [Math.floor(lagMs / 1000), 'Seconds' as const] : [lagMs, 'Milliseconds' as const];
  const MetricData = [{ MetricName: lag.metric, Value, Unit, Timestamp, Dimensions }];
  cloudWatchIn(lag.region).putMetricData({ Namespace: lag.namespace, MetricData });
}

function publishChecks(
  { cloudWatchIn, network }: PublishingSettings,
  { atMs, checks }: { atMs: number; checks: readonly { readonly id: string; readonly healthy: boolean }[] },
): void {
  if (network.controlPlanesFail()) return;
  const MetricData = checks.map(({ id, healthy }) => ({
    MetricName: 'HealthCheckStatus',
    Value: healthy ? 1 : 0,
    Timestamp: new Date(atMs - MINUTE_MS),
    Dimensions: [{ Name: 'HealthCheckId', Value: id }],
  }));
  cloudWatchIn(HEALTH_CHECK_METRICS_REGION).putMetricData({ Namespace: 'AWS/Route53', MetricData });
}
