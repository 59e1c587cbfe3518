import { observersOf } from '../config/accessors.ts';
import type { DecisionSight } from './decide-on.ts';
import type { Decision, PastDecision } from './outcome.ts';
import type { PastSituation } from './situation.ts';

/** A verdict with all that it is a function of, so that it can be drawn again: `switchyard decide --replay`. */
export interface DecisionRecord {
  readonly schemaVersion: typeof DECISION_RECORD_VERSION;
  /** What was decided; the evidence is drawn from the input again. */
  readonly decision: PastDecision;
  readonly input: {
    /** The config as text: a table gives the keys of a map back in its own order, and the order of the checks is told in reasons. */
    readonly config: string;
    readonly situation: PastSituation;
    readonly nowEpochMs: number;
  };
}

export const DECISION_RECORD_VERSION = 1;

/** The record of a verdict, without what does not bear on it: an item of the table may hold 400 KB. */
export function decisionRecord({ config, situation, nowEpochMs }: DecisionSight, decision: Decision): DecisionRecord {
  const { state, reports, decision: before } = situation;
  const observers = observersOf(config);
  return {
    schemaVersion: DECISION_RECORD_VERSION,
    decision: summaryOf(decision),
    input: {
      config: JSON.stringify(config),
      situation: {
        state,
        reports: reports.filter(({ observer }) => observers.includes(observer)),
        ...(before === undefined ? {} : { decision: summaryOf(before) }),
      },
      nowEpochMs,
    },
  };
}

/** A verdict without its evidence. */
export function summaryOf({ evidence: _, ...decision }: Decision): PastDecision {
  return decision;
}
