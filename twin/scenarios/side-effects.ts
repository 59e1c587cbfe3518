import type { OperationRecord } from '../../core/operation/operation-record.ts';
import type { World } from '../world/world.ts';
import type { Recorder } from './recorder.ts';
import type { RehearsalResult } from './result-document.ts';

/** All that a run has done to the world, and nothing of when. Two runs with the same side effects did the same. */
export interface SideEffects {
  /** Requests that the data tier got to move its writer. */
  readonly promotions: number;
  /** Changes of a switch's objects. */
  readonly switchChanges: number;
  /** The zone's own count of the batches that were written to it: `<epoch>.<sequence>`. */
  readonly recordBatches: readonly (string | null)[];
  readonly weights: readonly (number | null)[];
  readonly answers: RehearsalResult['answers']['atEnd'];
  /** Who serves, who writes under which epoch, who is out, and what is still to be done. */
  readonly state: Readonly<Record<string, unknown>>;
  /** How each operation ended that was not refused. */
  readonly operations: readonly string[];
  /** What the steps of those operations say that they did. */
  readonly done: readonly string[];
  /** The kinds of messages that people got; one may come twice. Those about a lost execution are left out. */
  readonly messages: readonly string[];
}

/** Messages about the crash itself. */
const ABOUT_ENDS = '[STOPPED]';

/** Tells what a run has done. */
export function tellSideEffects(
  { world: facts, answers }: RehearsalResult,
  { world, recorder }: { readonly world: World; readonly recorder: Recorder },
): SideEffects {
  const { 'rds:FailoverGlobalCluster': failovers = 0, 'rds:SwitchoverGlobalCluster': switchovers = 0 } =
    world.aws.counts();
  const operations = recorder.operations().filter(({ status }) => status !== 'ABORTED');
  return {
    promotions: failovers + switchovers,
    switchChanges: recorder.evacuations.length,
    recordBatches: facts.records.filter(({ weight }) => weight === null).map(({ value }) => value),
    weights: facts.records.flatMap(({ weight }) => (weight === null ? [] : [weight])),
    answers: answers.atEnd,
    state: standing(recorder),
    operations: operations.map(({ kind, status, epoch }) => `${kind} ${status} under epoch ${epoch}`),
    done: distinct(operations.flatMap(whatWasDone)),
    messages: distinct(
      recorder.notifications.map(({ subject }) => subject).filter((subject) => !subject.includes(ABOUT_ENDS)),
    ),
  };
}

function standing(recorder: Recorder): SideEffects['state'] {
  const { phase, epoch, writerEpoch, activeRegion, writerRegion, evacuated, heldOut, recordsPending, weightsPending } =
    recorder.state() ?? {};
  return { phase, epoch, writerEpoch, activeRegion, writerRegion, evacuated, heldOut, recordsPending, weightsPending };
}

/** How often somebody looked, and what was lost on the way, is no side effect. */
function whatWasDone({ kind, events }: OperationRecord): readonly string[] {
  return events
    .filter(({ outcome }) => outcome !== 'waiting' && outcome !== 'failed')
    .map(({ step, outcome, detail }) =>
      [kind, step, outcome, detail['what'] ?? detail['event'] ?? ''].join(' ').trimEnd(),
    );
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}
