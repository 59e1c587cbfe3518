import { applicationRegions } from '../../core/config/accessors.ts';
import { HEALTH_COUNTS, healthMetric, OBSERVERS_SILENT, type RegionMeasurement } from '../../core/counters.ts';
import { type Assessment, assess } from '../../core/health/assess.ts';
import type { ObserverReport } from '../../core/health/report.ts';
import { isLastOfMinute } from '../../core/health/rounds.ts';
import { silentObservers } from '../../core/health/silent-observers.ts';
import type { StepContext } from '../../core/ports.ts';

/**
 * Publishes once a minute how every other Region stands and how many observers are silent, as this Region sees it: what its
 * alarms look at. In the last round of the minute, so that a verdict of that minute is there when alarms are next evaluated.
 */
export function publishHealth(
  { config, ports, region }: StepContext<'clock' | 'telemetry'>,
  { round, reports }: { readonly round: number; readonly reports: readonly ObserverReport[] },
): void {
  if (!isLastOfMinute(round)) return;
  const nowEpochMs = ports.clock.nowEpochMs();
  const silent = silentObservers(config, { reports, nowEpochMs });
  ports.telemetry.measure({ region, values: { [OBSERVERS_SILENT]: silent.length } });
  for (const subject of applicationRegions(config)) {
    if (subject === region) continue;
    const measurement = healthMeasurement(assess(config, { subject, reports, nowEpochMs }));
    if (measurement !== undefined) ports.telemetry.measure(measurement);
  }
}

/** An assessment as metrics; undefined where a quorum has no verdict on anything, since silence is not health. */
export function healthMeasurement({ subject, checks }: Assessment): RegionMeasurement | undefined {
  const known = checks.filter(({ status }) => status !== 'unknown');
  if (known.length === 0) return undefined;
  const failed = known.filter(({ status }) => status === 'failed');
  return {
    region: subject,
    values: {
      ...Object.fromEntries(known.map(({ name, status }) => [healthMetric(name), status === 'failed' ? 1 : 0])),
      [HEALTH_COUNTS.total]: known.length,
      [HEALTH_COUNTS.failed]: failed.length,
      [HEALTH_COUNTS.criticalFailed]: failed.filter((check) => check.class === 'critical').length,
    },
  };
}
