import type { Problem } from '../../../core/errors.ts';
import type { AlarmState } from '../alarm-state.ts';
import { describeMetric } from '../metrics/metric-identity.ts';
import type { MetricStore } from '../metrics/metric-store.ts';
import type { AlarmRecord } from './alarm-record.ts';
import { evaluateAt } from './evaluate-at.ts';
import { type MetricAlarm, metricsOf } from './metric-alarm.ts';

/**
 * The data stream of an alarm, which a Route 53 health check reads instead of the alarm's state: SetAlarmState does not
 * show in it, nor does a change of the alarm after the stream was opened (the health check has to be updated for that).
 *
 * Source: Route 53 Developer Guide, pages health-checks-types and dns-failover-determining-health-of-endpoints.
 */
export type AlarmDataStream =
  | {
      readonly kind: 'open';
      /**
       * What the data says at that time by the alarm's criteria. INSUFFICIENT_DATA where it does not say enough, also
       * for an alarm that would then retain its state: the stream has none.
       */
      read(nowMs: number): AlarmState;
    }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

const SOURCE = 'Route 53 Developer Guide, health-checks-types';

/** Opens the stream of an alarm of the registry; undefined stands for a name that no alarm has. */
export function openDataStreamOf(
  record: AlarmRecord | undefined,
  store: MetricStore,
  accountId: string,
): AlarmDataStream {
  if (record?.kind === 'metric') return openDataStream(record.alarm, store, accountId);
  const message = record === undefined ? 'no alarm has this name' : 'a composite alarm has no data stream';
  return { kind: 'refused', problems: [{ path: 'AlarmName', message, value: record?.name, source: SOURCE }] };
}

/** Opens the stream of an alarm, or says everything for which Route 53 does not support it. */
export function openDataStream(alarm: MetricAlarm, store: MetricStore, accountId: string): AlarmDataStream {
  const problems = unsupportedByRoute53(alarm, store, accountId);
  if (problems.length > 0) return { kind: 'refused', problems };
  return { kind: 'open', read: (nowMs) => evaluateAt(alarm, store, { nowMs, previous: 'INSUFFICIENT_DATA' }).state };
}

function unsupportedByRoute53(alarm: MetricAlarm, store: MetricStore, accountId: string): readonly Problem[] {
  const metrics = metricsOf(alarm);
  const problems: Problem[] = [];
  const refuse = (path: string, message: string, value: unknown): void => {
    problems.push({ path, message, value, remedy: 'give the health check an alarm of its own', source: SOURCE });
  };
  if (alarm.datapointsToAlarm !== alarm.evaluationPeriods) {
    const found = `${alarm.datapointsToAlarm} of ${alarm.evaluationPeriods}`;
    refuse('DatapointsToAlarm', 'Route 53 does not support "M out of N" alarms', found);
  }
  if (alarm.periodSeconds < 60) {
    refuse('Period', 'Route 53 does not support high-resolution alarms', alarm.periodSeconds);
  }
  if (metrics.length > 1) {
    refuse('Metrics', 'Route 53 does not support metric math over several metrics', metrics.length);
  }
  for (const { metric, statistic, stat, accountId: owner = accountId } of metrics) {
    if (statistic.kind !== 'simple') refuse('ExtendedStatistic', 'Route 53 does not support extended statistics', stat);
    if (owner !== accountId) refuse('AccountId', 'Route 53 supports alarms on metrics of the same account only', owner);
    if (store.isHighResolution(metric)) {
      refuse('MetricName', 'Route 53 does not support high-resolution metrics', describeMetric(metric));
    }
  }
  return problems;
}
