import type { FleetContext } from '../../core/fleet/fleet-ports.ts';
import { leaveTogether, staleFences } from '../../core/fleet/fleet-state.ts';
import { OperationError } from '../../core/operation/errors.ts';
import { findEvent, type OperationRecord } from '../../core/operation/operation-record.ts';
import type { FleetInput } from '../../state-machines/contracts-fleet.ts';
import { fleetJournalFor } from '../fleet-journal.ts';

type Context = FleetContext<'coordination' | 'clock' | 'fleetSwitch'>;

/**
 * Takes a Region out for every member by the fleet's one switch: one object per guardian, whatever their number. The
 * state is written first, so that whoever resumes knows what was meant.
 *
 * @throws {OperationError} `SwitchFailedError` where neither guardian took it; `OperationRefusedError` where no judgement
 * of the fences is on record, or one that is too old.
 */
export function createFlipFleet(context: Context): (input: FleetInput) => Promise<void> {
  const { ports } = context;
  return async (input) => {
    const { source, epoch } = input.operation;
    const journal = await fleetJournalFor('flip-fleet', context, input);
    if (journal.find('done') !== undefined) return;
    requireFences(context, journal.record);
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

/** Nobody is taken out on the word of an execution alone: it may have been stopped since, and be redriven. */
function requireFences({ fleet, ports }: Context, record: OperationRecord): void {
  const judged = findEvent(record, 'judge-fleet', 'done') !== undefined;
  const refused = findEvent(record, 'judge-fleet', 'refused') !== undefined;
  const why =
    judged && !refused
      ? staleFences(record, fleet, ports.clock.nowEpochMs())
      : 'the record does not say that every member is fenced; the members leave by their own switches';
  if (why === undefined) return;
  throw new OperationError('OperationRefusedError', `the fleet's switch is not set: ${why}`, { source: 'operator' });
}
