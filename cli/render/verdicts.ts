import type { PastDecision } from '../../core/decision/outcome.ts';
import type { Replay } from '../../core/decision/replay.ts';
import type { Verdict } from '../../core/trace/judge-trace.ts';

const WIDEST_OUTCOME = 'AUTOMATIC_FAILOVER'.length;
const WIDEST_TIME = 10;

/** A verdict of a trace in a line for a person. */
export function renderVerdict({ t, outcome, ruleId, subject, confidence, reason }: Verdict): string {
  const time = `${t} s`.padStart(WIDEST_TIME);
  return `${time}  ${ruleId} ${outcome.padEnd(WIDEST_OUTCOME)} ${subject}, confidence ${confidence}: ${reason}`;
}

/** A kept verdict and what becomes of it when it is drawn again. */
export function renderReplay({ kept, replayed, same }: Replay): string {
  if (same) return `${renderDecision(replayed)}\nthe same verdict as the one that was kept`;
  return `kept:     ${renderDecision(kept)}\nreplayed: ${renderDecision(replayed)}`;
}

function renderDecision({ ruleId, outcome, subject, confidence, reason }: PastDecision): string {
  return `${ruleId} ${outcome} ${subject}, confidence ${confidence}: ${reason}`;
}
