import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import type { RegionMeter } from '../../../twin/world/load/region-meter.ts';
import type { Timers } from '../real-time.ts';

/** What a Region publishes about itself, and where. */
export interface Publishing {
  readonly config: ResolvedConfig;
  readonly region: string;
  readonly meter: RegionMeter;
  readonly cloudWatch: CloudWatchClient;
  readonly clusterId: string;
  readonly timers: Timers;
  readonly isDark: () => boolean;
  readonly onFailure: (error: unknown) => void;
}

/** A replica that lags by this, milliseconds. */
const LAG_MS = 120;

/** Publishes every full period, as `traffic.periodSeconds` of the config says. */
export function publishEveryPeriod(publishing: Publishing): void {
  const { config, timers, onFailure } = publishing;
  const periodMs = config.traffic.periodSeconds * 1000;
  const period = (nowMs: number): void => {
    const endMs = Math.floor(nowMs / periodMs) * periodMs;
    publish(publishing, endMs - periodMs).catch(onFailure);
    timers.at(endMs + periodMs, period);
  };
  timers.at(Math.ceil(Date.now() / periodMs) * periodMs, period);
}

/** High-resolution metrics, as `traffic.periodSeconds` below a minute asks for; a dark Region publishes nothing. */
async function publish(publishing: Publishing, fromMs: number): Promise<void> {
  const { config, region, meter, cloudWatch, clusterId, isDark } = publishing;
  const reading = meter.take();
  if (isDark()) return;
  const Timestamp = new Date(fromMs);
  const { namespace, requests, errors, connections, latency } = config.traffic;
  const Dimensions = [
    { Name: 'Application', Value: config.application },
    { Name: 'Region', Value: region },
  ];
  const datum = (MetricName: string) => ({ MetricName, Timestamp, Dimensions, StorageResolution: 1 });
  const { milliseconds, counts } = reading.latencies;
  if (reading.requests > 0) {
    const MetricData = [
      { ...datum(requests), Value: reading.requests },
      { ...datum(errors), Value: reading.errors },
      { ...datum(connections), Value: reading.connections },
      { ...datum(latency), Values: [...milliseconds], Counts: [...counts] },
    ];
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
  }
  const lag = {
    MetricName: 'AuroraGlobalDBReplicationLag',
    Value: LAG_MS,
    Timestamp,
    Dimensions: [{ Name: 'DBClusterIdentifier', Value: clusterId }],
  };
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'AWS/RDS', MetricData: [lag] }));
}
