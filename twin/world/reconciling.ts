import type { AnyStep } from '../../state-machines/contracts-reconcile.ts';
import type { Execution } from '../aws/states.ts';
import type { RandomStreams } from '../random.ts';
import {
  createReconcileRuntime,
  isReconcileStep,
  type ReconcileRuntime,
  type ReconcileRuntimeSettings,
} from '../reconcile-runtime.ts';
import type { Sandbox } from '../step-functions/sandbox.ts';
import { createRegionalData, type RegionalData } from './regional-data.ts';

/** Holds the functions of the machine that reconciles, once there are any. */
export interface Reconciler {
  reconciler?: ReconcileRuntime;
}

/** Tables in every Region, and the functions that reconcile them; nothing where the config does not say what to compare. */
export function createReconciling(
  later: Reconciler,
  { random, ...settings }: Omit<ReconcileRuntimeSettings, 'tablesFrom' | 'random'> & { readonly random: RandomStreams },
): RegionalData | undefined {
  const data = createRegionalData({ ...settings, random: random.stream('tables') });
  if (data === undefined) return undefined;
  const { tablesFrom } = data;
  later.reconciler = createReconcileRuntime({ ...settings, tablesFrom, random: random.stream('reconciler') });
  return data;
}

/** One call of a function by a machine. */
export interface StepCall {
  readonly execution: Execution;
  readonly step: AnyStep;
  readonly payload: unknown;
  readonly sandbox: Sandbox;
}

/** Runs a step of the machine that reconciles; undefined where the step is of another machine. */
export function reconcile(
  { reconciler }: Reconciler,
  { execution, step, payload, sandbox }: StepCall,
): Promise<unknown> | undefined {
  if (!isReconcileStep(step)) return undefined;
  if (reconciler === undefined) throw new Error('a machine reconciles an application that has no tables');
  return reconciler.invoke(execution.region, step, payload, sandbox);
}
