import type { OperationRecord } from '../../core/operation/operation-record.ts';
import type { OperationResult } from './result-document.ts';
import { type OperationStory, secondsInto } from './story.ts';

/** Tells an operation, without anything that could answer a waiting task. */
export function tellOperation(record: OperationRecord, story: OperationStory): OperationResult {
  const { operationId, kind, status, epoch, request, openedAtEpochMs, endedAtEpochMs } = record;
  return {
    operationId,
    kind,
    status,
    epoch,
    source: request.source,
    target: request.target,
    mode: request.mode,
    reason: request.reason,
    requestedBy: request.requestedBy,
    openedAtSeconds: secondsInto(story, openedAtEpochMs),
    endedAtSeconds: endedAtEpochMs === null ? null : secondsInto(story, endedAtEpochMs),
    states: story.recorder.states
      .filter(({ execution }) => execution === operationId)
      .map(({ atMs, state }) => ({ atSeconds: secondsInto(story, atMs), state })),
    events: record.events.map(({ atEpochMs, step, outcome, detail }) => {
      const { taskToken: _, decision: __, ...facts } = detail;
      return { atSeconds: secondsInto(story, atEpochMs), step, outcome, detail: facts };
    }),
  };
}
