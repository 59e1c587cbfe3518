import { findStanding } from '../../core/operation/operation-record.ts';
import { clearEvacuation } from '../../core/operation/transitions.ts';
import type { StepContext } from '../../core/ports.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { admitRegion, heldByFleet } from '../region-switch.ts';
import { journalFor } from '../step-journal.ts';

/**
 * Lets the original Region in again. Its weight is 0 by now, so no traffic follows; before that it would have taken all
 * of it at once. Both guardians must have let go, since either keeps the Region out.
 *
 * @throws {OperationError} `SwitchFailedError` naming the guardian that did not let go, or the fleet that holds it.
 */
export function createOpenSwitch(
  context: StepContext<'coordination' | 'clock' | 'evacuation' | 'fleet'>,
): (input: StepInput) => Promise<PollOutput> {
  return async (input) => {
    const { target } = input.operation;
    const journal = await journalFor('open-switch', context, input);
    const state = await journal.readState();
    if (state.leftByFleet?.includes(target) || (await context.ports.fleet.keepsOut(target))) throw heldByFleet(target);
    const guardians = await admitRegion(context, journal, { region: target });
    await journal.change(clearEvacuation(journal.holder, state, target));
    if (findStanding(journal.record, 'open-switch', 'switch') === undefined)
      await journal.add('done', { admitted: target, guardians });
    return { done: true, waitSeconds: 0 };
  };
}
