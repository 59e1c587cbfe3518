import { findStanding } from '../../core/operation/operation-record.ts';
import { clearEvacuation } from '../../core/operation/transitions.ts';
import type { StepContext } from '../../core/ports.ts';
import { SWITCH_SETTLE_SECONDS } from '../../core/routing/compile/health-checks.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { admitRegion, leaveRegion } from '../region-switch.ts';
import { journalFor } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'evacuation'>;

/**
 * Takes the source out of the answers by its evacuation switch, which needs neither the source nor any control plane. A
 * target that is itself out is let in before, while the source still has the weight: in the other order nobody would be
 * left. A guardian in the source itself may be silent then: a switch that cannot be read keeps nobody out, and the
 * reconciler takes it away once it can.
 *
 * @throws {OperationError} `SwitchFailedError` where neither guardian of a Region took its switch, or one did not let go.
 */
export function createShiftTraffic(context: Context): (input: StepInput) => Promise<PollOutput> {
  return async (input) => {
    const { source, target } = input.operation;
    const journal = await journalFor('shift-traffic', context, input);
    if (findStanding(journal.record, 'shift-traffic', 'switch') !== undefined) return { done: true, waitSeconds: 0 };
    const state = await journal.readState();
    if (state.evacuated.includes(target) || state.heldOut.includes(target)) {
      const guardians = await admitRegion(context, journal, { region: target, mayBeSilent: source });
      // The line first: a run that found the state cleared would shift before every checker has seen the target in.
      await journal.add('waiting', { admitted: target, guardians });
      await journal.change(clearEvacuation(journal.holder, state, target));
      return { done: false, waitSeconds: SWITCH_SETTLE_SECONDS };
    }
    const { guardians, heldOut } = await leaveRegion(context, journal, { state, source, target });
    await journal.add('done', { evacuated: source, guardians, ...(heldOut.length === 0 ? {} : { heldOut }) });
    return { done: true, waitSeconds: 0 };
  };
}
