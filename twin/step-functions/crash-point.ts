import { MACHINES } from '../../state-machines/contracts.ts';
import { type AnyMachine, RECONCILE_MACHINE } from '../../state-machines/contracts-reconcile.ts';

/** The machines that can be killed: those of an application. */
export const CRASHABLE_MACHINES = [...MACHINES, RECONCILE_MACHINE] as const;
export type CrashableMachine = (typeof CRASHABLE_MACHINES)[number];

/** Whether a machine can be killed. */
export function isCrashable(machine: AnyMachine): machine is CrashableMachine {
  return CRASHABLE_MACHINES.some((candidate) => candidate === machine);
}

/**
 * Where an orchestrator is killed, the first time that it comes by: before a state has done anything; after all that its
 * task did, with no word of it in the execution's history; or after the n-th of the task's calls that changed something,
 * whose answer then reaches nobody.
 */
export interface CrashPoint {
  readonly machine: CrashableMachine;
  readonly state: string;
  readonly point: 'before' | 'after' | 'call';
  /** Which call, from 1; only for `call`. */
  readonly call?: number | undefined;
}

/** The point in words, e.g. `after call 2 of FenceSource`. */
export function describeCrashPoint({ state, point, call }: CrashPoint): string {
  return point === 'call' ? `after call ${call ?? 0} of ${state}` : `${point} ${state}`;
}

/** Points at which machines are still to be killed: each once. */
export interface CrashPlan {
  set(point: CrashPoint, on: boolean): void;
  /** Whether the machine is to be killed here; then that point is done with. */
  takes(point: CrashPoint): boolean;
}

/** No point yet. */
export function createCrashPlan(): CrashPlan {
  const points = new Map<string, CrashPoint>();
  const keyOf = ({ machine, state, point, call }: CrashPoint): string => [machine, state, point, call ?? ''].join('/');
  return {
    set: (point, on) => void (on ? points.set(keyOf(point), point) : points.delete(keyOf(point))),
    takes: (point) => points.delete(keyOf(point)),
  };
}
