import * as z from 'zod';
import { type Problem, RefusedInputError } from '../../core/errors.ts';
import { ALARM_STATES, type AlarmState } from './alarm-state.ts';
import { evaluateMetricAlarm, type RangePeriod } from './alarms/evaluate-metric-alarm.ts';
import { explainEvaluation } from './alarms/explain-evaluation.ts';
import { type MetricAlarm, metricsOf } from './alarms/metric-alarm.ts';
import { parseMetricAlarm } from './alarms/parse-metric-alarm.ts';
import { LARGEST_VALUE } from './metrics/parse-metric-data.ts';
import { evaluationRange } from './missing-data.ts';
import { isObject, parseFields } from './parse-fields.ts';
import { addValue, createSampleSet, type SampleSet } from './statistics/sample-set.ts';

const SOURCE = 'docs/cloudwatch-evaluate.md';

const FIXTURE_FIELDS = {
  MetricAlarm: z.unknown(),
  previousState: z.enum(ALARM_STATES).optional(),
  datapoints: z.array(
    z.strictObject({
      secondsAgo: z.number().min(0),
      value: z.number().refine((value) => Math.abs(value) <= LARGEST_VALUE, {
        error: 'is more than CloudWatch takes: from −2^360 to 2^360 (API_MetricDatum, Value)',
      }),
    }),
  ),
} as const;

/** One value of the metric, counted back from the moment of evaluation. */
interface FixtureDatapoint {
  readonly secondsAgo: number;
  readonly value: number;
}

/** An alarm, its data and the state it was in. */
export interface AlarmFixture {
  readonly alarm: MetricAlarm;
  readonly previousState: AlarmState;
  readonly datapoints: readonly FixtureDatapoint[];
}

/** What the alarm does with the data. */
export interface FixtureEvaluation {
  readonly state: AlarmState;
  readonly reason: string;
  /** The whole evaluation range, newest period first; `fromSecondsAgo` is the age of the period's newest moment. */
  readonly periods: readonly {
    readonly fromSecondsAgo: number;
    readonly value: number | null;
    readonly breaching: boolean | null;
  }[];
}

/**
 * Reads a fixture of `switchyard cloudwatch evaluate`; the format is described in docs/cloudwatch-evaluate.md. Without a
 * previous state it is INSUFFICIENT_DATA, that of a new alarm. Throws a RefusedInputError with every problem.
 */
export function parseAlarmFixture(input: unknown, subject: string): AlarmFixture {
  if (!isObject(input))
    throw new RefusedInputError(subject, [{ path: '', message: 'must be an object', source: SOURCE }]);
  const { fields, problems: wrongFields } = parseFields(FIXTURE_FIELDS, input, { path: '', source: SOURCE });
  const parsed = parseMetricAlarm(input['MetricAlarm'], 'MetricAlarm');
  const problems: Problem[] = [...wrongFields];
  if (parsed.kind === 'refused') problems.push(...parsed.problems);
  else problems.push(...severalMetrics(parsed.alarm));
  if (problems.length > 0 || parsed.kind === 'refused') throw new RefusedInputError(subject, problems);
  return {
    alarm: parsed.alarm,
    previousState: fields.previousState ?? 'INSUFFICIENT_DATA',
    datapoints: fields.datapoints ?? [],
  };
}

/** Evaluates the alarm on its datapoints; those older than the evaluation range have no part in it. */
export function evaluateFixture({ alarm, previousState, datapoints }: AlarmFixture): FixtureEvaluation {
  const range = rangeOf(datapoints, alarm);
  const evaluation = evaluateMetricAlarm(alarm, () => range, previousState);
  return {
    state: evaluation.state,
    reason: explainEvaluation(alarm, evaluation, (age) => `${age * alarm.periodSeconds} s ago`),
    periods: evaluation.periods.map(({ value, kind }: RangePeriod, age) => ({
      fromSecondsAgo: age * alarm.periodSeconds,
      value: value ?? null,
      breaching: kind === 'missing' ? null : kind === 'breaching',
    })),
  };
}

/** The newest period holds 0 ≤ secondsAgo < Period, the next the period before it, and so on. */
function rangeOf(datapoints: readonly FixtureDatapoint[], alarm: MetricAlarm): readonly (readonly SampleSet[])[] {
  const periods = Array.from({ length: evaluationRange(alarm.evaluationPeriods) }, createSampleSet);
  for (const { secondsAgo, value } of datapoints) {
    const period = periods[Math.floor(secondsAgo / alarm.periodSeconds)];
    if (period !== undefined) addValue(period, value);
  }
  return periods.map((period) => [period]);
}

function severalMetrics(alarm: MetricAlarm): readonly Problem[] {
  const ids = metricsOf(alarm).map(({ id }) => id);
  if (ids.length === 1) return [];
  return [
    {
      path: 'MetricAlarm.Metrics',
      message: 'the datapoints of a fixture belong to one metric, the alarm reads several',
      value: ids,
      remedy: 'give the alarm one metric, with the datapoints that the expression would give',
      source: SOURCE,
    },
  ];
}
