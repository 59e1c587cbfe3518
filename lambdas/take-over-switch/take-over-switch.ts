import type { FleetContext } from '../../core/fleet/fleet-ports.ts';
import { type ApplicationState, isHeld } from '../../core/operation/application-state.ts';
import { OperationError } from '../../core/operation/errors.ts';
import { takeOverSwitch } from '../../core/operation/transitions.ts';
import type { MemberInput } from '../../state-machines/contracts-fleet.ts';

type Context = FleetContext<'clock', 'coordinationOf' | 'evacuationOf'>;

/**
 * Has a member's own switch keep the Region out, where the fleet's does until now, so that removing that one lets nobody
 * in. From then on the member fails back by itself. One that is on its way is waited for by a person.
 *
 * @throws {OperationError} `SwitchFailedError` where no guardian took the member's switch; `OperationRefusedError` where
 * an operation of its own is running or held.
 */
export function createTakeOverSwitch({ ports }: Context): (input: MemberInput) => Promise<void> {
  return async ({ operation, application }) => {
    const region = operation.target;
    const coordination = ports.members.coordinationOf(application);
    const state = await coordination.readState();
    requireRest(state, ports.clock.nowEpochMs());
    if (state.leftByFleet?.includes(region) !== true) return;
    const guardians = await ports.members.evacuationOf(application).evacuate(region, state.epoch);
    if (!guardians.some(({ done }) => done)) {
      const why = guardians.map(({ guardian, reason }) => `${guardian} ${reason ?? 'failed'}`).join(', ');
      throw new OperationError('SwitchFailedError', `neither guardian took the switch of ${application}: ${why}`, {
        retryable: true,
      });
    }
    if ((await coordination.transition(takeOverSwitch(state, region))) !== undefined) return;
    throw new OperationError('TransientPlatformError', `${application} changed meanwhile`, { retryable: true });
  };
}

function requireRest(state: ApplicationState, nowEpochMs: number): void {
  if (!isHeld(state, nowEpochMs) && state.phase !== 'NEEDS_OPERATOR') return;
  throw new OperationError(
    'OperationRefusedError',
    `${state.application} is in phase ${state.phase} (${state.operationId ?? 'no operation'}); settle it, then release the fleet again`,
    { source: 'operator' },
  );
}
