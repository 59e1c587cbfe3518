/** Name and value of one dimension of a metric. */
export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** What makes a metric the metric it is: namespace, name and the exact set of its dimensions. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

/**
 * A key equal for two metrics exactly when they are the same metric; the order of the dimensions does not matter, every
 * one of them does. Source: User Guide, cloudwatch_concepts, "Dimension combinations".
 */
export function metricKey({ namespace, name, dimensions }: MetricIdentity): string {
  if (dimensions.length === 0) return `${namespace}\n${name}`;
  const parts = dimensions.map(({ Name, Value }) => `${Name}\n${Value}`);
  return [namespace, name, ...parts.sort()].join('\n');
}

/** The metric in words: `Switchyard/failover.duration.seconds {Region=ap-southeast-1}`. */
export function describeMetric({ namespace, name, dimensions }: MetricIdentity): string {
  const list = dimensions.map(({ Name, Value }) => `${Name}=${Value}`).join(', ');
  return list === '' ? `${namespace}/${name}` : `${namespace}/${name} {${list}}`;
}
