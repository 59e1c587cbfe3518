import { GATES } from '../core/decision/gates.ts';
import { DECISION_TABLE } from '../core/decision/table.ts';
import { markdownTable } from './markdown-table.ts';

/** The rows of the decision table, in order. */
export function renderDecisionTable(): string {
  const rows = DECISION_TABLE.map(({ id, about, outcome, confidence, estimatedRtoSeconds }) => [
    id,
    about,
    outcome,
    confidence,
    estimatedRtoSeconds === null ? '–' : String(estimatedRtoSeconds),
  ]);
  return markdownTable(['row', 'when', 'outcome', 'confidence', 'to be over within, s'], rows);
}

/** The gates, in the order in which a closed one is named. */
export function renderGates(): string {
  return markdownTable(
    ['gate', 'open while'],
    GATES.map(({ id, openWhile }) => [id, openWhile]),
  );
}
