import type { CheckAssessment } from './check-assessment.ts';
import { FRESH_INTERVALS } from './check-state.ts';
import type { ObserverReport } from './report.ts';
import { ROUND_SECONDS } from './rounds.ts';

/** Signs of life of a Region in the coordination table, and what its front door does meanwhile. */
export interface Heartbeat {
  readonly subject: string;
  /** About the subject, of every observer. */
  readonly reports: readonly ObserverReport[];
  readonly nowEpochMs: number;
  /** Since when its writers would have renewed their lease if they could, epoch ms; undefined where they hold none. */
  readonly writersDueEpochMs: number | undefined;
  readonly frontDoor: CheckAssessment | undefined;
  readonly quorum: number;
}

/** An observer that has reported nothing for so long is not late any more. */
const SILENT_AFTER_MS = FRESH_INTERVALS * ROUND_SECONDS * 1000;

/**
 * Whether a Region reaches the coordination table, where its document does not say so: not, where both its observer and its
 * writers have fallen silent there while its front door answers everybody else. One of the two alone may be a fault of
 * its own, and moves nothing.
 */
export function judgeHeartbeat(signal: CheckAssessment, heartbeat: Heartbeat): CheckAssessment {
  const { subject, reports, nowEpochMs, writersDueEpochMs } = heartbeat;
  const own = reports.find(({ observer }) => observer === subject);
  if (signal.status !== 'unknown' || own === undefined || writersDueEpochMs === undefined) return signal;
  const observerDueEpochMs = own.reportedAtEpochMs + SILENT_AFTER_MS;
  const silentSince = Math.max(observerDueEpochMs, writersDueEpochMs);
  if (silentSince >= nowEpochMs || !frontDoorAnswers(heartbeat)) return signal;
  const seconds = Math.round((nowEpochMs - own.reportedAtEpochMs) / 1000);
  return {
    ...signal,
    status: 'failed',
    reason: `its heartbeat is stale: its observer has been silent for ${seconds} s and its write lease has run out`,
    sinceEpochMs: silentSince,
  };
}

/** In everybody's newest probe: a Region that is dying is no partition. */
function frontDoorAnswers({ frontDoor, subject, quorum }: Heartbeat): boolean {
  const answering = (frontDoor?.votes ?? []).filter(
    ({ observer, says, consecutiveFailures }) => observer !== subject && says === 'passed' && consecutiveFailures === 0,
  );
  return answering.length >= quorum;
}
