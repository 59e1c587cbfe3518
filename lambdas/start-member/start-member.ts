import type { FleetContext } from '../../core/fleet/fleet-ports.ts';
import type { OperationRequest } from '../../core/operation/request.ts';
import type { MemberInput } from '../../state-machines/contracts-fleet.ts';

/**
 * Starts a member's own failover, which waits with its shift for the fleet's. The name follows from the fleet's
 * operation, so however often this runs there is one. A member that has left already refuses to open it, and says so.
 */
export function createStartMember({
  ports,
}: FleetContext<'coordination', 'startFailover'>): (input: MemberInput) => Promise<void> {
  return async ({ operation, application }) => {
    const { source, target, operationId } = operation;
    const record = await ports.coordination.readOperation(operationId);
    if (record === undefined) throw new RangeError(`the fleet's operation ${operationId} has no record`);
    const { reason, mode, requestedBy, acceptDataLossSeconds, ticket } = record.request;
    const input: OperationRequest = {
      ...{ application, source, target, reason, mode, requestedBy },
      ...(acceptDataLossSeconds === undefined ? {} : { acceptDataLossSeconds }),
      ...(ticket === undefined ? {} : { ticket }),
      approval: 'none',
      fleet: { operationId },
    };
    await ports.members.startFailover(application, { name: memberOperationId(application, operation.epoch), input });
  };
}

/** The operation of a member within one of its fleet. */
export function memberOperationId(application: string, fleetEpoch: number): string {
  return `${application}-with-fleet-${fleetEpoch}`;
}
