import { observersOf, quorumOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { CheckAssessment, Vote } from './check-assessment.ts';
import { type CheckState, type Counting, type HealthStatus, isFresh } from './check-state.ts';

/** What observers know about one check of one subject. */
export interface Judging {
  readonly name: string;
  readonly counting: Counting;
  readonly subject: string;
  /** In the order of the config's observers; undefined where one knows nothing. */
  readonly states: readonly (CheckState | undefined)[];
  readonly nowEpochMs: number;
}

/** The status that a quorum of fresh verdicts agrees on, at least one of them from outside the subject; unknown without one. */
export function judgeCheck(
  config: Pick<ResolvedConfig, 'regions' | 'vantages'>,
  { name, counting, subject, states: known, nowEpochMs }: Judging,
): CheckAssessment {
  const observers = observersOf(config);
  const states = known.map((state) =>
    state !== undefined && isFresh(counting, state, nowEpochMs) ? state : undefined,
  );
  const votes = observers.map((observer, index) => voteOf(observer, states[index]));
  const quorum = quorumOf(config, states[observers.indexOf(subject)] !== undefined);
  const status = agreedStatus(votes, { quorum, subject });
  const agreeing = states.filter((state): state is CheckState => state?.status === status);
  return {
    name,
    class: counting.class,
    status,
    reason: reasonFor(status, { votes, quorum }),
    consecutiveFailures: status === 'failed' ? failuresSeen(agreeing, quorum) : 0,
    ...(status === 'unknown' ? {} : { sinceEpochMs: sinceWhen(agreeing, quorum) }),
    ...(status === 'failed' && brokenFor(agreeing) < quorum ? { mismatch: true as const } : {}),
    votes,
  };
}

function voteOf(observer: string, state: CheckState | undefined): Vote {
  if (state === undefined) return { observer, says: 'silent', consecutiveFailures: 0, reason: 'no fresh verdict' };
  return { observer, says: state.status, consecutiveFailures: state.consecutiveFailures, reason: state.reason };
}

function agreedStatus(votes: readonly Vote[], { quorum, subject }: { quorum: number; subject: string }): HealthStatus {
  const agreed = (status: HealthStatus): boolean => {
    const agreeing = votes.filter(({ says }) => says === status);
    return agreeing.length >= quorum && agreeing.some(({ observer }) => observer !== subject);
  };
  const failed = agreed('failed');
  return agreed('passed') === failed ? 'unknown' : failed ? 'failed' : 'passed';
}

function reasonFor(status: HealthStatus, { votes, quorum }: { votes: readonly Vote[]; quorum: number }): string {
  if (status === 'passed') return '';
  if (status === 'failed') {
    return [...new Set(votes.filter(({ says }) => says === 'failed').map(({ reason }) => reason))].join('; ');
  }
  const said = { passed: 0, failed: 0, unknown: 0, silent: 0 };
  for (const { says } of votes) said[says]++;
  const words = Object.entries(said).map(([word, count]) => `${count} ${word}`);
  return `no quorum of ${quorum}: ${words.join(', ')}`;
}

/** How many of them say more than that the Region runs other revisions. */
function brokenFor(agreeing: readonly CheckState[]): number {
  return agreeing.filter(({ mismatch }) => mismatch !== true).length;
}

/** The count of the last voter that a quorum needs: one who has seen fewer takes nothing away from those who saw more. */
function failuresSeen(agreeing: readonly CheckState[], quorum: number): number {
  const counts = agreeing.map(({ consecutiveFailures }) => consecutiveFailures).toSorted((a, b) => b - a);
  return counts[quorum - 1] ?? 0;
}

/** The quorum stood from the moment its last needed voter joined. */
function sinceWhen(agreeing: readonly CheckState[], quorum: number): number {
  const moments = agreeing.map(({ sinceEpochMs }) => sinceEpochMs).toSorted((a, b) => a - b);
  return moments[quorum - 1] ?? moments.at(-1) ?? 0;
}
