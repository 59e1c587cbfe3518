import type { Clock, Coordination, EvacuationSwitch, StartOutcome, Telemetry } from '../ports.ts';
import type { ResolvedFleet } from './fleet-types.ts';

/** What a fleet's machine reaches of its members, each by its name. */
export interface Members {
  /** The member's own coordination table. */
  coordinationOf(application: string): Coordination;
  /** The member's own evacuation switch, at the fleet's guardians. */
  evacuationOf(application: string): EvacuationSwitch;
  /** Starts the member's own failover machine in this Region. */
  startFailover(
    application: string,
    execution: { readonly name: string; readonly input: unknown },
  ): Promise<StartOutcome>;
}

/** Everything outside that the steps of a fleet may touch. */
export interface FleetPorts {
  readonly clock: Clock;
  /** The fleet's own coordination table. */
  readonly coordination: Coordination;
  /** The one switch of all members. */
  readonly fleetSwitch: EvacuationSwitch;
  readonly members: Members;
  readonly telemetry: Telemetry;
}

/** What a step of a fleet is made of; of its members only what it names. */
export interface FleetContext<Name extends Exclude<keyof FleetPorts, 'members'>, Of extends keyof Members = never> {
  readonly fleet: ResolvedFleet;
  readonly region: string;
  readonly ports: Pick<FleetPorts, Name> & ([Of] extends [never] ? unknown : { readonly members: Pick<Members, Of> });
}

/** Everything that a step of a fleet can be made of. */
export type WholeFleetContext = FleetContext<Exclude<keyof FleetPorts, 'members'>, keyof Members>;
