import { checksOf } from '../config/accessors.ts';
import type { Check } from '../config/checks.ts';
import { above, type CompiledAlarm } from './definition.ts';
import { named } from './naming.ts';
import { type TrafficMetric, type TrafficSite, whereBusy } from './traffic-metrics.ts';

type MetricCheck = Extract<Check, { kind: 'metric' }>;

/** What the application publishes is summed up by the minute. */
const PERIOD_SECONDS = 60;

/** How each kind of metric check becomes an alarm: on what, over which metrics of a minute, and what to do about it. */
const SHAPES: Readonly<
  Record<MetricCheck['metric'], { value: string; over: readonly TrafficMetric[]; runbook: string }>
> = {
  'error-rate': { value: 'errors / requests', over: ['requests', 'errors'], runbook: 'error-rate' },
  'p95-milliseconds': { value: 'p95', over: ['requests', 'p95'], runbook: 'response-time' },
};

/**
 * An alarm for each metric check of the table, with its limit and its patience, on the Region's own traffic. Each wakes the
 * observer, and tells people unless its check is informational: that one is only watched (row D400). What moves traffic are
 * the observers' verdicts, on the same limits.
 *
 * No data is no verdict: an alarm without it says "insufficient data", neither "ok" nor "in alarm".
 */
export function trafficAlarms(site: TrafficSite): readonly CompiledAlarm[] {
  const { config, region } = site;
  return checksOf(config).flatMap(({ name, check }): readonly CompiledAlarm[] => {
    if (check.kind !== 'metric') return [];
    const { runbook, ...shape } = SHAPES[check.metric];
    const id = trafficAlarmId(name);
    const minutes = patienceMinutes(check);
    const tellsPeople = check.class !== 'informational';
    const quiet = tellsPeople ? '' : '; pages nobody by itself';
    const says = `${check.metric} of ${config.application} in ${region} above ${check.above} for ${minutes} min, at ${config.policy.minimumRequestsPerSecond} request/s or more${quiet}`;
    const definition = {
      ...named(site, { id, says, runbook }),
      Metrics: whereBusy(site, { ...shape, periodSeconds: PERIOD_SECONDS }),
      ...above(check.above, { periods: minutes, missing: 'missing' }),
    };
    return [{ kind: 'metric', id, runbook, tellsPeople, wakesObserver: true, definition }];
  });
}

/** Id of the alarm on a metric check. */
export function trafficAlarmId(check: string): string {
  return `traffic-${check}`;
}

/** The time in which an observer would have seen as many failures as its threshold asks for. */
function patienceMinutes({ intervalSeconds, failureThreshold }: MetricCheck): number {
  return Math.ceil((intervalSeconds * failureThreshold) / PERIOD_SECONDS);
}
