import type { ResolvedConfig } from '../config/types.ts';
import type { Assessment } from '../health/assess.ts';
import type { ApplicationState } from '../operation/application-state.ts';
import { closedGate, eligibleTarget, type GateContext } from './gates.ts';
import type { Decision, PastDecision } from './outcome.ts';
import { DECISION_TABLE, type DecisionPolicy, type DecisionRow, UNKNOWN_ROW } from './table.ts';

const MINUTE_MS = 60_000;
/** For each row those below it. */
const LOWER_ROWS = DECISION_TABLE.map((_, position) => DECISION_TABLE.slice(position + 1));

/** Everything a verdict is drawn from. */
export interface DecisionInput {
  readonly config: ResolvedConfig;
  /** The Region decided on: the active one. */
  readonly assessment: Assessment;
  /** The other application Regions, in order of preference. */
  readonly others: readonly Assessment[];
  readonly state: ApplicationState;
  /** The last verdict that differed from the one before it; undefined where there is none. */
  readonly previous: PastDecision | undefined;
  readonly nowEpochMs: number;
}

/**
 * The verdict on the active Region. Pure and total: the same input gives the same decision, and every input gives one.
 * An automatic failover stands only while every gate is open; otherwise a person is asked, and told which gate.
 */
export function decide({ config, assessment, others, state, previous, nowEpochMs }: DecisionInput): Decision {
  const row = matchingRow(assessment, config);
  const { subject } = assessment;
  const before = previous?.subject === subject ? previous : undefined;
  const toBeLeft = row.id === UNKNOWN_ROW ? before?.toBeLeft === true : row.outcome === 'AUTOMATIC_FAILOVER';
  const isRaised = toBeLeft && before?.toBeLeft !== true;
  const raisedAtEpochMs = [...recentlyRaised(before, config, nowEpochMs), ...(isRaised ? [nowEpochMs] : [])];
  const context: GateContext = { config, state, subject, others, raisedAtEpochMs, nowEpochMs };
  const gate = row.outcome === 'AUTOMATIC_FAILOVER' ? closedGate(context) : undefined;
  const reason = row.reason(assessment, config);
  return {
    subject,
    outcome: gate === undefined ? row.outcome : 'MANUAL_REVIEW',
    ruleId: row.id,
    confidence: row.confidence,
    reason: gate === undefined ? reason : `${reason}; not started, gate ${gate.id} is closed: ${gate.because}`,
    estimatedRtoSeconds: row.estimatedRtoSeconds,
    closedGate: gate?.id ?? null,
    toBeLeft,
    raisedAtEpochMs,
    target: row.outcome === 'AUTOMATIC_FAILOVER' ? (eligibleTarget(context) ?? null) : null,
    decidedAtEpochMs: nowEpochMs,
    epoch: state.epoch,
    evidence: {
      assessedAtEpochMs: assessment.assessedAtEpochMs,
      checks: assessment.checks,
      signals: assessment.signals,
      metrics: assessment.metrics,
    },
  };
}

/** The first row that matches; the last one matches everything. */
export function matchingRow(assessment: Assessment, config: DecisionPolicy): DecisionRow {
  const row = DECISION_TABLE.find(({ matches }, position) => matches(assessment, config, LOWER_ROWS[position] ?? []));
  if (row === undefined) throw new RangeError('the last row of the decision table matches everything');
  return row;
}

/** Why traffic would have to leave a Region by itself, gates apart; undefined where it would not. */
export function automaticReason(assessment: Assessment, config: DecisionPolicy): string | undefined {
  const row = matchingRow(assessment, config);
  return row.outcome === 'AUTOMATIC_FAILOVER' ? `${row.id}: ${row.reason(assessment, config)}` : undefined;
}

/** Whether a verdict differs from the one before in what it says, not only in its figures. */
export function hasChanged(before: PastDecision | undefined, after: PastDecision): boolean {
  return (
    before === undefined ||
    before.subject !== after.subject ||
    before.outcome !== after.outcome ||
    before.ruleId !== after.ruleId ||
    before.closedGate !== after.closedGate
  );
}

/** Verdicts that call for something, by a machine or a person. */
export function callsForAction({ outcome }: Pick<Decision, 'outcome'>): boolean {
  return outcome === 'MANUAL_REVIEW' || outcome === 'AUTOMATIC_FAILOVER';
}

function recentlyRaised(
  before: PastDecision | undefined,
  { automation }: Pick<ResolvedConfig, 'automation'>,
  nowEpochMs: number,
): readonly number[] {
  const from = nowEpochMs - automation.flapping.windowMinutes * MINUTE_MS;
  return (before?.raisedAtEpochMs ?? []).filter((raisedAt) => raisedAt > from);
}
