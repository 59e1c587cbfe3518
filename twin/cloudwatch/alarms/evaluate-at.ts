import type { AlarmState } from '../alarm-state.ts';
import type { MetricStore } from '../metrics/metric-store.ts';
import type { NewState } from './alarm-record.ts';
import { type AlarmEvaluation, evaluateMetricAlarm } from './evaluate-metric-alarm.ts';
import { explainEvaluation } from './explain-evaluation.ts';
import { evaluationIntervalSeconds, type MetricAlarm, watchedQuery } from './metric-alarm.ts';
import { eventTimestamp } from './state-change-event.ts';

/** The state by the data, and on demand its reasons: most evaluations change nothing, and nobody reads theirs. */
export interface TimedEvaluation {
  readonly state: AlarmState;
  explained(): NewState;
}

/**
 * Evaluates an alarm on the data of the store as CloudWatch does at that time: over a window that slides with every
 * evaluation, also for periods longer than a minute, and ends with the last whole interval of the alarm (10 s, a minute,
 * for a multi-day alarm the hour).
 *
 * Source: User Guide, page alarm-evaluation.
 */
export function evaluateAt(
  alarm: MetricAlarm,
  store: MetricStore,
  { nowMs, previous }: { readonly nowMs: number; readonly previous: AlarmState },
): TimedEvaluation {
  const endMs = windowEnd(alarm, nowMs);
  const periodMs = alarm.periodSeconds * 1000;
  const evaluation = evaluateMetricAlarm(
    alarm,
    ({ metric, unit }, periods) =>
      store.read({ metric, unit, startMs: endMs - periods * periodMs, periodMs, periods }).toReversed(),
    previous,
  );
  const startOf = (age: number): number => endMs - (age + 1) * periodMs;
  return {
    state: evaluation.state,
    explained: () => ({
      value: evaluation.state,
      reason: explainEvaluation(alarm, evaluation, (age) => reasonTime(startOf(age))),
      reasonData: reasonData(alarm, evaluation, { nowMs, startOf }),
    }),
  };
}

function windowEnd(alarm: MetricAlarm, nowMs: number): number {
  const intervalMs = evaluationIntervalSeconds(alarm) * 1000;
  return Math.floor(nowMs / intervalMs) * intervalMs;
}

/** `02/10/19 16:59:00`: day, month, year. */
function reasonTime(timeMs: number): string {
  const [date = '', time = ''] = new Date(timeMs).toISOString().split('T');
  const [year = '', month, day] = date.split('-');
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}

interface EvaluationTime {
  readonly nowMs: number;
  readonly startOf: (age: number) => number;
}

/** `StateReasonData`: datapoints oldest first, as in the guide's sample events. */
function reasonData(
  alarm: MetricAlarm,
  { verdict, periods }: AlarmEvaluation,
  { nowMs, startOf }: EvaluationTime,
): string {
  const ages = (verdict?.evaluated ?? []).toReversed();
  const oldest = ages.at(0);
  const query = watchedQuery(alarm);
  return JSON.stringify({
    version: '1.0',
    queryDate: eventTimestamp(nowMs),
    ...(oldest === undefined ? {} : { startDate: eventTimestamp(startOf(oldest)) }),
    ...(query?.kind === 'metric' ? { statistic: query.stat } : {}),
    period: alarm.periodSeconds,
    recentDatapoints: ages.map((age) => periods[age]?.value),
    threshold: alarm.threshold,
  });
}
