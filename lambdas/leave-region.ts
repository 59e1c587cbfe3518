import type { ApplicationState } from '../core/operation/application-state.ts';
import { OperationError } from '../core/operation/errors.ts';
import type { Journal } from '../core/operation/journal.ts';
import { shiftTraffic } from '../core/operation/transitions.ts';
import type { GuardianOutcome, StepContext } from '../core/ports.ts';

/** What became of the switches, for the record. */
export interface LeftRegion {
  readonly state: ApplicationState;
  readonly guardians: readonly GuardianOutcome[];
  readonly heldOut: readonly string[];
}

/**
 * Takes a Region out of the answers by its evacuation switch, and with it every standby that is not to serve. The state is
 * written first, so that whoever resumes knows what was meant.
 *
 * @throws {OperationError} `SwitchFailedError` where neither guardian of a Region took its switch.
 */
export async function leaveRegion(
  { config, ports }: StepContext<'evacuation'>,
  journal: Journal,
  move: { readonly state: ApplicationState; readonly source: string; readonly target: string },
): Promise<LeftRegion> {
  const state = await journal.change(shiftTraffic(config, journal.holder, move));
  const set = await Promise.all(
    [move.source, ...state.heldOut].map(async (region) => ({
      region,
      guardians: await ports.evacuation.evacuate(region, journal.holder.epoch),
    })),
  );
  const failed = set.filter(({ guardians }) => !guardians.some(({ done }) => done));
  if (failed.length > 0) {
    const why = failed.map(
      ({ region, guardians }) => `neither guardian of ${region} took the switch: ${reasonsOf(guardians)}`,
    );
    const remedy =
      'give the functions access to a guardian bucket, or set the switch by hand (docs/runbooks/failback.md)';
    throw new OperationError('SwitchFailedError', `${why.join('; ')}; ${remedy}`, { retryable: true });
  }
  return { state, guardians: set[0]?.guardians ?? [], heldOut: state.heldOut };
}

/** What each guardian did or why it did not, in words. */
export function reasonsOf(guardians: readonly GuardianOutcome[]): string {
  return guardians
    .map(({ guardian, done, reason }) => `${guardian} ${done ? 'done' : (reason ?? 'failed')}`)
    .join(', ');
}
