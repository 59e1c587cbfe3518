import type { ResolvedConfig } from '../config/types.ts';
import type { Assessment } from '../health/assess.ts';
import type { ApplicationState } from '../operation/application-state.ts';
import { closedGate, eligibleTarget, type GateContext } from './gates.ts';
import type { Decision } from './outcome.ts';
import { DECISION_TABLE, type DecisionRow } from './table.ts';

/** Everything a verdict is drawn from. */
export interface DecisionInput {
  readonly config: ResolvedConfig;
  /** The Region decided on: the active one. */
  readonly assessment: Assessment;
  /** The other application Regions, in order of preference. */
  readonly others: readonly Assessment[];
  readonly state: ApplicationState;
  readonly nowEpochMs: number;
}

/**
 * The verdict on the active Region. Pure and total: the same input gives the same decision, and every input gives one.
 * An automatic failover stands only while every gate is open; otherwise a person is asked, and told which gate.
 */
export function decide({ config, assessment, others, state, nowEpochMs }: DecisionInput): Decision {
  const row = matchingRow(assessment);
  const context: GateContext = { config, state, subject: assessment.subject, others, nowEpochMs };
  const gate = row.outcome === 'AUTOMATIC_FAILOVER' ? closedGate(context) : undefined;
  const reason = row.reason(assessment);
  return {
    subject: assessment.subject,
    outcome: gate === undefined ? row.outcome : 'MANUAL_REVIEW',
    ruleId: row.id,
    confidence: row.confidence,
    reason: gate === undefined ? reason : `${reason}; not started, gate ${gate.id} is closed: ${gate.because}`,
    estimatedRtoSeconds: row.estimatedRtoSeconds,
    closedGate: gate?.id ?? null,
    target: row.outcome === 'AUTOMATIC_FAILOVER' ? (eligibleTarget(context) ?? null) : null,
    decidedAtEpochMs: nowEpochMs,
    epoch: state.epoch,
    evidence: {
      assessedAtEpochMs: assessment.assessedAtEpochMs,
      checks: assessment.checks,
      metrics: assessment.metrics,
    },
  };
}

/** The first row that matches; the last one matches everything. */
export function matchingRow(assessment: Assessment): DecisionRow {
  const index = DECISION_TABLE.findIndex((row, position) =>
    row.matches(assessment, DECISION_TABLE.slice(position + 1)),
  );
  const row = DECISION_TABLE[index];
  if (row === undefined) throw new RangeError('the last row of the decision table matches everything');
  return row;
}

/** Why traffic would have to leave a Region by itself, gates apart; undefined where it would not. */
export function automaticReason(assessment: Assessment): string | undefined {
  const row = matchingRow(assessment);
  return row.outcome === 'AUTOMATIC_FAILOVER' ? `${row.id}: ${row.reason(assessment)}` : undefined;
}
