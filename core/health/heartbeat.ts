import type { CheckAssessment } from './check-assessment.ts';

/** Signs of life of a Region in the coordination table, and what its front door does meanwhile. */
export interface Heartbeat {
  readonly subject: string;
  readonly nowEpochMs: number;
  /** When its own observer last reported, epoch ms; undefined where it never did. */
  readonly ownReportAtEpochMs: number | undefined;
  /** Since when its writers would have renewed their lease if they could, epoch ms; undefined where they hold none. */
  readonly writersDueEpochMs?: number | undefined;
  readonly frontDoor: CheckAssessment | undefined;
  readonly quorum: number;
  /** How long an observer may say nothing, ms. */
  readonly silentAfterMs: number;
}

/**
 * Whether a Region reaches the coordination table, where its document does not say so: not, where both its observer and its
 * writers have fallen silent there while its front door answers everybody else. One of the two alone may be a fault of
 * its own, and moves nothing.
 */
export function judgeHeartbeat(signal: CheckAssessment, heartbeat: Heartbeat): CheckAssessment {
  const { nowEpochMs, ownReportAtEpochMs, writersDueEpochMs, silentAfterMs } = heartbeat;
  if (signal.status !== 'unknown' || ownReportAtEpochMs === undefined || writersDueEpochMs === undefined) return signal;
  const observerDueEpochMs = ownReportAtEpochMs + silentAfterMs;
  const silentSince = Math.max(observerDueEpochMs, writersDueEpochMs);
  if (silentSince >= nowEpochMs || !frontDoorAnswers(heartbeat, ownReportAtEpochMs)) return signal;
  const seconds = Math.round((nowEpochMs - ownReportAtEpochMs) / 1000);
  return {
    ...signal,
    status: 'failed',
    reason: `its heartbeat is stale: its observer has been silent for ${seconds} s and its write lease has run out`,
    sinceEpochMs: silentSince,
  };
}

/**
 * In everybody's newest probe, since a Region that is dying is no partition; and without a gap for as long as the Region has been
 * silent, since a table that nobody reached says nothing about one of them.
 */
function frontDoorAnswers({ frontDoor, subject, quorum }: Heartbeat, ownReportAtEpochMs: number): boolean {
  if (frontDoor?.sinceEpochMs === undefined || frontDoor.sinceEpochMs > ownReportAtEpochMs) return false;
  const answering = frontDoor.votes.filter(
    ({ observer, says, consecutiveFailures }) => observer !== subject && says === 'passed' && consecutiveFailures === 0,
  );
  return answering.length >= quorum;
}
