import { DECISION_TABLE } from '../../core/decision/table.ts';
import { findEvent, type OperationRecord } from '../../core/operation/operation-record.ts';
import { PHASES, type Phase, phaseTimes } from '../../core/operation/phases.ts';
import { type Percentiles, round } from '../world/load/recovery-meter.ts';
import type { Recorder } from './recorder.ts';
import type { FailoverResult, Phases } from './result-document.ts';
import { chosenFailover, type OperationStory, toSeconds } from './story.ts';
import { NO_INTERRUPTION, tellWriteInterruption } from './tell-write-interruption.ts';

const NOT_MEASURED: Percentiles = { p50: null, p99: null, max: null };

/** What there is to tell where nothing was started. */
const NOT_STARTED: Omit<FailoverResult, 'ruleId'> = {
  status: 'NOT_STARTED',
  source: null,
  target: null,
  epoch: null,
  firstChangedAnswerSeconds: null,
  rtoSeconds: NOT_MEASURED,
  overCaching: NOT_MEASURED,
  keptAlive: NOT_MEASURED,
  rpoSeconds: null,
  phases: {
    detect: null,
    decide: null,
    validate: null,
    fence: null,
    promote: null,
    scale: null,
    shift: null,
    answers: null,
    traffic: null,
  },
  writeInterruption: NO_INTERRUPTION,
  requests: { total: null, failed: null },
};

/** Tells the failover. What clients saw is told of one that succeeded: of another it would be no recovery. */
export function tellFailover(story: OperationStory): FailoverResult {
  const record = chosenFailover(story);
  const { recorder } = story;
  if (record === undefined) return { ...NOT_STARTED, ruleId: recorder.decisions.at(-1)?.ruleId ?? null };
  const recovery = recorder.recovery();
  const { rtoSeconds, overCaching, keptAlive } = (record.status === 'SUCCEEDED' ? recovery : undefined) ?? NOT_STARTED;
  return {
    status: record.status,
    source: record.request.source,
    target: record.request.target,
    ruleId: ruleOf(record),
    epoch: record.epoch,
    firstChangedAnswerSeconds: firstChangedAnswer(story, record),
    rtoSeconds,
    overCaching,
    keptAlive,
    rpoSeconds: lossOf(story, record),
    phases: phasesOf(story, record),
    writeInterruption: tellWriteInterruption(story, record),
    requests: recovery?.requests ?? NOT_STARTED.requests,
  };
}

/** The row that started it, or that a person named who started it by the input that the verdict's message gave them. */
function ruleOf({ request }: OperationRecord): string | null {
  return DECISION_TABLE.find(({ id }) => id === request.reason)?.id ?? null;
}

function firstChangedAnswer(
  { recorder, faultAtMs }: OperationStory,
  { openedAtEpochMs }: OperationRecord,
): number | null {
  const changed = recorder.answerChanges.find(({ atMs }) => atMs > openedAtEpochMs)?.atMs;
  return between(faultAtMs ?? openedAtEpochMs, changed);
}

/** Nothing was lost where nothing was promoted: that is not measured, and not zero. */
function lossOf({ world }: OperationStory, record: OperationRecord): number | null {
  if (world?.database === undefined || findEvent(record, 'check-promotion', 'done') === undefined) return null;
  return round(Math.max(0, ...world.database.losses().map(({ seconds }) => seconds)));
}

/** As the record tells them, from the moment of the fault and up to what was really answered. */
function phasesOf({ recorder, faultAtMs }: OperationStory, record: OperationRecord): Phases {
  const shifted = findEvent(record, 'shift-traffic', 'done');
  const verified = findEvent(record, 'verify-answers', 'done')?.atEpochMs;
  const answeredAtEpochMs = shifted === undefined ? undefined : lastChangeBefore(recorder, verified);
  const times = phaseTimes(record, { outageAtEpochMs: faultAtMs, answeredAtEpochMs });
  const seconds = PHASES.map((phase) => {
    const tookMs = times[phase];
    return [phase, tookMs === undefined ? null : toSeconds(tookMs)] as const;
  });
  return Object.fromEntries(seconds) as Record<Phase, number | null>;
}

/** When the last location followed, by what was answered and not by when somebody asked. */
function lastChangeBefore(
  { answerChanges }: Pick<Recorder, 'answerChanges'>,
  verifiedAtMs: number | undefined,
): number | undefined {
  return verifiedAtMs === undefined ? undefined : answerChanges.findLast(({ atMs }) => atMs <= verifiedAtMs)?.atMs;
}

function between(from: number | undefined, to: number | undefined): number | null {
  return from === undefined || to === undefined ? null : toSeconds(to - from);
}
