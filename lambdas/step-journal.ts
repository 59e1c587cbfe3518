import { type Journal, openJournal } from '../core/operation/journal.ts';
import type { StepContext } from '../core/ports.ts';
import { STEP_LIMITS, type Step, type StepInput } from '../state-machines/contracts.ts';

/** Opens the operation's log for a step, with the limits that the step's Task states have. */
export function journalFor(
  step: Step,
  { ports }: StepContext<'coordination' | 'clock'>,
  { operation }: StepInput,
): Promise<Journal> {
  return openJournal({ ...ports, operation, step, limits: STEP_LIMITS[step] });
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
