import type { FleetContext } from '../../core/fleet/fleet-ports.ts';
import { returnTogether } from '../../core/fleet/fleet-state.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { FleetInput } from '../../state-machines/contracts-fleet.ts';
import { fleetJournalFor } from '../fleet-journal.ts';

/**
 * Takes the fleet's switch away, once every member's own keeps the Region out. Every guardian must let go, since any of
 * them keeps the Region out for all.
 *
 * @throws {OperationError} `SwitchFailedError` naming the guardians that did not let go.
 */
export function createReleaseFleet(
  context: FleetContext<'coordination' | 'clock' | 'fleetSwitch'>,
): (input: FleetInput) => Promise<void> {
  return async (input) => {
    const { target, epoch } = input.operation;
    const journal = await fleetJournalFor('release-fleet', context, input);
    if (journal.find('done') !== undefined) return;
    const guardians = await context.ports.fleetSwitch.admit(target, epoch);
    const holding = guardians.filter(({ done }) => !done);
    if (holding.length > 0) {
      const why = holding.map(({ guardian, reason }) => `${guardian} (${reason ?? 'failed'})`).join(', ');
      throw new OperationError('SwitchFailedError', `the fleet's switch of ${target} is still held by ${why}`, {
        retryable: true,
      });
    }
    await journal.change(returnTogether(journal.holder, await journal.readState(), target));
    await journal.add('done', { admitted: target, guardians });
  };
}
