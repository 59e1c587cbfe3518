import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { counterMetric, regionMetric, unitOf } from '../../core/counters.ts';
import type { Telemetry } from '../../core/ports.ts';
import type { CloudWatchTwin } from '../cloudwatch/cloudwatch-twin.ts';
import { draw, type Random, type RandomStreams } from '../random.ts';
import type { TwinClock } from '../virtual-clock.ts';
import { LATENCIES } from './latencies.ts';
import type { Network } from './network.ts';

/** What the metrics of functions go through. */
export interface TelemetrySettings {
  readonly config: ResolvedConfig;
  readonly clock: TwinClock;
  readonly network: Network;
  readonly random: Random;
  readonly cloudWatchIn: (region: string) => CloudWatchTwin;
}

interface Published {
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * Metrics of functions, each in the CloudWatch of the function's Region: under the moment at which they are told, there a little
 * later, and lost where the Region is dark by then.
 */
export function createTelemetryOf(settings: TelemetrySettings): (region: string, functionName: string) => Telemetry {
  const { config } = settings;
  return (region, functionName) => {
    const count: Telemetry['count'] = (counter, value) =>
      publish(settings, region, { ...counterMetric({ config, region, functionName }), values: { [counter]: value } });
    return {
      count,
      measure: ({ region: subject, values }) => publish(settings, region, { ...regionMetric(config, subject), values }),
      failed: (counter) => count(counter, 1),
      // Nobody in the world reads logs.
      log: () => undefined,
    };
  };
}

function publish(
  { clock, network, random, cloudWatchIn }: TelemetrySettings,
  region: string,
  { namespace, dimensions, values }: Published,
): void {
  const toldAtMs = clock.nowEpochMs();
  const Timestamp = new Date(toldAtMs);
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const MetricData = Object.entries(values).map(([MetricName, Value]) => ({
    MetricName,
    Value,
    Unit: unitOf(MetricName),
    Timestamp,
    Dimensions,
  }));
  clock.queue.at(toldAtMs + draw(LATENCIES.ownMetricArrival.milliseconds, random), () => {
    if (!network.isDark(region)) cloudWatchIn(region).putMetricData({ Namespace: namespace, MetricData });
  });
}

/** An invocation of a function, for Lambda's own metrics. */
export interface Invocation {
  readonly region: string;
  readonly name: string;
  readonly beganAtMs: number;
}

/** What the metrics of Lambda itself go through. */
export type InvocationSettings = Omit<TelemetrySettings, 'random'> & { readonly random: RandomStreams };

/** Counts an invocation that has ended, under the minute in which it began, as Lambda does: monitoring-metrics in its guide. */
export function publishInvocation(world: InvocationSettings, invocation: Invocation): void {
  const { clock, network, random } = world;
  const arrival = draw(LATENCIES.metricArrival.milliseconds, random.stream('invocations'));
  clock.queue.at(clock.nowEpochMs() + arrival, () => {
    if (!network.isDark(invocation.region)) recordInvocation(world, invocation);
  });
}

/** Counts it at once. */
export function recordInvocation(
  { config, cloudWatchIn }: Pick<InvocationSettings, 'config' | 'cloudWatchIn'>,
  { region, name, beganAtMs }: Invocation,
): void {
  const Dimensions = [{ Name: 'FunctionName', Value: names.stepFunction(config, name) }];
  const Timestamp = new Date(beganAtMs);
  const MetricData = [{ MetricName: 'Invocations', Value: 1, Unit: 'Count' as const, Timestamp, Dimensions }];
  cloudWatchIn(region).putMetricData({ Namespace: 'AWS/Lambda', MetricData });
}
