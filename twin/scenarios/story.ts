import type { OperationRecord } from '../../core/operation/operation-record.ts';
import type { GlobalDatabase } from '../world/global-database.ts';
import { round } from '../world/load/recovery-meter.ts';
import type { World } from '../world/world.ts';
import type { ImpossibleAction } from './actions.ts';
import type { Recorder } from './recorder.ts';
import type { Scenario } from './scenario.ts';

/** What operations are told from, wherever they ran: in a rehearsal, or as deployed. */
export interface OperationStory {
  readonly recorder: Pick<
    Recorder,
    'operations' | 'decisions' | 'answerChanges' | 'recovery' | 'states' | 'share' | 'commits' | 'failedWrites'
  > &
    Partial<Pick<Recorder, 'lastUse'>>;
  /** Left out, what was lost is not measured. */
  readonly world?: { readonly database?: Pick<GlobalDatabase, 'losses'> | undefined };
  readonly startMs: number;
  /** When the outage began that clients suffered from, epoch ms; undefined where nothing was broken. */
  readonly faultAtMs: number | undefined;
}

/** A rehearsal that is over: what its result is told from. */
export interface Story extends OperationStory {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly world: World;
  readonly recorder: Recorder;
  /** What people were to do and could not. */
  readonly impossible: readonly ImpossibleAction[];
  /** How long the rehearsal took. */
  readonly wallSeconds: number;
}

/** Whatever knows the operations. */
type WithOperations = { readonly recorder: Pick<Recorder, 'operations'> };

/** The failover that the run is about: the first that did not end ABORTED, or else the last. */
export function chosenFailover({ recorder }: WithOperations): OperationRecord | undefined {
  const failovers = recorder.operations().filter(({ kind }) => kind === 'failover');
  return failovers.find(({ status }) => status !== 'ABORTED') ?? failovers.at(-1);
}

/** The first failback. */
export function firstFailback({ recorder }: WithOperations): OperationRecord | undefined {
  return recorder.operations().find(({ kind }) => kind === 'failback');
}

/** A moment of the world as seconds of the story. */
export function secondsInto({ startMs }: Pick<Story, 'startMs'>, epochMs: number): number {
  return toSeconds(epochMs - startMs);
}

/** A duration in seconds. */
export function toSeconds(milliseconds: number): number {
  return round(milliseconds / 1000);
}
