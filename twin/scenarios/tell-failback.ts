import type { OperationRecord } from '../../core/operation/operation-record.ts';
import { round } from '../world/load/recovery-meter.ts';
import type { FailbackResult, RetreatResult } from './result-document.ts';
import { firstFailback, type OperationStory, secondsInto, toSeconds } from './story.ts';

/** A rung's observed share is that of the last five minutes of its bake, or of all of it where it is shorter. */
const SHARE_WINDOW_MS = 300_000;

const NO_RETREAT: RetreatResult = { atSeconds: null, lastRequestAfterSeconds: null };

/** Tells the failback. */
export function tellFailback(story: OperationStory): FailbackResult {
  const record = firstFailback(story);
  if (record === undefined) return { status: 'NOT_STARTED', durationSeconds: null, rungs: [], retreat: NO_RETREAT };
  const baked = record.events.filter(({ step, outcome }) => step === 'check-rung' && outcome === 'done');
  return {
    status: record.status,
    durationSeconds: record.endedAtEpochMs === null ? null : toSeconds(record.endedAtEpochMs - record.openedAtEpochMs),
    rungs: baked.map(({ atEpochMs, detail }) => {
      const bakedSeconds = Number(detail['bakedSeconds']);
      const span = { fromMs: atEpochMs - Math.min(SHARE_WINDOW_MS, bakedSeconds * 1000), toMs: atEpochMs };
      const share = story.recorder.share(record.request.target, span);
      return {
        percent: Number(detail['percent']),
        observedShare: share === null ? null : round(share),
        bakedSeconds,
      };
    }),
    retreat: tellRetreat(story, record),
  };
}

function tellRetreat(story: OperationStory, record: OperationRecord): RetreatResult {
  const { events, request } = record;
  if (!events.some(({ step, detail }) => step === 'retreat-failback' && detail['what'] === 'switch')) return NO_RETREAT;
  const begun =
    events.findLast(({ step, outcome }) => step === 'check-rung' && outcome === 'refused') ??
    events.find(({ step }) => step === 'retreat-failback');
  if (begun === undefined) return NO_RETREAT;
  const lastAt = story.recorder.lastUse?.(request.target, begun.atEpochMs) ?? null;
  return {
    atSeconds: secondsInto(story, begun.atEpochMs),
    lastRequestAfterSeconds: lastAt === null ? null : toSeconds(lastAt - begun.atEpochMs),
  };
}
