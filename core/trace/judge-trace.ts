import type { ResolvedConfig } from '../config/types.ts';
import { hasChanged } from '../decision/decide.ts';
import type { Decision } from '../decision/outcome.ts';
import { ROUND_SECONDS } from '../health/rounds.ts';
import { createDetector } from './detector.ts';
import type { TraceLine } from './trace-line.ts';

/** A verdict that differs from the one before in outcome, rule or gate. */
export interface Verdict {
  readonly t: number;
  readonly subject: string;
  readonly outcome: Decision['outcome'];
  readonly ruleId: string;
  readonly confidence: Decision['confidence'];
  readonly reason: string;
  readonly closedGate: string | null;
}

/**
 * What the policy decides over a trace: at every multiple of ten seconds on all lines up to it, from the first line to the
 * one with `end`, or to the first such moment that has seen every line.
 */
export function judgeTrace(config: ResolvedConfig, lines: readonly TraceLine[]): readonly Verdict[] {
  const detector = createDetector(config);
  const verdicts: Verdict[] = [];
  let before: Decision | undefined;
  let next = 0;
  for (const at of moments(lines)) {
    for (let line = lines[next]; line !== undefined && line.t <= at; line = lines[++next]) detector.take(line);
    const decision = detector.decideAt(at);
    if (hasChanged(before, decision)) verdicts.push(toVerdict(at, decision));
    before = decision;
  }
  return verdicts;
}

function* moments(lines: readonly TraceLine[]): Generator<number> {
  const first = lines[0];
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return;
  const rounds = 'end' in last ? Math.floor(last.t / ROUND_SECONDS) : Math.ceil(last.t / ROUND_SECONDS);
  for (let round = Math.ceil(first.t / ROUND_SECONDS); round <= rounds; round++) yield round * ROUND_SECONDS;
}

function toVerdict(t: number, decision: Decision): Verdict {
  const { subject, outcome, ruleId, confidence, reason, closedGate } = decision;
  return { t, subject, outcome, ruleId, confidence, reason, closedGate };
}
