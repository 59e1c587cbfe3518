import type { DecisionSight } from './decide-on.ts';
import type { Decision } from './outcome.ts';

/** A verdict with all that it is a function of, so that it can be drawn again: `switchyard decide --replay`. */
export interface DecisionRecord {
  readonly schemaVersion: typeof DECISION_RECORD_VERSION;
  readonly decision: Decision;
  readonly input: DecisionSight;
}

export const DECISION_RECORD_VERSION = 1;

/** The record of a verdict. The evidence of the verdict before is not part of what the next one rests on. */
export function decisionRecord({ config, situation, nowEpochMs }: DecisionSight, decision: Decision): DecisionRecord {
  return { schemaVersion: DECISION_RECORD_VERSION, decision, input: { config, situation, nowEpochMs } };
}

/** A verdict in one line of a log. */
export function summaryOf({ evidence: _, ...decision }: Decision): Readonly<Record<string, unknown>> {
  return decision;
}
