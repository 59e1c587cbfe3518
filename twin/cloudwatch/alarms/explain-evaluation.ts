import type { AlarmState } from '../alarm-state.ts';
import { COMPARISONS } from '../comparison.ts';
import type { Verdict } from '../missing-data.ts';
import type { AlarmEvaluation } from './evaluate-metric-alarm.ts';
import type { MetricAlarm } from './metric-alarm.ts';

/** Names a period of the range by its age, 0 for the newest: `02/10/19 16:59:00` or `60 s ago`. */
export type NamePeriod = (age: number) => string;

const MISSING_TREATED_AS = { breaching: 'breaching', notBreaching: 'not breaching' } as const;

/** Says in one sentence, in the manner of `StateReason`, how the evaluation came to its state. */
export function explainEvaluation(alarm: MetricAlarm, evaluation: AlarmEvaluation, namePeriod: NamePeriod): string {
  const { verdict, state } = evaluation;
  if (verdict === undefined) {
    return `Unchanged: too few samples for a significant percentile, so the state ${state} is retained.`;
  }
  switch (verdict.rule) {
    case 'threshold':
      return `Threshold Crossed: ${thresholdReason(alarm, evaluation, verdict, namePeriod)}.`;
    case 'premature-alarm':
      return (
        `Threshold Crossed: ${datapoints(alarm, evaluation, verdict, namePeriod)}; ${missing(verdict.filled)}, and the ` +
        `oldest datapoint is at least ${plural(alarm.datapointsToAlarm, 'period')} old (premature alarm state).`
      );
    case 'insufficient-data':
      return `Insufficient Data: ${undecided(alarm, evaluation, verdict, namePeriod)}.`;
    case 'state-retained':
      return `Unchanged: ${undecided(alarm, evaluation, verdict, namePeriod)}; missing data is ignored, so the state ${state} is retained.`;
  }
}

function thresholdReason(alarm: MetricAlarm, evaluation: AlarmEvaluation, verdict: Verdict, name: NamePeriod): string {
  const parts = [
    ...(verdict.evaluated.length === 0 ? [] : [datapoints(alarm, evaluation, verdict, name)]),
    ...filledPart(alarm, verdict),
  ];
  return `${parts.join('; ')} (${transition(evaluation.state, alarm)})`;
}

/** What the filled datapoints were taken for; in the modes that leave them open, that they were not needed. */
function filledPart({ treatMissingData }: MetricAlarm, { filled }: Verdict): readonly string[] {
  if (filled === 0) return [];
  if (treatMissingData === 'ignore' || treatMissingData === 'missing') return [`${missing(filled)} and not needed`];
  return [`${missing(filled)} and treated as ${MISSING_TREATED_AS[treatMissingData]}`];
}

/** `2 out of the last 3 datapoints [5.0 (60 s ago), …] were greater than the threshold (1.0)`. */
function datapoints(alarm: MetricAlarm, evaluation: AlarmEvaluation, verdict: Verdict, name: NamePeriod): string {
  const { evaluated, breaching } = verdict;
  const crossed = evaluation.state === 'ALARM' || breaching === evaluated.length;
  const count = crossed ? breaching : evaluated.length - breaching;
  const list = evaluated.map((age) => `${decimal(evaluation.periods[age]?.value ?? 0)} (${name(age)})`).join(', ');
  const verb = `${count === 1 ? 'was' : 'were'}${crossed ? '' : ' not'}`;
  const { phrase } = COMPARISONS[alarm.comparison];
  return (
    `${count} out of the last ${plural(evaluated.length, 'datapoint')} [${list}] ${verb} ` +
    `${phrase} the threshold (${decimal(alarm.threshold)})`
  );
}

function undecided(alarm: MetricAlarm, evaluation: AlarmEvaluation, verdict: Verdict, name: NamePeriod): string {
  if (verdict.evaluated.length === 0) return `${plural(alarm.evaluationPeriods, 'datapoint')} missing`;
  const real = datapoints(alarm, { ...evaluation, state: 'ALARM' }, verdict, name);
  return `${real}; ${missing(verdict.filled)} and at least ${alarm.datapointsToAlarm} needed`;
}

function transition(state: AlarmState, { datapointsToAlarm, evaluationPeriods }: MetricAlarm): string {
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
export function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
