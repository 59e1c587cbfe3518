import { round } from '../world/load/recovery-meter.ts';
import type { FailbackResult } from './result-document.ts';
import { firstFailback, type OperationStory, toSeconds } from './story.ts';

/** A rung's observed share is that of the last five minutes of its bake, or of all of it where it is shorter. */
const SHARE_WINDOW_MS = 300_000;

/** Tells the failback. */
export function tellFailback(story: OperationStory): FailbackResult {
  const record = firstFailback(story);
  if (record === undefined) return { status: 'NOT_STARTED', durationSeconds: null, rungs: [] };
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
  };
}
