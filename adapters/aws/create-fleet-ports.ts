import { type Deployment, names } from '../../core/config/names.ts';
import type { FleetPorts, Members } from '../../core/fleet/fleet-ports.ts';
import { initialFleetState } from '../../core/fleet/fleet-state.ts';
import type { ResolvedFleet } from '../../core/fleet/fleet-types.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { Clock, Coordination, EvacuationSwitch, StateMachines, Telemetry } from '../../core/ports.ts';
import { type ClientSettings, s3Client, stepFunctionsClient } from './clients.ts';
import { createCoordination } from './dynamodb-coordination.ts';
import { replicaSender } from './nearest-replica.ts';
import { perRegion } from './per-region.ts';
import { createFleetSwitch, createS3Evacuation } from './s3-evacuation.ts';
import { createStepFunctions } from './step-functions.ts';

/** Where a function of a fleet runs and what it is made for. */
export interface FleetEnvironment {
  readonly fleet: ResolvedFleet;
  readonly deployment: Deployment;
  /** The Region the function runs in. */
  readonly region: string;
  readonly clients?: ClientSettings;
}

/**
 * The composition root of a fleet's functions. A Lambda's index.ts calls the functions it needs; a twin calls this.
 */
export function createFleetPorts(
  environment: FleetEnvironment,
  surroundings: { readonly clock: Clock; readonly telemetry: Telemetry },
): FleetPorts {
  return {
    ...surroundings,
    coordination: fleetCoordinationPort(environment),
    fleetSwitch: fleetSwitchPort(environment),
    members: {
      ...memberCoordination(environment),
      ...memberSwitches(environment),
      ...memberMachines(environment),
    },
  };
}

/** The fleet's own table, by whichever replica answers. */
export function fleetCoordinationPort(environment: FleetEnvironment): Coordination {
  const { fleet } = environment;
  const initial = () => initialFleetState({ fleet: fleet.fleet, regions: fleet.regions });
  return createCoordination({ application: names.fleetApplication(fleet.fleet), initial }, senderOf(environment));
}

/** The one switch of all members. */
export function fleetSwitchPort({ fleet, deployment, clients }: FleetEnvironment): EvacuationSwitch {
  return createFleetSwitch({ fleet, deployment, clientFor: perRegion((region) => s3Client(region, clients)) });
}

/**
 * Tables of members, all by the same clients. A member's item is there before a fleet can find it: its observers write
 * it. One that has none is no member that is deployed.
 */
export function memberCoordination(environment: FleetEnvironment): Pick<Members, 'coordinationOf'> {
  const sender = senderOf(environment);
  return {
    coordinationOf: (application) => {
      const initial = () => {
        throw new OperationError(
          'OperationRefusedError',
          `${application} has no state; deploy it, or remove it from members`,
          {
            source: 'operator',
          },
        );
      };
      return createCoordination({ application, initial }, sender);
    },
  };
}

/** Switches of members, at the fleet's guardians, which are theirs too. */
export function memberSwitches({ fleet, deployment, clients }: FleetEnvironment): Pick<Members, 'evacuationOf'> {
  const clientFor = perRegion((region) => s3Client(region, clients));
  return {
    evacuationOf: (application) =>
      createS3Evacuation({ config: { application, evacuation: fleet.evacuation }, deployment, clientFor }),
  };
}

/** Failover machines of members in this Region. */
export function memberMachines({ deployment, region, clients }: FleetEnvironment): Pick<Members, 'startFailover'> {
  const client = stepFunctionsClient(region, clients);
  const machinesOf = (application: string): StateMachines =>
    createStepFunctions(client, (machine) => names.stateMachineArn({ application }, deployment, { region, machine }));
  return {
    startFailover: (application, { name, input }) =>
      machinesOf(application).start({ machine: 'failover', name, input }),
  };
}

function senderOf({ fleet, region, clients }: FleetEnvironment): ReturnType<typeof replicaSender> {
  return replicaSender({ config: fleet, region, ...(clients === undefined ? {} : { clients }) });
}
