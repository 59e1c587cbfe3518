import type { ResolvedConfig } from '../core/config/types.ts';
import { type Journal, openJournal, type StepLimits } from '../core/operation/journal.ts';
import type { StepContext } from '../core/ports.ts';
import { STEP_LIMITS, type Step, type StepInput } from '../state-machines/contracts.ts';

/**
 * Opens the operation's log for a step, with the limits that the step's Task states have and, behind a look at a rung, the
 * wait that the config has: a lease that outlives it only keeps others out once the machine is dead.
 */
export function journalFor(
  step: Step,
  { config, ports }: StepContext<'coordination' | 'clock'>,
  { operation }: StepInput,
): Promise<Journal> {
  return openJournal({ ...ports, operation, step, limits: limitsOf(step, config) });
}

function limitsOf(step: Step, { failback }: ResolvedConfig): StepLimits {
  if (step !== 'check-rung') return STEP_LIMITS[step];
  return { ...STEP_LIMITS[step], longestWaitSeconds: failback.checkSeconds };
}

/** Says in the log, once, that a step had nothing to do and why. */
export async function skip(
  step: Step,
  context: StepContext<'coordination' | 'clock'>,
  {
    input,
    reason,
    detail = {},
  }: { input: StepInput; reason: string; detail?: Readonly<Record<string, unknown>> | undefined },
): Promise<void> {
  const journal = await journalFor(step, context, input);
  if (journal.find('skipped') === undefined) await journal.add('skipped', { reason, ...detail });
}

/** Whether the operation has given the application back with an end on record: then a step that ends it has run before. */
export async function hasEnded({ ports }: StepContext<'coordination'>, { operation }: StepInput): Promise<boolean> {
  const state = await ports.coordination.readState();
  if (state.operationId === operation.operationId) return false;
  const record = await ports.coordination.readOperation(operation.operationId);
  return (record?.endedAtEpochMs ?? null) !== null;
}
