import type { FleetContext } from '../../core/fleet/fleet-ports.ts';
import { leaveTogether } from '../../core/fleet/fleet-state.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { FleetInput } from '../../state-machines/contracts-fleet.ts';
import { fleetJournalFor } from '../fleet-journal.ts';

/**
 * Takes a Region out for every member by the fleet's one switch: one object per guardian, whatever their number. The
 * state is written first, so that whoever resumes knows what was meant.
 *
 * @throws {OperationError} `SwitchFailedError` where neither guardian took it.
 */
export function createFlipFleet(
  context: FleetContext<'coordination' | 'clock' | 'fleetSwitch'>,
): (input: FleetInput) => Promise<void> {
  const { ports } = context;
  return async (input) => {
    const { source, epoch } = input.operation;
    const journal = await fleetJournalFor('flip-fleet', context, input);
    if (journal.find('done') !== undefined) return;
    const state = await journal.readState();
    await journal.change(leaveTogether(journal.holder, state, input.operation));
    const guardians = await ports.fleetSwitch.evacuate(source, epoch);
    if (!guardians.some(({ done }) => done)) {
      const why = guardians.map(({ guardian, reason }) => `${guardian} ${reason ?? 'failed'}`).join(', ');
      throw new OperationError(
        'SwitchFailedError',
        `neither guardian took the fleet's switch of ${source}: ${why}; give the functions access to a guardian bucket`,
        { retryable: true },
      );
    }
    await journal.add('done', { evacuated: source, guardians });
  };
}
