import type { ResolvedConfig } from '../config/types.ts';
import type { CheckAssessment } from '../health/assess.ts';
import { applyProbe, type CheckState, type Counting, lifeMsOf, type ProbeResult } from '../health/check-state.ts';
import { judgeCheck } from '../health/judge-check.ts';

/** A state that is written once more in the place of a new one where only its count and its time differ. */
type Renewable = { -readonly [Field in keyof CheckState]: CheckState[Field] };

/** One check or signal of one Region, as all observers see it. */
export interface WatchedCheck {
  readonly name: string;
  readonly counting: Counting;
  /** What each observer knows, in the order of the config's. */
  readonly states: readonly (CheckState | undefined)[];
  /** Takes the result of a probe in. */
  note(observer: number, probe: ProbeResult, atEpochMs: number): void;
  /** Takes one result in for every observer, where all of them have had the same so far. */
  noteForAll(probe: ProbeResult, atEpochMs: number): void;
  /**
   * What a quorum makes of it now. It is judged anew only where a probe could have led to another verdict, a word has
   * expired, or all its figures are asked for; in between the same stands, since judging is pure.
   */
  judge(nowEpochMs: number): CheckAssessment;
  /** Has the next judgement take in how often it has failed by now, also where that changes no verdict. */
  forget(): void;
}

/** A check that nobody has probed. */
export function watchCheck(
  config: Pick<ResolvedConfig, 'regions' | 'vantages' | 'policy'>,
  { name, counting, subject, observers }: { name: string; counting: Counting; subject: string; observers: number },
): WatchedCheck {
  // Worked out once: most probes of a night ask no more than whether the one before still counts.
  const lifeMs = lifeMsOf(counting);
  const { writerFailures } = config.policy;
  const states: (Renewable | undefined)[] = new Array(observers).fill(undefined);
  let judged: CheckAssessment | undefined;
  let judgedAtEpochMs = 0;
  let expiresAtEpochMs = 0;

  /** When the first of the words that counted at the judgement will have expired, as they stand now. */
  const soonestExpiry = (): number => {
    let soonest = Number.POSITIVE_INFINITY;
    for (const state of states) {
      const expiry = (state?.answeredAtEpochMs ?? Number.NEGATIVE_INFINITY) + lifeMs;
      if (expiry >= judgedAtEpochMs && expiry < soonest) soonest = expiry;
    }
    return soonest;
  };

  const stillCounts = ({ answeredAtEpochMs }: CheckState, atEpochMs: number): boolean =>
    atEpochMs - answeredAtEpochMs <= lifeMs;

  /** Whether an observer's word may lead to another verdict: it changed, had expired, or begins or ceases to fail often enough. */
  const isNews = (before: CheckState, after: CheckState, atEpochMs: number): boolean =>
    before.status !== after.status ||
    (after.status === 'failed' && Math.min(before.consecutiveFailures, after.consecutiveFailures) < writerFailures) ||
    !stillCounts(before, atEpochMs);

  const note: WatchedCheck['note'] = (observer, probe, atEpochMs) => {
    const before = states[observer];
    if (before !== undefined && isOnePassMore(before, probe.result) && stillCounts(before, atEpochMs)) {
      before.consecutivePasses++;
      before.answeredAtEpochMs = atEpochMs;
      return;
    }
    const after = applyProbe(counting, before, { ...probe, atEpochMs });
    states[observer] = after;
    if (before === undefined || isNews(before, after, atEpochMs)) judged = undefined;
  };

  return {
    name,
    counting,
    states,
    note,
    noteForAll: (probe, atEpochMs) => {
      note(0, probe, atEpochMs);
      states.fill(states[0]);
    },
    judge: (nowEpochMs) => {
      if (judged !== undefined && nowEpochMs > expiresAtEpochMs) {
        expiresAtEpochMs = soonestExpiry();
        if (nowEpochMs > expiresAtEpochMs) judged = undefined;
      }
      if (judged === undefined) {
        judged = judgeCheck(config, { name, counting, subject, states, nowEpochMs });
        judgedAtEpochMs = nowEpochMs;
        expiresAtEpochMs = soonestExpiry();
      }
      return judged;
    },
    forget: () => {
      if (judged?.status === 'failed') judged = undefined;
    },
  };
}

/**
 * Whether a probe is one pass more where all is well. Most probes of a night are, and all that one changes is its count and
 * its time: `applyProbe` would give the same.
 */
function isOnePassMore({ status, consecutiveFailures }: CheckState, result: ProbeResult['result']): boolean {
  return result === 'passed' && status === 'passed' && consecutiveFailures === 0;
}
