import type { ResolvedConfig } from '../core/config/types.ts';
import {
  EVENT_FUNCTIONS,
  type EventFunction,
  FLEET_STEPS,
  SCHEDULED_FUNCTIONS,
  type ScheduledFunction,
  STEPS,
  type Step,
} from '../state-machines/contracts.ts';
import { RECONCILE_STEPS } from '../state-machines/contracts-reconcile.ts';

/** Lambdas that only a deployment calls; they answer CloudFormation. */
export const DEPLOYMENT_FUNCTIONS = ['ensure-weights', 'guard-deployment', 'await-switches'] as const;
export type DeploymentFunction = (typeof DEPLOYMENT_FUNCTIONS)[number];

/** Every Lambda of the project: the folder of that name under `lambdas/` holds it. */
export type FunctionName = Step | ScheduledFunction | EventFunction | DeploymentFunction;
export const FUNCTIONS: readonly FunctionName[] = [
  ...STEPS,
  ...SCHEDULED_FUNCTIONS,
  ...EVENT_FUNCTIONS,
  ...DEPLOYMENT_FUNCTIONS,
];

/** Every Lambda of a fleet's own stacks. */
export const FLEET_FUNCTIONS: readonly string[] = [...FLEET_STEPS, 'await-switches'];

/** Every Lambda of the machine that reconciles; deployed where a config says what to compare. */
export const RECONCILE_FUNCTIONS: readonly string[] = RECONCILE_STEPS;

/** The functions that a config has deployed: those of a reconciliation only where it says what to compare. */
export function functionsOf({ reconcile }: Pick<ResolvedConfig, 'reconcile'>): readonly string[] {
  return reconcile === undefined ? FUNCTIONS : [...FUNCTIONS, ...RECONCILE_FUNCTIONS];
}

/**
 * The functions that may call the Route 53 API. It is a control plane in us-east-1, so these are best effort while a
 * Region is left, and required only on the way back, which is never urgent.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
 */
export const RECORD_FUNCTIONS: ReadonlySet<string> = new Set([
  'prepare-records',
  'write-records',
  'check-records',
  'check-switch',
  'roll-back',
  'retreat-failback',
  'reconcile-records',
]);

/** Functions whose failure is on record and fails no operation: they may call control planes, and what one Region alone has. */
const BEST_EFFORT_FUNCTIONS: ReadonlySet<string> = new Set(['adjust-load-balancers']);

/** Asked on the way back alone, which is never urgent, and before anything is changed; it holds the client of the plans too. */
const WAY_BACK_FUNCTIONS: ReadonlySet<string> = new Set(['reconcile-data', ...RECONCILE_FUNCTIONS]);

/** Whether leaving a Region depends on the function: then it may need no control plane of another Region. */
export function isOnRecoveryPath(name: string): boolean {
  if (BEST_EFFORT_FUNCTIONS.has(name) || WAY_BACK_FUNCTIONS.has(name)) return false;
  return !RECORD_FUNCTIONS.has(name) && !DEPLOYMENT_FUNCTIONS.some((deployment) => deployment === name);
}

/** Bytes that a bundle may have: a cold start reads all of it, and counts where a Region is being left. */
export const BUNDLE_LIMITS = { onRecoveryPath: 600_000, elsewhere: 850_000 } as const;

/** Bytes that the bundle of a function may have. */
export function bundleLimit(name: string): number {
  return isOnRecoveryPath(name) ? BUNDLE_LIMITS.onRecoveryPath : BUNDLE_LIMITS.elsewhere;
}
