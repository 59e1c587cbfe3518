import type { EventOutcome, OperationRecord } from '../../core/operation/operation-record.ts';
import { findEvent } from '../../core/operation/operation-record.ts';
import type { AnswerShare } from '../world/dns.ts';
import { type Percentiles, type Recovery, round } from '../world/load/recovery-meter.ts';
import type { Recorder } from './recorder.ts';

/** Version of the document below; docs/rehearsal-result.md describes it. */
export const SCHEMA_VERSION = 1;

/** Durations of a failover's phases, seconds; `null` for one that did not happen. */
export interface Phases {
  readonly detect: number | null;
  readonly decide: number | null;
  readonly validate: number | null;
  readonly fence: number | null;
  readonly promote: number | null;
  readonly scale: number | null;
  readonly shift: number | null;
  readonly answers: number | null;
  readonly traffic: number | null;
}

export interface FailoverResult {
  readonly status: string;
  readonly source: string | null;
  readonly target: string | null;
  readonly ruleId: string | null;
  readonly epoch: number | null;
  /** From the fault to the first authoritative answer that differs. */
  readonly firstChangedAnswerSeconds: number | null;
  readonly rtoSeconds: Percentiles;
  readonly overCaching: Percentiles;
  readonly keptAlive: Percentiles;
  readonly rpoSeconds: number | null;
  readonly phases: Phases;
  readonly requests: { readonly total: number | null; readonly failed: number | null };
}

export interface RungResult {
  readonly percent: number;
  /** Of requests in the last five minutes of the bake, 0 to 1. */
  readonly observedShare: number | null;
  readonly bakedSeconds: number;
}

export interface FailbackResult {
  readonly status: string;
  readonly durationSeconds: number | null;
  readonly rungs: readonly RungResult[];
}

/** An operation as its record tells it; times in seconds of the rehearsal. */
export interface OperationResult {
  readonly operationId: string;
  readonly kind: string;
  readonly status: string;
  readonly epoch: number;
  readonly source: string;
  readonly target: string;
  readonly mode: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly openedAtSeconds: number;
  readonly endedAtSeconds: number | null;
  readonly states: readonly { readonly atSeconds: number; readonly state: string }[];
  readonly events: readonly {
    readonly atSeconds: number;
    readonly step: string;
    readonly outcome: EventOutcome;
    readonly detail: Readonly<Record<string, unknown>>;
  }[];
}

/** What a result is told from. */
export interface Story {
  readonly recorder: Recorder;
  readonly records: readonly OperationRecord[];
  readonly startMs: number;
  /** When the outage began that clients suffered from, epoch ms; undefined where nothing was broken. */
  readonly faultAtMs: number | undefined;
  /** What the clients saw up to the first failback, or to the end. */
  readonly recovery: Recovery | undefined;
  readonly rpoSeconds: number | null;
  readonly lastRuleId: string | null;
}

const NOT_MEASURED: Percentiles = { p50: null, p99: null, max: null };
const NO_PHASES: Phases = {
  detect: null,
  decide: null,
  validate: null,
  fence: null,
  promote: null,
  scale: null,
  shift: null,
  answers: null,
  traffic: null,
};

/** The failover that the run is about: the first that did not end ABORTED, or else the last. */
export function chosenFailover(records: readonly OperationRecord[]): OperationRecord | undefined {
  const failovers = records.filter(({ kind }) => kind === 'failover');
  return failovers.find(({ status }) => status !== 'ABORTED') ?? failovers.at(-1);
}

/** Tells the failover. */
export function failoverResult(story: Story): FailoverResult {
  const record = chosenFailover(story.records);
  if (record === undefined) {
    return {
      status: 'NOT_STARTED',
      source: null,
      target: null,
      ruleId: story.lastRuleId,
      epoch: null,
      firstChangedAnswerSeconds: null,
      rtoSeconds: NOT_MEASURED,
      overCaching: NOT_MEASURED,
      keptAlive: NOT_MEASURED,
      rpoSeconds: null,
      phases: NO_PHASES,
      requests: { total: null, failed: null },
    };
  }
  const succeeded = record.status === 'SUCCEEDED' ? story.recovery : undefined;
  return {
    status: record.status,
    source: record.request.source,
    target: record.request.target,
    ruleId: ruleOf(record),
    epoch: record.epoch,
    firstChangedAnswerSeconds: firstChangedAnswer(story, record),
    rtoSeconds: succeeded?.rtoSeconds ?? NOT_MEASURED,
    overCaching: succeeded?.overCaching ?? NOT_MEASURED,
    keptAlive: succeeded?.keptAlive ?? NOT_MEASURED,
    rpoSeconds: story.rpoSeconds,
    phases: phasesOf(record, story),
    requests: story.recovery?.requests ?? { total: null, failed: null },
  };
}

/** Tells the failback. */
export function failbackResult({ records, recorder }: Story): FailbackResult {
  const record = records.find(({ kind }) => kind === 'failback');
  if (record === undefined) return { status: 'NOT_STARTED', durationSeconds: null, rungs: [] };
  const baked = record.events.filter(({ step, outcome }) => step === 'check-rung' && outcome === 'done');
  return {
    status: record.status,
    durationSeconds: record.endedAtEpochMs === null ? null : seconds(record.endedAtEpochMs - record.openedAtEpochMs),
    rungs: baked.map(({ atEpochMs, detail }) => {
      const share = recorder.share(record.request.target, { fromMs: atEpochMs - SHARE_WINDOW_MS, toMs: atEpochMs });
      return {
        percent: Number(detail['percent']),
        observedShare: share === null ? null : round(share),
        bakedSeconds: Number(detail['bakedSeconds']),
      };
    }),
  };
}

/** Tells an operation, without anything that could answer a waiting task. */
export function operationResult(
  record: OperationRecord,
  { recorder, startMs }: Pick<Story, 'recorder' | 'startMs'>,
): OperationResult {
  const { operationId, kind, status, epoch, request, openedAtEpochMs, endedAtEpochMs } = record;
  const at = (ms: number): number => seconds(ms - startMs);
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
    openedAtSeconds: at(openedAtEpochMs),
    endedAtSeconds: endedAtEpochMs === null ? null : at(endedAtEpochMs),
    states: recorder.states
      .filter(({ execution }) => execution === operationId)
      .map(({ atMs, state }) => ({ atSeconds: at(atMs), state })),
    events: record.events.map(({ atEpochMs, step, outcome, detail }) => {
      const { taskToken: _, decision: __, ...facts } = detail;
      return { atSeconds: at(atEpochMs), step, outcome, detail: facts };
    }),
  };
}

/** Names of answers with their shares, rounded for reading. */
export function roundedAnswers(answers: readonly AnswerShare[]): readonly AnswerShare[] {
  return answers.map(({ value, share }) => ({ value, share: round(share) }));
}

const SHARE_WINDOW_MS = 300_000;

function ruleOf({ request }: OperationRecord): string | null {
  return request.mode === 'automatic' ? request.reason : null;
}

function firstChangedAnswer({ recorder, faultAtMs }: Story, record: OperationRecord): number | null {
  const changed = firstChangeAfter(recorder, record.openedAtEpochMs);
  return changed === undefined ? null : seconds(changed - (faultAtMs ?? record.openedAtEpochMs));
}

/** When a location first answered something else after a moment, epoch ms. */
function firstChangeAfter(recorder: Recorder, fromMs: number): number | undefined {
  return recorder.answerChanges.find(({ atMs }) => atMs > fromMs)?.atMs;
}

/** Detect, decide, validate and fence follow one another; what overlaps counts to the earlier. */
function phasesOf(record: OperationRecord, { faultAtMs, recorder }: Story): Phases {
  const { openedAtEpochMs: opened } = record;
  const at = (step: string, outcome: EventOutcome): number | undefined => findEvent(record, step, outcome)?.atEpochMs;
  const decision = findEvent(record, 'open-operation', 'done')?.detail['decision'] as
    | { evidence?: { assessedAtEpochMs?: number } }
    | undefined;
  const assessed = record.request.mode === 'automatic' ? decision?.evidence?.assessedAtEpochMs : undefined;
  const validated = at('validate-target', 'done') ?? at('validate-target', 'refused');
  const fenced = at('fence-source', 'done');
  const shifted = at('shift-traffic', 'done');
  const answered = shifted === undefined ? undefined : lastChangeBefore(recorder, at('verify-answers', 'done'));
  return {
    detect: between(faultAtMs, assessed),
    decide: between(assessed, opened),
    validate: between(opened, validated),
    fence: between(validated, fenced),
    promote: between(at('start-promotion', 'requested'), at('check-promotion', 'done')),
    scale: between(at('scale-target', 'requested'), at('check-capacity', 'done')),
    shift: between(at('scale-target', 'skipped') ?? fenced, shifted),
    answers: between(shifted, answered),
    traffic: between(answered, at('verify-traffic', 'done')),
  };
}

/** When the last location followed, by what was answered and not by when somebody asked. */
function lastChangeBefore({ answerChanges }: Recorder, verifiedAtMs: number | undefined): number | undefined {
  return verifiedAtMs === undefined ? undefined : answerChanges.findLast(({ atMs }) => atMs <= verifiedAtMs)?.atMs;
}

function between(from: number | undefined, to: number | undefined): number | null {
  return from === undefined || to === undefined ? null : seconds(to - from);
}

function seconds(ms: number): number {
  return round(ms / 1000);
}
