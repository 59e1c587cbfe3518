import { OperationError } from '../../core/operation/errors.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { findEvent } from '../../core/operation/operation-record.ts';
import { CAPACITY_POLL_SECONDS } from '../../core/operation/polling.ts';
import type { StepContext } from '../../core/ports.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { raiseIfBelow, type ScaledTarget } from '../raise-if-below.ts';
import { journalFor, skip } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'scaling'>;

/**
 * Looks whether as much runs in the target as has to, and asks again for what could not be asked for. What is not known
 * does not run.
 *
 * @throws {OperationError} `CapacityNotReachedError` after the deadline of the config, naming everything that is short.
 */
export function createCheckCapacity(context: Context): (input: StepInput) => Promise<PollOutput> {
  const { scaling } = context.config;
  return async (input) => {
    if (scaling === undefined) {
      await skip('check-capacity', context, { input, reason: 'the config names nothing to scale' });
      return { done: true, waitSeconds: 0 };
    }
    const journal = await journalFor('check-capacity', context, input);
    if (journal.find('done') !== undefined) return { done: true, waitSeconds: 0 };
    const { operationId } = input.operation;
    const targets = await Promise.all(scaling.targets.map((target) => raiseIfBelow(context, target, operationId)));
    const short = targets.filter(({ running = 0, floor }) => running < floor);
    if (short.length === 0) {
      await journal.add('done', { targets });
      return { done: true, waitSeconds: 0 };
    }
    await refuseAfterDeadline(context, journal, { short, deadlineSeconds: scaling.deadlineSeconds });
    return { done: false, waitSeconds: CAPACITY_POLL_SECONDS };
  };
}

/** Counted from the request, and after a hold from the first look: whoever resumes gives it time again. */
async function refuseAfterDeadline(
  { ports }: Context,
  journal: Journal,
  { short, deadlineSeconds }: { readonly short: readonly ScaledTarget[]; readonly deadlineSeconds: number },
): Promise<void> {
  const { record } = journal;
  const requestedAt = findEvent(record, 'scale-target', 'requested')?.atEpochMs ?? record.openedAtEpochMs;
  const wasHeld = findEvent(record, 'hold-operation', 'waiting') !== undefined;
  const since = wasHeld ? await journal.firstLook({ requestedAtEpochMs: requestedAt }) : requestedAt;
  const waitedSeconds = (ports.clock.nowEpochMs() - since) / 1000;
  if (waitedSeconds <= deadlineSeconds) return;
  await journal.add('failed', { targets: short });
  const why = short.map(
    ({ name, running, floor, reason }) =>
      `${name} runs ${running ?? 'an unknown number'} of at least ${floor}${reason === undefined ? '' : ` (${reason})`}`,
  );
  throw new OperationError(
    'CapacityNotReachedError',
    `after ${Math.round(waitedSeconds)} s, ${deadlineSeconds} s are allowed: ${why.join('; ')}; bring it to its size and resume`,
  );
}
