import type { OperationRecord } from '../../core/operation/operation-record.ts';
import { round } from '../world/load/recovery-meter.ts';
import type { World } from '../world/world.ts';
import type { ImpossibleAction } from './actions.ts';
import type { Recorder } from './recorder.ts';
import type { Scenario } from './scenario.ts';

/** A rehearsal that is over: what its result is told from. */
export interface Story {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly world: World;
  readonly recorder: Recorder;
  readonly startMs: number;
  /** When the outage began that clients suffered from, epoch ms; undefined where nothing was broken. */
  readonly faultAtMs: number | undefined;
  /** What people were to do and could not. */
  readonly impossible: readonly ImpossibleAction[];
  /** How long the rehearsal took. */
  readonly wallSeconds: number;
}

/** The failover that the run is about: the first that did not end ABORTED, or else the last. */
export function chosenFailover({ recorder }: Pick<Story, 'recorder'>): OperationRecord | undefined {
  const failovers = recorder.operations().filter(({ kind }) => kind === 'failover');
  return failovers.find(({ status }) => status !== 'ABORTED') ?? failovers.at(-1);
}

/** The first failback. */
export function firstFailback({ recorder }: Pick<Story, 'recorder'>): OperationRecord | undefined {
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
