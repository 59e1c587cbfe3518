import type { OperationRecord } from '../../core/operation/operation-record.ts';
import { CLIENT_PATIENCE } from '../world/latencies.ts';
import type { WriteInterruption } from './result-document.ts';
import { type OperationStory, secondsInto, toSeconds } from './story.ts';

/** What there is to tell where nothing was fenced, or nobody has committed since. */
export const NO_INTERRUPTION: WriteInterruption = { fromSeconds: null, seconds: null, refused: null, outside: null };

/** The state in which a machine begins to take the right to commit from the source. */
const FENCE = 'FenceSource';

/** Tells how long nobody could write, by what was committed and refused and not by what the record says. */
export function tellWriteInterruption(story: OperationStory, record: OperationRecord): WriteInterruption {
  const { states, failedWrites, commits } = story.recorder;
  const fromMs = states.find(({ execution, state }) => execution === record.operationId && state === FENCE)?.atMs;
  const { target } = record.request;
  const toMs = commits().find(({ region, epoch }) => region === target && epoch === record.epoch)?.firstAtMs;
  if (fromMs === undefined || toMs === undefined) return NO_INTERRUPTION;
  // A write is known to have failed when its client gives up on it.
  const refused = failedWrites.filter((atMs) => atMs >= fromMs && atMs <= toMs + CLIENT_PATIENCE.timeoutMs).length;
  return {
    fromSeconds: secondsInto(story, fromMs),
    seconds: toSeconds(toMs - fromMs),
    refused,
    outside: failedWrites.length - refused,
  };
}
