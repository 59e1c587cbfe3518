import type { AlarmState } from '../alarm-state.ts';
import { COMPARISONS } from '../comparison.ts';
import type { Verdict } from '../missing-data.ts';
import type { AlarmEvaluation } from './evaluate-metric-alarm.ts';
import type { MetricAlarm } from './metric-alarm.ts';

/** Names a period of the range by its age, 0 for the newest: `02/10/19 16:59:00` or `60 s ago`. */
export type NamePeriod = (age: number) => string;

/** What there is to explain. */
interface Explained {
  readonly alarm: MetricAlarm;
  readonly evaluation: AlarmEvaluation;
  readonly verdict: Verdict;
  readonly namePeriod: NamePeriod;
}

/** Says in one sentence, in the manner of `StateReason`, how the evaluation came to its state. */
export function explainEvaluation(alarm: MetricAlarm, evaluation: AlarmEvaluation, namePeriod: NamePeriod): string {
  const { verdict, state } = evaluation;
  if (verdict === undefined) {
    return `Unchanged: too few samples for a significant percentile, so the state ${state} is retained.`;
  }
  const explained = { alarm, evaluation, verdict, namePeriod };
  switch (verdict.rule) {
    case 'threshold':
      return `Threshold Crossed: ${thresholdReason(explained)}.`;
    case 'premature-alarm':
      return (
        `Threshold Crossed: ${datapoints(explained)}; ${missing(verdict.filled)}, and the oldest datapoint is at least ` +
        `${plural(alarm.datapointsToAlarm, 'period')} old (premature alarm state).`
      );
    case 'insufficient-data':
      return `Insufficient Data: ${undecided(explained)}.`;
    case 'state-retained':
      return `Unchanged: ${undecided(explained)}; missing data is ignored, so the state ${state} is retained.`;
  }
}

function thresholdReason(explained: Explained): string {
  const { alarm, evaluation, verdict } = explained;
  const parts = [...(verdict.evaluated.length === 0 ? [] : [datapoints(explained)]), ...filledPart(alarm, verdict)];
  return `${parts.join('; ')} (${needed(evaluation.state, alarm)})`;
}

/** What the filled datapoints were taken for; in the modes that leave them open, that they were not needed. */
function filledPart({ treatMissingData }: MetricAlarm, { filled }: Verdict): readonly string[] {
  if (filled === 0) return [];
  if (treatMissingData === 'ignore' || treatMissingData === 'missing') return [`${missing(filled)} and not needed`];
  return [`${missing(filled)} and treated as ${treatMissingData === 'breaching' ? 'breaching' : 'not breaching'}`];
}

/**
 * `2 out of the last 3 datapoints [5.0 (60 s ago), …] were greater than the threshold (1.0)`: those that breach where
 * they made the state or are all there is, else those that do not.
 */
function datapoints({ alarm, evaluation, verdict, namePeriod }: Explained): string {
  const { evaluated, breaching } = verdict;
  const crossed = evaluation.state === 'ALARM' || breaching === evaluated.length;
  const count = crossed ? breaching : evaluated.length - breaching;
  const list = evaluated.map((age) => `${decimal(evaluation.periods[age]?.value ?? 0)} (${namePeriod(age)})`);
  const verb = `${count === 1 ? 'was' : 'were'}${crossed ? '' : ' not'}`;
  const { phrase } = COMPARISONS[alarm.comparison];
  return (
    `${count} out of the last ${plural(evaluated.length, 'datapoint')} [${list.join(', ')}] ${verb} ` +
    `${phrase} the threshold (${decimal(alarm.threshold)})`
  );
}

/** All datapoints there are breach, and they are too few. */
function undecided(explained: Explained): string {
  const { alarm, verdict } = explained;
  if (verdict.evaluated.length === 0) return `${plural(alarm.evaluationPeriods, 'datapoint')} missing`;
  return `${datapoints(explained)}; ${missing(verdict.filled)} and at least ${alarm.datapointsToAlarm} needed`;
}

function needed(state: AlarmState, { datapointsToAlarm, evaluationPeriods }: MetricAlarm): string {
  return state === 'ALARM'
    ? `minimum ${plural(datapointsToAlarm, 'datapoint')} for ALARM`
    : `minimum ${plural(evaluationPeriods - datapointsToAlarm + 1, 'datapoint')} for OK`;
}

function missing(count: number): string {
  return `${plural(count, 'datapoint')} ${count === 1 ? 'was' : 'were'} missing`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Whole numbers with one decimal, as CloudWatch writes them: `50.0`. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
