import type { ApplicationState } from '../core/operation/application-state.ts';
import { OperationError } from '../core/operation/errors.ts';
import type { Journal } from '../core/operation/journal.ts';
import { shiftTraffic, shiftWithFleet } from '../core/operation/transitions.ts';
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
  context: StepContext<'evacuation'>,
  journal: Journal,
  move: { readonly state: ApplicationState; readonly source: string; readonly target: string },
): Promise<LeftRegion> {
  const state = await journal.change(shiftTraffic(context.config, journal.holder, move));
  const set = await setSwitches(context, journal, [move.source, ...state.heldOut]);
  return { state, guardians: set[0]?.guardians ?? [], heldOut: state.heldOut };
}

interface SetSwitch {
  readonly region: string;
  readonly guardians: readonly GuardianOutcome[];
}

async function setSwitches(
  { ports }: StepContext<'evacuation'>,
  journal: Journal,
  regions: readonly string[],
): Promise<readonly SetSwitch[]> {
  const set = await Promise.all(
    regions.map(async (region) => ({
      region,
      guardians: await ports.evacuation.evacuate(region, journal.holder.epoch),
    })),
  );
  const failed = set.filter(({ guardians }) => !guardians.some(({ done }) => done));
  if (failed.length > 0) {
    const why = failed.map(
      ({ region, guardians }) =>
        `neither guardian of ${region} took the switch: ${guardians.map(({ guardian, reason }) => `${guardian} ${reason ?? 'failed'}`).join(', ')}`,
    );
    const remedy =
      'give the functions access to a guardian bucket, or set the switch by hand (docs/runbooks/failback.md)';
    throw new OperationError('SwitchFailedError', `${why.join('; ')}; ${remedy}`, { retryable: true });
  }
  return set;
}

/**
 * Records that the fleet's switch has taken the source out. Standbys that are not to serve are still held out by the
 * application's own: the fleet knows of one Region alone.
 *
 * @throws {OperationError} `SwitchFailedError` where neither guardian of such a standby took its switch.
 */
export async function leaveWithFleet(
  context: StepContext<'evacuation'>,
  journal: Journal,
  move: { readonly state: ApplicationState; readonly source: string; readonly target: string },
): Promise<LeftRegion> {
  const state = await journal.change(shiftWithFleet(context.config, journal.holder, move));
  await setSwitches(context, journal, state.heldOut);
  return { state, guardians: [], heldOut: state.heldOut };
}

/**
 * Lets a Region in again: every guardian must have let go, since any of them keeps the Region out.
 *
 * @param mayBeSilent a guardian Region that need not answer
 * @param remedy what a person can do about one that has to
 * @throws {OperationError} `SwitchFailedError` naming the guardians that did not let go.
 */
export async function admitRegion(
  { ports }: StepContext<'evacuation'>,
  { holder }: Journal,
  { region, mayBeSilent, remedy }: { readonly region: string; readonly mayBeSilent?: string; readonly remedy?: string },
): Promise<readonly GuardianOutcome[]> {
  const guardians = await ports.evacuation.admit(region, holder.epoch);
  const holding = guardians.filter(({ done, guardian }) => !done && guardian !== mayBeSilent);
  if (holding.length === 0) return guardians;
  const why = holding.map(({ guardian, reason }) => `${guardian} (${reason ?? 'failed'})`).join(', ');
  const what = `the switch of ${region} is still held by ${why}`;
  throw new OperationError('SwitchFailedError', remedy === undefined ? what : `${what}; ${remedy}`, {
    retryable: true,
  });
}

/** Nobody but the fleet can let a Region in again that its switch keeps out. */
export function heldByFleet(region: string): OperationError {
  return new OperationError(
    'SwitchFailedError',
    `the switch of ${region} is held by the fleet; start the fleet's machine fleet-release first (docs/evacuation-switches.md)`,
    { source: 'operator' },
  );
}
