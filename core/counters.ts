import { METRIC_NAMESPACE } from './config/names.ts';
import type { ResolvedConfig } from './config/types.ts';

/** What this project counts about its own work: written by functions, watched by alarms, spelled here alone. */
export const COUNTERS = {
  /** A round in which the coordination table did not answer. */
  coordinationUnreachable: 'observer.coordination.unreachable',
  /** An answer of the coordination table by which a function's clock was off; it goes by the table's from then on. */
  clockSet: 'clock.set',
  /** A round that failed for any other reason. */
  roundFailed: 'observer.round.failed',
  /** A verdict whose machine could not be started, by a refusal or for want of an answer; tried again at the next round. */
  startFailed: 'failover.start.failed',
  /** A verdict for which every name of an execution is used up. */
  startExhausted: 'failover.start.exhausted',
  /** A verdict to keep an eye on a Region, which pages nobody. */
  monitored: 'decision.monitored',
  /** A verdict that could not be kept with what it rests on. */
  decisionNotKept: 'decision.not.kept',
  /** A message to people that was not sent. */
  notificationFailed: 'notification.failed',
} as const;
export type Counter = (typeof COUNTERS)[keyof typeof COUNTERS];

/** What tells a counter of one application, Region and function from another's. */
export interface CounterOwner {
  readonly config: Pick<ResolvedConfig, 'application'>;
  readonly region: string;
  /** Folder of the function under `lambdas/`. */
  readonly functionName: string;
}

/** Name of a function in logs and metrics. */
export function serviceName(functionName: string): string {
  return `switchyard-${functionName}`;
}

/** Where CloudWatch keeps a function's counters. */
export function counterMetric({ config, region, functionName }: CounterOwner): {
  readonly namespace: string;
  readonly dimensions: Readonly<Record<'service' | 'Application' | 'Region', string>>;
} {
  return {
    namespace: METRIC_NAMESPACE,
    dimensions: { service: serviceName(functionName), Application: config.application, Region: region },
  };
}

/** How a Region stands, in one minute: checks that a quorum has a verdict on, those failed, and the critical ones among them. */
export const HEALTH_COUNTS = {
  total: 'health.checks.total',
  failed: 'health.checks.failed',
  criticalFailed: 'health.checks.critical_failed',
} as const;

/** Observers of the config that do not report, as one Region sees it. */
export const OBSERVERS_SILENT = 'observers.silent';

/** Reasons for which a move to a Region would be refused now, since it does not hold what the one that serves does. */
export const PARITY_DIFFERENCES = 'parity.differences';

/** The verdict on one check: 1 failed, 0 passed, nothing while it is unknown. */
export function healthMetric(check: string): string {
  return `health.check.${check}`;
}

/** Values that speak of one Region, whichever function measured them. */
export interface RegionMeasurement {
  /** The Region that they speak of. */
  readonly region: string;
  /** By the name of the metric, which tells the unit. */
  readonly values: Readonly<Record<string, number>>;
}

/** Where CloudWatch keeps what speaks of a Region. */
export function regionMetric(
  { application }: Pick<ResolvedConfig, 'application'>,
  region: string,
): {
  readonly namespace: string;
  readonly dimensions: Readonly<Record<'Application' | 'Region', string>>;
} {
  return { namespace: METRIC_NAMESPACE, dimensions: { Application: application, Region: region } };
}

/**
 * The unit of a metric of this project, which its name tells; CloudWatch knows none for hours.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
 */
export function unitOf(metric: string): 'Count' | 'Seconds' | 'None' {
  if (/\.(seconds|actual)$/.test(metric)) return 'Seconds';
  return metric.endsWith('.hours') ? 'None' : 'Count';
}
