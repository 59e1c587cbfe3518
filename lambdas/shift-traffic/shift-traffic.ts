import { OperationError } from '../../core/operation/errors.ts';
import { findStanding } from '../../core/operation/operation-record.ts';
import { clearEvacuation, shiftTraffic } from '../../core/operation/transitions.ts';
import type { GuardianOutcome, StepContext } from '../../core/ports.ts';
import { ENDPOINT_INTERVAL_SECONDS } from '../../core/routing/compile/health-checks.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'evacuation'>;

/** Every checker looks at a switch once an interval; after two of them all have seen it open. */
const SETTLE_SECONDS = 2 * ENDPOINT_INTERVAL_SECONDS;

/**
 * Takes the source out of the answers by its evacuation switch, which needs neither the source nor any control plane.
 * The state is written first, so that whoever resumes knows what was meant. A target that is itself out is let in
 * before, while the source still has the weight: in the other order nobody would be left.
 *
 * @throws {OperationError} `SwitchFailedError` where neither guardian took the switch.
 */
export function createShiftTraffic(context: Context): (input: StepInput) => Promise<PollOutput> {
  const { config, ports } = context;
  return async (input) => {
    const { source, target } = input.operation;
    const journal = await journalFor('shift-traffic', context, input);
    if (findStanding(journal.record, 'shift-traffic', 'switch') !== undefined) return { done: true, waitSeconds: 0 };
    const state = await journal.readState();
    if (state.evacuated.includes(target)) {
      const admitted = await ports.evacuation.admit(target, journal.holder.epoch);
      requireAll(admitted, `the switch of ${target} could not be taken back`);
      // The line first: a run that found the state cleared would shift before every checker has seen the target in.
      await journal.add('waiting', { admitted: target, guardians: admitted });
      await journal.change(clearEvacuation(journal.holder, state, target));
      return { done: false, waitSeconds: SETTLE_SECONDS };
    }
    await journal.change(shiftTraffic(config, journal.holder, { state, source, target }));
    const guardians = await ports.evacuation.evacuate(source, journal.holder.epoch);
    if (!guardians.some(({ done }) => done)) {
      throw new OperationError(
        'SwitchFailedError',
        `neither guardian of ${source} took the switch: ${reasonsOf(guardians)}`,
        {
          retryable: true,
        },
      );
    }
    await journal.add('done', { evacuated: source, guardians });
    return { done: true, waitSeconds: 0 };
  };
}

function requireAll(guardians: readonly GuardianOutcome[], what: string): void {
  if (guardians.every(({ done }) => done)) return;
  throw new OperationError('SwitchFailedError', `${what}: ${reasonsOf(guardians)}`, { retryable: true });
}

function reasonsOf(guardians: readonly GuardianOutcome[]): string {
  return guardians
    .map(({ guardian, done, reason }) => `${guardian} ${done ? 'done' : (reason ?? 'failed')}`)
    .join(', ');
}
