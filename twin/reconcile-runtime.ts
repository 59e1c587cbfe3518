import { onTableClock } from '../adapters/aws/create-ports.ts';
import { createMachinePorts } from '../adapters/aws/create-reconcile-ports.ts';
import type { MachinePorts, ReconcileContext, RegionalTables } from '../core/reconcile/machine-ports.ts';
import { createApplyRepairs } from '../lambdas/apply-repairs/apply-repairs.ts';
import { createApprovePlan } from '../lambdas/approve-plan/approve-plan.ts';
import { createCloseReconciliation } from '../lambdas/close-reconciliation/close-reconciliation.ts';
import { createFindDifferences } from '../lambdas/find-differences/find-differences.ts';
import { createListWork } from '../lambdas/list-work/list-work.ts';
import { createOpenReconciliation } from '../lambdas/open-reconciliation/open-reconciliation.ts';
import { createSealPlan } from '../lambdas/seal-plan/seal-plan.ts';
import { createVerifyRange } from '../lambdas/verify-range/verify-range.ts';
import { RECONCILE_STEPS, type ReconcileStep } from '../state-machines/contracts-reconcile.ts';
import { asLambdaError, type LambdaSettings, NO_TELEMETRY, startUp } from './lambda-runtime.ts';
import type { Sandbox } from './step-functions/sandbox.ts';

type LambdaFunction = (input: never) => Promise<unknown>;

/** Every function of the machine that reconciles, by name: the real step code. */
export const RECONCILE_FUNCTIONS: Readonly<
  Record<ReconcileStep, (context: ReconcileContext<keyof MachinePorts>) => LambdaFunction>
> = {
  'apply-repairs': createApplyRepairs,
  'approve-plan': createApprovePlan,
  'close-reconciliation': createCloseReconciliation,
  'find-differences': createFindDifferences,
  'list-work': createListWork,
  'open-reconciliation': createOpenReconciliation,
  'seal-plan': createSealPlan,
  'verify-range': createVerifyRange,
};

/** Whether a step is one of the machine that reconciles. */
export function isReconcileStep(step: string): step is ReconcileStep {
  return RECONCILE_STEPS.some((candidate) => candidate === step);
}

/** What these functions run on. */
export interface ReconcileRuntimeSettings
  extends Pick<LambdaSettings, 'config' | 'deployment' | 'clock' | 'clocks' | 'network' | 'random' | 'aws'> {
  readonly tablesFrom: (region: string, sandbox?: Sandbox) => RegionalTables;
}

/** Runs the functions of the machine that reconciles. */
export interface ReconcileRuntime {
  /** Rejects with the function's error under its own name. A dark Region never answers. */
  invoke(region: string, name: ReconcileStep, payload: unknown, sandbox?: Sandbox): Promise<unknown>;
}

/** Creates the runtime. An instance lives as long as the sandbox that it was first called from. */
export function createReconcileRuntime(settings: ReconcileRuntimeSettings): ReconcileRuntime {
  const { network } = settings;
  const instances = new WeakMap<object, Map<string, LambdaFunction>>();
  const lasting = {};
  return {
    invoke: async (region, name, payload, sandbox) => {
      if (network.isDark(region)) return new Promise(() => {});
      const made = instances.get(sandbox ?? lasting) ?? new Map<string, LambdaFunction>();
      instances.set(sandbox ?? lasting, made);
      const key = `${region}/${name}`;
      await startUp(settings, made.has(key));
      const run = made.get(key) ?? createFunction(settings, { region, name, sandbox });
      made.set(key, run);
      return run(structuredClone(payload) as never).catch((error: unknown) => {
        throw asLambdaError(error);
      });
    },
  };
}

function createFunction(
  { config, deployment, aws, clocks, tablesFrom }: ReconcileRuntimeSettings,
  { region, name, sandbox }: { region: string; name: ReconcileStep; sandbox: Sandbox | undefined },
): LambdaFunction {
  const own = { config, deployment, region, clients: aws.clientsIn(region, sandbox) };
  const { environment, clock } = onTableClock(own, { clock: clocks.of(region), telemetry: NO_TELEMETRY });
  const ports = createMachinePorts(environment, { clock, tables: tablesFrom(region, sandbox) });
  return RECONCILE_FUNCTIONS[name]({ config, deployment, region, ports });
}
