import { OperationError } from '../../core/operation/errors.ts';
import { findEvent, findStanding } from '../../core/operation/operation-record.ts';
import type { StepContext } from '../../core/ports.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { assertCurrentServes } from '../assert-current-serves.ts';
import { journalFor } from '../step-journal.ts';

const ASK_AGAIN_SECONDS = 10;
/** The status metric comes once a minute; ten minutes are trouble. */
const DEADLINE_SECONDS = 600;

/**
 * Looks whether Route 53 sees the original Region's check healthy again, in a minute that began after the switch was
 * opened.
 *
 * @throws {OperationError} `SwitchNotOpenError` after ten minutes.
 */
export function createCheckSwitch(
  context: StepContext<'coordination' | 'clock' | 'records'>,
): (input: StepInput) => Promise<PollOutput> {
  const { records, clock } = context.ports;
  return async (input) => {
    const { target } = input.operation;
    const journal = await journalFor('check-switch', context, input);
    if (findStanding(journal.record, 'check-switch', 'switch') !== undefined) return { done: true, waitSeconds: 0 };
    await assertCurrentServes(context, journal);
    const openedAt = findEvent(journal.record, 'open-switch', 'done')?.atEpochMs ?? journal.record.openedAtEpochMs;
    if (await records.isServing(target, openedAt)) {
      await journal.add('done', { healthy: target });
      return { done: true, waitSeconds: 0 };
    }
    const waitedSeconds = Math.round((clock.nowEpochMs() - (await journal.firstLook({ target }))) / 1000);
    if (waitedSeconds > DEADLINE_SECONDS) {
      throw new OperationError(
        'SwitchNotOpenError',
        `the check of ${target} is not healthy ${waitedSeconds} s after it was first looked at`,
      );
    }
    return { done: false, waitSeconds: ASK_AGAIN_SECONDS };
  };
}
