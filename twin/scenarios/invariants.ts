import { parseEndpoint } from '../../core/config/endpoint.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { findEvent, type OperationRecord } from '../../core/operation/operation-record.ts';
import type { AnswerChange, Recorder } from './recorder.ts';
import type { JudgedExpectation } from './result-document.ts';

/** What the invariants are judged on. */
export interface InvariantSight {
  readonly config: ResolvedConfig;
  readonly recorder: Recorder;
  readonly records: readonly OperationRecord[];
}

interface Invariant {
  readonly text: string;
  /** What was found against it. */
  readonly violations: (sight: InvariantSight) => readonly string[];
}

/** Checked in every run, whatever the scenario expects. */
const INVARIANTS: readonly Invariant[] = [
  { text: 'no answer changed before the fence record', violations: changesBeforeFence },
  { text: 'no write was committed under an old writer epoch', violations: staleCommits },
  { text: 'no epoch had two writers', violations: doubleWriters },
  { text: 'no two Regions committed at the same time', violations: simultaneousWriters },
  { text: 'the last healthy Region was never evacuated', violations: lastHealthyEvacuated },
  { text: 'nobody was sent to a fenced Region after the answer changed', violations: answersWithFencedRegion },
  { text: 'every operation ended in a named state', violations: unendedOperations },
  { text: 'an ended operation leaves somebody who may write, or a person asked to see to it', violations: silentEnds },
];

/** Judges every invariant. */
export function judgeInvariants(sight: InvariantSight): readonly JudgedExpectation[] {
  return INVARIANTS.map(({ text, violations }) => {
    const found = violations(sight);
    return found.length === 0 ? { text, held: true } : { text, held: false, found };
  });
}

function failovers({ records }: InvariantSight): readonly OperationRecord[] {
  return records.filter(({ kind }) => kind === 'failover');
}

function fenceOf(record: OperationRecord): number | undefined {
  return findEvent(record, 'fence-source', 'done')?.atEpochMs;
}

/** While a failover has opened and not fenced, every location answers as before. */
function changesBeforeFence(sight: InvariantSight): readonly string[] {
  return failovers(sight).flatMap((record) => {
    const next = failovers(sight).find(({ openedAtEpochMs }) => openedAtEpochMs > record.openedAtEpochMs);
    // One whose execution is gone for good is followed by another, which has to fence by itself.
    const until = fenceOf(record) ?? record.endedAtEpochMs ?? next?.openedAtEpochMs ?? Number.POSITIVE_INFINITY;
    return sight.recorder.answerChanges
      .filter(
        (change) =>
          change.atMs > record.openedAtEpochMs && change.atMs <= until && leadsElsewhere(sight, change, record),
      )
      .map(
        ({ location, atMs }) => `${location} at ${atMs - record.openedAtEpochMs} ms after ${record.operationId} opened`,
      );
  });
}

/** Only an answer with the target counts: the last resort comes and goes with the endpoints, and no data go with it. */
function leadsElsewhere({ config }: InvariantSight, { answers }: AnswerChange, { request }: OperationRecord): boolean {
  return answers.some(({ value }) => value === hostOf(config, request.target));
}

/** After a fence is on record, nothing is committed under an epoch below it. */
function staleCommits({ recorder, records }: InvariantSight): readonly string[] {
  const fences = records.flatMap(({ epoch, events }) =>
    events
      .filter(({ step, outcome }) => step === 'fence-source' && outcome === 'done')
      .map(({ atEpochMs, detail }) => ({ epoch: Number(detail['writerEpoch'] ?? epoch), atMs: atEpochMs })),
  );
  return recorder
    .commits()
    .flatMap(({ region, epoch, lastAtMs }) =>
      fences
        .filter((fence) => epoch < fence.epoch && lastAtMs > fence.atMs)
        .map((fence) => `${region} committed under epoch ${epoch} after the fence of epoch ${fence.epoch}`),
    );
}

function doubleWriters({ recorder }: InvariantSight): readonly string[] {
  const writers = new Map<number, Set<string>>();
  for (const { epoch, region } of recorder.commits()) {
    writers.set(epoch, (writers.get(epoch) ?? new Set()).add(region));
  }
  return [...writers]
    .filter(([, regions]) => regions.size > 1)
    .map(([epoch, regions]) => `epoch ${epoch}: ${[...regions].join(', ')}`);
}

/** Where one writer has the right at a time, it ends in one Region before it begins in another. */
function simultaneousWriters({ recorder }: InvariantSight): readonly string[] {
  return recorder.commits().flatMap((former, index, all) =>
    all
      .slice(index + 1)
      .filter((later) => later.region !== former.region && later.firstAtMs <= former.lastAtMs)
      .map((later) => `${former.region} committed on after ${later.region} had begun to`),
  );
}

function lastHealthyEvacuated({ recorder }: InvariantSight): readonly string[] {
  return recorder.evacuations
    .filter(({ evacuated, healthy }) => healthy.length > 0 && healthy.every((region) => evacuated.includes(region)))
    .map(({ healthy }) => `${healthy.join(', ')} evacuated while nobody else was healthy`);
}

/** From the verified answers of a failover until the next operation opens, no location gives the source. */
function answersWithFencedRegion(sight: InvariantSight): readonly string[] {
  const { config, recorder, records } = sight;
  return failovers(sight).flatMap((record) => {
    const verified = findEvent(record, 'verify-answers', 'done')?.atEpochMs;
    if (verified === undefined) return [];
    const next =
      records.find(({ openedAtEpochMs }) => openedAtEpochMs > record.openedAtEpochMs)?.openedAtEpochMs ??
      Number.POSITIVE_INFINITY;
    const source = hostOf(config, record.request.source);
    return recorder.answerChanges
      .filter(({ atMs, answers }) => atMs > verified && atMs < next && answers.some(({ value }) => value === source))
      .map(({ location }) => `${location} answered with ${source} again`);
  });
}

function unendedOperations({ records }: InvariantSight): readonly string[] {
  return records
    .filter(({ status }) => status === 'RUNNING')
    .map(({ operationId }) => `${operationId} is still running`);
}

function silentEnds({ recorder }: InvariantSight): readonly string[] {
  return recorder.leftWithoutWriter.map((operationId) => `${operationId} ended, and nobody may write`);
}

function hostOf(config: ResolvedConfig, region: string): string {
  const found = config.regions.find(({ id }) => id === region);
  return found === undefined ? '' : parseEndpoint(found.endpoint).host;
}
