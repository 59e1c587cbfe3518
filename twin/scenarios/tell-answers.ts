import type { OperationRecord } from '../../core/operation/operation-record.ts';
import type { AnswerShare } from '../world/dns.ts';
import { round } from '../world/load/recovery-meter.ts';
import type { RehearsalResult } from './result-document.ts';
import { chosenFailover, firstFailback, type Story } from './story.ts';

/** New inverted checks are unhealthy until they have data; answers have settled after this, ms. */
export const SETTLED_AFTER_MS = 60_000;

/** Tells what was answered before, after and in the end; nothing for what did not happen. */
export function tellAnswers(story: Story): RehearsalResult['answers'] {
  const { recorder, startMs, faultAtMs, world } = story;
  const end = world.clock.nowEpochMs();
  const at = (epochMs: number): readonly AnswerShare[] =>
    recorder.answersAt(epochMs).map(({ value, share }) => ({ value, share: round(share) }));
  const after = (record: OperationRecord | undefined): readonly AnswerShare[] =>
    record === undefined ? [] : at(record.endedAtEpochMs ?? end);
  const firstOpened = recorder.operations()[0]?.openedAtEpochMs ?? end;
  return {
    before: at(Math.max(startMs + SETTLED_AFTER_MS, Math.min(faultAtMs ?? firstOpened, firstOpened) - 1)),
    afterFailover: after(chosenFailover(story)),
    afterFailback: after(firstFailback(story)),
    atEnd: at(end),
  };
}
