import type { AlarmState } from './alarm-state.ts';

/**
 * The rules of the User Guide's page "Configuring how CloudWatch alarms treat missing data" (alarms-and-missing-data).
 * Pure: a range of periods in, a state out.
 */

/** `PutMetricAlarm`, `TreatMissingData`. */
export const MISSING_DATA_TREATMENTS = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;
/** What a missing datapoint counts as. */
export type MissingDataTreatment = (typeof MISSING_DATA_TREATMENTS)[number];

/**
 * Periods retrieved beyond `EvaluationPeriods`. The page says only that the number depends on the period's length and
 * the metric's resolution; in both of its tables, and in every example of its text, it is 2.
 */
const EXTRA_PERIODS = 2;

/** How many periods one evaluation looks at: the page's evaluation range. */
export function evaluationRange(evaluationPeriods: number): number {
  return evaluationPeriods + EXTRA_PERIODS;
}

/** One period of the range as the rules see it. */
export type PointKind = 'breaching' | 'notBreaching' | 'missing';

/** What the rules need of an alarm. */
export interface MissingDataPolicy {
  /** N: datapoints needed for a verdict. */
  readonly evaluationPeriods: number;
  /** M: breaching datapoints that make an alarm, 1 to N. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: MissingDataTreatment;
}

/** Which rule of the page gave the verdict. */
export type VerdictRule =
  /** The real datapoints alone, or those and the filled ones, decide. */
  | 'threshold'
  /** Fewer than M datapoints, all breaching, the oldest at least M periods old. */
  | 'premature-alarm'
  /** Nothing real to decide on. */
  | 'insufficient-data'
  /** `ignore`: missing data would decide, so the state stays. */
  | 'state-retained';

/** A state and how it came about. */
export interface Verdict {
  readonly state: AlarmState;
  readonly rule: VerdictRule;
  /** Positions in the range of the real datapoints that were evaluated, newest first; at most N. */
  readonly evaluated: readonly number[];
  /** Breaching ones among them. */
  readonly breaching: number;
  /** Datapoints short of N: those the treatment stands in for. */
  readonly filled: number;
}

/**
 * Judges one evaluation range, newest period first. Real datapoints come first and the newest of them count: with at
 * least N the treatment is not looked at. With fewer, all of them count and the treatment fills up to N, which the
 * modes `missing` and `ignore` do by leaving the question open: what the real ones decide stands, else the state is
 * retained (`ignore`), or is ALARM by the premature-alarm rule, or else INSUFFICIENT_DATA (`missing`).
 *
 * Only the page's tables settle that a non-breaching datapoint anywhere in the range rules out a premature alarm
 * (table 2, row "0 - X - -"). They leave open what `missing` makes of breaching datapoints that are too young for it
 * ("- - - - X", "- - - X -"): the page says not ALARM, and its editions from 2018 to early 2020 list INSUFFICIENT_DATA.
 */
export function judgeRange(range: readonly PointKind[], policy: MissingDataPolicy, previous: AlarmState): Verdict {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = policy;
  const evaluated = range.flatMap((kind, age) => (kind === 'missing' ? [] : [age])).slice(0, evaluationPeriods);
  const breaching = evaluated.filter((age) => range[age] === 'breaching').length;
  const filled = evaluationPeriods - evaluated.length;
  const verdict = (state: AlarmState, rule: VerdictRule): Verdict => ({ state, rule, evaluated, breaching, filled });

  if (breaching >= datapointsToAlarm) return verdict('ALARM', 'threshold');
  if (treatMissingData === 'breaching' && breaching + filled >= datapointsToAlarm) return verdict('ALARM', 'threshold');
  const undecided = filled > 0 && breaching === evaluated.length;
  if (!undecided || treatMissingData === 'breaching' || treatMissingData === 'notBreaching') {
    return verdict('OK', 'threshold');
  }
  if (treatMissingData === 'ignore') return verdict(previous, 'state-retained');
  return isOldEnough(evaluated, datapointsToAlarm)
    ? verdict('ALARM', 'premature-alarm')
    : verdict('INSUFFICIENT_DATA', 'insufficient-data');
}

/** The newest period has the age 1. */
function isOldEnough(evaluated: readonly number[], datapointsToAlarm: number): boolean {
  const oldest = evaluated.at(-1);
  return oldest !== undefined && oldest + 1 >= datapointsToAlarm;
}
