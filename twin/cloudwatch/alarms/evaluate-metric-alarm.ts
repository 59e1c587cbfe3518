import type { AlarmState } from '../alarm-state.ts';
import { COMPARISONS } from '../comparison.ts';
import type { Series } from '../metric-math/value.ts';
import { evaluationRange, judgeRange, type PointKind, type Verdict } from '../missing-data.ts';
import { createQueryEvaluator } from '../queries/evaluate-queries.ts';
import type { MetricQuery } from '../queries/metric-query.ts';
import { computeStatistic, sampleCount } from '../statistics/compute-statistic.ts';
import { significantSampleCount } from '../statistics/low-sample-count.ts';
import type { SampleSet } from '../statistics/sample-set.ts';
import { type MetricAlarm, watchedQuery } from './metric-alarm.ts';

/** One period of the evaluation range. */
export interface RangePeriod {
  readonly value?: number;
  readonly kind: PointKind;
}

/** What an alarm makes of its data. */
export interface AlarmEvaluation {
  readonly state: AlarmState;
  /** The whole evaluation range, newest period first. */
  readonly periods: readonly RangePeriod[];
  /** Absent where `EvaluateLowSampleCountPercentile: ignore` kept the state. */
  readonly verdict?: Verdict;
}

/**
 * The samples of a metric in each period of the evaluation range, newest period first, each as the storage buckets that
 * fall into it.
 */
export type ReadRange = (query: MetricQuery, periods: number) => readonly (readonly SampleSet[])[];

/** Evaluates an alarm over one evaluation range. Pure; `previous` matters only where the rules retain the state. */
export function evaluateMetricAlarm(alarm: MetricAlarm, read: ReadRange, previous: AlarmState): AlarmEvaluation {
  const length = evaluationRange(alarm.evaluationPeriods);
  const ranges = new Map<string, readonly (readonly SampleSet[])[]>();
  const evaluator = createQueryEvaluator(alarm.queries, {
    periodCount: () => length,
    read(query) {
      const range = read(query, length);
      ranges.set(query.id, range);
      return range.map((buckets) => computeStatistic(query.statistic, buckets)).reverse();
    },
  });
  const watched = evaluator.resolve(alarm.watchedId);
  const periods = rangePeriods(alarm, watched?.kind === 'series' ? watched.points : []);
  const verdict = judgeRange(
    periods.map(({ kind }) => kind),
    alarm,
    previous,
  );
  const counts = verdict.evaluated.map((age) => sampleCount(ranges.get(alarm.watchedId)?.[age] ?? []));
  return hasTooFewSamples(alarm, counts) ? { state: previous, periods } : { state: verdict.state, periods, verdict };
}

function rangePeriods(alarm: MetricAlarm, oldestFirst: Series): readonly RangePeriod[] {
  const { holds } = COMPARISONS[alarm.comparison];
  return oldestFirst.toReversed().map((value) => {
    if (value === undefined) return { kind: 'missing' };
    return { value, kind: holds(value, alarm.threshold) ? 'breaching' : 'notBreaching' };
  });
}

/**
 * True where an alarm on a percentile asks to ignore it for want of samples: those of the evaluated datapoints together
 * are fewer than the percentile needs. Without any datapoint the missing-data rules have the word.
 */
function hasTooFewSamples(alarm: MetricAlarm, counts: readonly number[]): boolean {
  const query = watchedQuery(alarm);
  if (!alarm.ignoresLowSampleCounts || query?.kind !== 'metric' || counts.length === 0) return false;
  const needed = significantSampleCount(query.statistic);
  return needed !== undefined && counts.reduce((sum, count) => sum + count, 0) < needed;
}
